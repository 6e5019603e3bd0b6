#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/digest.h"

namespace pawl::oci {

// The folder blobs/sha256: one file a blob, named by its digest. Thread-safe, and safe between processes.
class BlobFiles {
 public:
  explicit BlobFiles(std::string folder) : folder_(std::move(folder)) {}

  // Writes the blob unless a file of its size is there already. Durable on return.
  Status put(const crypto::Digest& digest, std::string_view bytes) const;
  // Errors: kNotFound; kIntegrity, naming the digest, for other bytes; kInvalid for more than `max_bytes`.
  Result<std::string> get(const crypto::Digest& digest, std::size_t max_bytes) const;
  bool has(const crypto::Digest& digest) const;
  // Errors: kIntegrity for a file whose name is no digest; what an interrupted write left behind is passed over.
  Result<std::vector<crypto::Digest>> list() const;

 private:
  std::string path(const crypto::Digest& digest) const;
  std::string folder_;
};

}  // namespace pawl::oci
