#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/limits.h"
#include "base/result.h"
#include "core/model/release.h"
#include "crypto/digest.h"

namespace pawl::ports {

// Content-addressed bytes: an OCI layout folder or a registry. Thread-safe.
class Blobs {
 public:
  virtual ~Blobs() = default;

  // Stores `bytes` durably and returns its descriptor; storing what is there already is cheap and fine.
  virtual Result<model::Descriptor> put(const Context& context, std::string_view media_type,
                                        std::string_view bytes) = 0;
  // Returns the bytes, checked against the digest. Errors: kNotFound; kIntegrity naming the digest; kInvalid too large.
  virtual Result<std::string> get(const Context& context, const crypto::Digest& digest,
                                  std::size_t max_bytes = limits::kBlobBytes) = 0;
  virtual Result<bool> has(const Context& context, const crypto::Digest& digest) = 0;
  // Every digest that is stored, in order; for checking all of it. Names of files that are no digest are kIntegrity.
  virtual Result<std::vector<crypto::Digest>> list(const Context& context) = 0;

  // Names a manifest (OCI tag), replacing an earlier one of the name.
  virtual Status tag(const Context& context, std::string_view name, const model::Descriptor& manifest) = 0;
  virtual Result<std::optional<model::Descriptor>> resolve(const Context& context, std::string_view name) = 0;
  // Every name with its manifest, once all that is kept beside blobs (names, and what is attached to what) was checked:
  // each must tell the truth about a manifest that is stored. Errors: kIntegrity naming the file.
  virtual Result<std::map<std::string, model::Descriptor>> names(const Context& context) = 0;

  // Attaches a signed record (Sigstore bundle bytes) to `subject` as an OCI referrer of `artifact_type`; idempotent.
  // Returns the record's manifest descriptor.
  virtual Result<model::Descriptor> attach(const Context& context, const model::Descriptor& subject,
                                           std::string_view artifact_type, std::string_view bytes) = 0;
  struct Attached {
    model::Descriptor manifest;
    std::string bytes;  // the record
  };
  // Everything attached to `subject`, in digest order. Two writers never lose each other's.
  virtual Result<std::vector<Attached>> attached(const Context& context, const crypto::Digest& subject,
                                                 std::string_view artifact_type) = 0;
};

}  // namespace pawl::ports
