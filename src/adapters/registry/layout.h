#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "format/reference.h"
#include "os/http.h"

namespace pawl::registry {

// An OCI image layout (image-spec "OCI Image Layout") as a mirror: a folder of blobs and an index.json that names
// images in full, "docker.io/library/redis:7.4", in org.opencontainers.image.ref.name or io.containerd.image.name. A
// layout of manifests alone is enough for locking. Nothing in it is believed more than a registry is.

// What a registry would answer for the manifest that `version` (a tag or a digest) names: its bytes and their type; 404
// where it is not here. Errors: kInvalid for a folder that is no layout, and for an image that is named twice.
Result<os::HttpResponse> layout_manifest(const std::string& folder, const format::ImageReference& reference,
                                         const std::string& version);
// The same for any blob. Errors: kInvalid past `max_bytes`.
Result<os::HttpResponse> layout_blob(const std::string& folder, const crypto::Digest& digest, std::size_t max_bytes);
// The tags under which images of the repository stand there.
Result<std::vector<std::string>> layout_tags(const std::string& folder, const format::ImageReference& repository);

}  // namespace pawl::registry
