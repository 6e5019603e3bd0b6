#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/digest.h"

namespace pawl::format {

// An OCI image reference, normalised as container runtimes do: "redis" is docker.io/library/redis.
struct ImageReference {
  std::string registry;    // host[:port], lower case: "docker.io"
  std::string repository;  // "library/redis"
  std::string tag;         // may be empty
  std::optional<crypto::Digest> digest;
  std::string familiar;  // the name as it was written, without tag and digest: "redis"

  // registry/repository, without tag and digest.
  std::string name() const { return registry + "/" + repository; }
  auto operator<=>(const ImageReference&) const = default;
};

// Reads "[host[:port]/]path[:tag][@digest]" (distribution reference grammar). Errors: kInvalid, digests other than
// well-formed sha256 included.
Result<ImageReference> parse_image_reference(std::string_view text);

// The pinned form that manifests carry: the name as written, then ":tag" if there is one, then "@sha256:...".
std::string render_pinned(const ImageReference& reference, const crypto::Digest& digest);

}  // namespace pawl::format
