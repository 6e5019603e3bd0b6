#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/memory/fault.h"
#include "ports/sources.h"

namespace pawl::memory {

// A registry in memory: images by name and tag, source trees by name. Tags can be moved, as real ones are. Thread-safe.
class SourceReader : public ports::SourceReader {
 public:
  explicit SourceReader(Fault fault = {}) : fault_(std::move(fault)) {}

  // Makes "redis:7.4" (as it is written) name an image whose manifest has these bytes; returns their digest.
  crypto::Digest set_image(const std::string& reference, const std::string& manifest);
  // Makes the source of this name resolve to `version` with these files.
  void set_source(const std::string& name, const std::string& version, ports::FileTree files);

  Result<model::LockedImage> resolve_image(const Context& context, const format::ImageReference& reference) override;
  Result<std::vector<std::string>> list_tags(const Context& context, const format::ImageReference& repository) override;
  Result<model::LockedSource> resolve(const Context& context, const model::Source& source) override;
  Result<ports::FileTree> fetch(const Context& context, const model::Source& source,
                                const model::LockedSource& locked) override;
  Result<std::string> fetch_manifest(const Context& context, const format::ImageReference& reference,
                                     const crypto::Digest& digest) override;
  // There are no blobs in this registry beside manifests.
  Result<std::string> fetch_blob(const Context& context, const format::ImageReference& reference,
                                 const crypto::Digest& digest, std::size_t) override {
    return fetch_manifest(context, reference, digest);
  }
  // Nor is there a chart repository.
  Result<std::string> fetch_archive(const Context&, const model::LockedSource& locked) override {
    return Error(ErrorCode::kNotFound, "there is no chart at " + locked.url);
  }

 private:
  struct Tree {
    std::string version;
    ports::FileTree files;
  };
  Status enter(const Context& context, std::string_view call);

  Fault fault_;
  std::mutex mutex_;
  std::map<std::string, std::map<std::string, crypto::Digest>> tags_;  // repository -> tag -> digest
  std::map<crypto::Digest, std::string> manifests_;
  std::map<std::string, Tree> sources_;
};

}  // namespace pawl::memory
