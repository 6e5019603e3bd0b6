#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/limits.h"
#include "base/result.h"
#include "core/model/content.h"
#include "core/model/lock.h"
#include "crypto/digest.h"
#include "format/file_tree.h"
#include "format/reference.h"

namespace pawl::ports {

using format::FileTree;
using format::TreeFile;

// Answers what a name stands for now. Only `lock` asks; nothing is resolved again afterwards. Thread-safe.
class SourceReader {
 public:
  virtual ~SourceReader() = default;

  // Asks the registry what the reference's tag (or digest) names. Errors: kNotFound, kDenied (credentials),
  // kUnavailable, kIntegrity (bytes that are not their digest, media types that disagree).
  virtual Result<model::LockedImage> resolve_image(const Context& context, const format::ImageReference& reference) = 0;
  virtual Result<std::vector<std::string>> list_tags(const Context& context,
                                                     const format::ImageReference& repository) = 0;
  // Resolves a source that the project names: exact tag, range or pattern for images, artifacts and Git tags.
  virtual Result<model::LockedSource> resolve(const Context& context, const model::Source& source) = 0;
  // The files of a locked source; checked against its digest. Errors: kIntegrity for other bytes under the digest.
  virtual Result<FileTree> fetch(const Context& context, const model::Source& source,
                                 const model::LockedSource& locked) = 0;
  // Fetches a locked image's manifest bytes by digest, checked; for --vendor and for telling that it still exists.
  virtual Result<std::string> fetch_manifest(const Context& context, const format::ImageReference& reference,
                                             const crypto::Digest& digest) = 0;
  // Fetches a blob of a repository by digest, checked: an image's configuration, an artifact's layer. Errors: as
  // resolve_image(); kInvalid past `max_bytes`.
  virtual Result<std::string> fetch_blob(const Context& context, const format::ImageReference& reference,
                                         const crypto::Digest& digest,
                                         std::size_t max_bytes = limits::kManifestBytes) = 0;
  // Fetches the .tgz of a chart that is locked by its `url`, checked. Errors: as fetch().
  virtual Result<std::string> fetch_archive(const Context& context, const model::LockedSource& locked) = 0;
};

}  // namespace pawl::ports
