#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/model/lock.h"
#include "crypto/digest.h"
#include "format/reference.h"
#include "os/http.h"

namespace pawl::registry {

struct Manifest {
  std::string media_type;
  crypto::Digest digest;
  std::string bytes;
};

// Every type of manifest and index that is read, as an Accept header says it.
inline constexpr std::string_view kManifestTypes =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

// Judges an answer to a request for `version` (a tag or a digest): digest of the bytes against Docker-Content-Digest
// and the one asked for, Content-Type against mediaType and against what the document is. Errors: kIntegrity, kInvalid
// for what is no JSON.
Result<Manifest> check_manifest(const format::ImageReference& reference, const std::string& version,
                                os::HttpResponse response);

// Whether `bytes` are the blob that was asked for. Errors: kIntegrity.
Status check_blob(const format::ImageReference& reference, const crypto::Digest& digest, std::string_view bytes);

// The platforms of an index with their manifests' digests, sorted; empty for a single manifest. Where a platform stands
// twice the first one counts, as it does for container runtimes; Windows versions are platforms of their own.
Result<std::vector<model::LockedPlatform>> platforms_of(const Manifest& manifest);

}  // namespace pawl::registry
