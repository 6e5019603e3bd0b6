#include "engine/vendor.h"

#include "core/bundle/images.h"
#include "core/model/artifact.h"
#include "format/json.h"
#include "format/reference.h"
#include "format/tar.h"
#include "ports/packed.h"

namespace pawl::engine {

namespace {

// The name under which the files of a tree are found by the tree's digest, which is not the blob's.
std::string files_tag(const crypto::Digest& tree) { return "source-" + tree.hex(); }

constexpr std::string_view kBytesType = "application/octet-stream";

bool is_tree(const model::LockedSource& locked) { return locked.kind == "git" || locked.kind == "files"; }

bool is_unreachable(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeout;
}

// The blob of `digest`, out of the store or, the first time, from `fetch`.
template <class Fetch>
Result<std::string> kept(ports::Blobs& blobs, const Context& context, const crypto::Digest& digest,
                         std::string_view media_type, std::size_t max_bytes, Fetch fetch) {
  PAWL_ASSIGN(bool there, blobs.has(context, digest));
  if (there) return blobs.get(context, digest, max_bytes);
  PAWL_ASSIGN(std::string bytes, fetch());
  PAWL_TRY(blobs.put(context, media_type, bytes));
  return bytes;
}

Result<std::optional<format::FileTree>> stored_files(ports::Blobs& blobs, const Context& context,
                                                     const crypto::Digest& tree) {
  PAWL_ASSIGN(std::optional<model::Descriptor> tar, blobs.resolve(context, files_tag(tree)));
  if (!tar) return std::optional<format::FileTree>();
  PAWL_ASSIGN(std::string bytes, blobs.get(context, tar->digest));
  PAWL_ASSIGN(format::FileTree files, format::read_tar(bytes));
  if (format::tree_digest(files) == tree) return std::optional<format::FileTree>(std::move(files));
  return Error(ErrorCode::kIntegrity, "the files stored as " + files_tag(tree) + " are others",
               "pawl lock --vendor, once the store is mended");
}

Status keep_files(ports::Blobs& blobs, const Context& context, const format::FileTree& files,
                  const crypto::Digest& tree) {
  PAWL_ASSIGN(model::Descriptor tar, blobs.put(context, model::kFilesType, format::write_tar(files)));
  return blobs.tag(context, files_tag(tree), tar);
}

// The configuration that an image's manifest names; nothing in an index.
std::optional<crypto::Digest> config_of(const std::string& manifest) {
  format::Arena arena;
  Result<format::Value> root = format::parse_json(arena, manifest, {.max_bytes = limits::kManifestBytes});
  const format::Value* config = root ? root->at_path({"config", "digest"}) : nullptr;
  Result<crypto::Digest> digest = crypto::Digest::parse(config == nullptr ? "" : config->string_or_empty());
  return digest ? std::optional<crypto::Digest>(*digest) : std::nullopt;
}

class VendoredSources final : public ports::SourceReader {
 public:
  VendoredSources(std::shared_ptr<ports::SourceReader> origin, std::shared_ptr<ports::Blobs> blobs,
                  LockedAnswers* answers)
      : origin_(std::move(origin)), blobs_(std::move(blobs)), answers_(answers) {}

  Result<model::LockedImage> resolve_image(const Context& context, const format::ImageReference& reference) override {
    Result<model::LockedImage> asked = origin_->resolve_image(context, reference);
    if (asked || answers_ == nullptr || !is_unreachable(asked.error())) return asked;
    std::string key = bundle::lock_key(reference);
    const model::LockedImage* known = answers_->lock.find_image(key);
    if (known == nullptr) return asked;
    PAWL_ASSIGN(bool whole, has_image(context, *known));
    return whole ? noted(key, asked.error(), *known) : asked;
  }

  Result<std::vector<std::string>> list_tags(const Context& context,
                                             const format::ImageReference& repository) override {
    return origin_->list_tags(context, repository);
  }

  Result<model::LockedSource> resolve(const Context& context, const model::Source& source) override {
    Result<model::LockedSource> asked = origin_->resolve(context, source);
    if (asked || answers_ == nullptr || !is_unreachable(asked.error())) return asked;
    const model::LockedSource* known = answers_->lock.find_source(source.name);
    if (known == nullptr || !known->digest) return asked;
    PAWL_ASSIGN(bool whole, has_source(context, *known));
    return whole ? noted(source.name, asked.error(), *known) : asked;
  }

  Result<format::FileTree> fetch(const Context& context, const model::Source& source,
                                 const model::LockedSource& locked) override {
    if (ports::is_packed(locked)) return ports::fetch_packed(*this, context, locked);
    // The user's own folder is asked first: a change in it must be noticed.
    bool elsewhere = locked.kind != "files" && locked.digest.has_value();
    if (elsewhere) {
      PAWL_ASSIGN(std::optional<format::FileTree> files, stored_files(*blobs_, context, *locked.digest));
      if (files) return std::move(*files);
    }
    PAWL_ASSIGN(format::FileTree files, origin_->fetch(context, source, locked));
    // Kept, so that rendering asks the network once for a version and never again.
    if (elsewhere && is_tree(locked)) PAWL_TRY(keep_files(*blobs_, context, files, *locked.digest));
    return files;
  }

  Result<std::string> fetch_manifest(const Context& context, const format::ImageReference& reference,
                                     const crypto::Digest& digest) override {
    return kept(*blobs_, context, digest, model::kManifestType, limits::kManifestBytes,
                [&] { return origin_->fetch_manifest(context, reference, digest); });
  }

  Result<std::string> fetch_blob(const Context& context, const format::ImageReference& reference,
                                 const crypto::Digest& digest, std::size_t max_bytes) override {
    return kept(*blobs_, context, digest, kBytesType, max_bytes,
                [&] { return origin_->fetch_blob(context, reference, digest, max_bytes); });
  }

  Result<std::string> fetch_archive(const Context& context, const model::LockedSource& locked) override {
    return kept(*blobs_, context, *locked.digest, kBytesType, limits::kChartBytes,
                [&] { return origin_->fetch_archive(context, locked); });
  }

 private:
  template <class Locked>
  Locked noted(const std::string& name, const Error& error, const Locked& locked) {
    std::lock_guard lock(answers_->mutex);
    answers_->notes.push_back(name + " was taken from the store, because nobody could be asked: " + error.message);
    return locked;
  }

  Result<bool> has_image(const Context& context, const model::LockedImage& image) {
    PAWL_ASSIGN(bool whole, blobs_->has(context, image.digest));
    for (const model::LockedPlatform& platform : image.platforms) {
      PAWL_ASSIGN(bool there, blobs_->has(context, platform.digest));
      whole = whole && there;
    }
    return whole;
  }

  Result<bool> has_source(const Context& context, const model::LockedSource& source) {
    if (ports::is_packed(source)) return has_packed(context, source);
    if (!is_tree(source)) return blobs_->has(context, *source.digest);
    PAWL_ASSIGN(std::optional<format::FileTree> files, stored_files(*blobs_, context, *source.digest));
    return files.has_value();
  }

  Result<bool> has_packed(const Context& context, const model::LockedSource& source) {
    PAWL_ASSIGN(bool whole, blobs_->has(context, *source.digest));
    if (!whole || !source.url.empty()) return whole;
    PAWL_ASSIGN(std::string manifest, blobs_->get(context, *source.digest, limits::kManifestBytes));
    PAWL_ASSIGN(std::vector<model::Descriptor> layers, model::artifact_layers(manifest));
    for (const model::Descriptor& layer : layers) {
      PAWL_ASSIGN(bool there, blobs_->has(context, layer.digest));
      whole = whole && there;
    }
    return whole;
  }

  std::shared_ptr<ports::SourceReader> origin_;
  std::shared_ptr<ports::Blobs> blobs_;
  LockedAnswers* answers_;
};

// One manifest, and the configuration that it names. What the world's sources fetch they keep.
Status vendor_manifest(World& world, const Context& context, const format::ImageReference& reference,
                       const crypto::Digest& digest) {
  PAWL_ASSIGN(std::string manifest, world.sources->fetch_manifest(context, reference, digest));
  std::optional<crypto::Digest> config = config_of(manifest);
  if (config) PAWL_TRY(world.sources->fetch_blob(context, reference, *config));
  return {};
}

Status vendor_image(World& world, const Context& context, const model::LockedImage& image) {
  PAWL_ASSIGN(format::ImageReference reference, format::parse_image_reference(image.reference));
  PAWL_TRY(vendor_manifest(world, context, reference, image.digest));
  for (const model::LockedPlatform& platform : image.platforms)
    PAWL_TRY_WITHIN(vendor_manifest(world, context, reference, platform.digest), "vendoring " + platform.platform);
  return {};
}

Status vendor_files(World& world, const Context& context, const model::Source& source,
                    const model::LockedSource& locked) {
  PAWL_ASSIGN(format::FileTree files, world.sources->fetch(context, source, locked));
  return keep_files(*world.blobs, context, files, *locked.digest);
}

Status vendor_packed(World& world, const Context& context, const model::LockedSource& locked) {
  PAWL_TRY(ports::fetch_packed(*world.sources, context, locked));
  if (!locked.url.empty()) return {};
  PAWL_ASSIGN(format::ImageReference repository, ports::repository_of(locked));
  return vendor_manifest(world, context, repository, *locked.digest);
}

Status vendor_source(World& world, const Context& context, const model::Source& source,
                     const model::LockedSource& locked) {
  if (!locked.digest) return {};
  if (is_tree(locked)) return vendor_files(world, context, source, locked);
  if (ports::is_packed(locked)) return vendor_packed(world, context, locked);
  PAWL_ASSIGN(format::ImageReference repository, ports::repository_of(locked));
  return vendor_manifest(world, context, repository, *locked.digest);
}

}  // namespace

Status vendor(World& world, const Context& context, const model::Content& content, const model::Lock& lock) {
  for (const model::LockedImage& image : lock.images)
    PAWL_TRY_WITHIN(vendor_image(world, context, image), "vendoring " + image.reference);
  for (const model::Source& source : content.sources) {
    const model::LockedSource* locked = lock.find_source(source.name);
    if (locked == nullptr) continue;
    PAWL_TRY_WITHIN(vendor_source(world, context, source, *locked), "vendoring source " + source.name);
  }
  return {};
}

std::shared_ptr<ports::SourceReader> vendored_sources(const World& world, LockedAnswers* answers) {
  return std::make_shared<VendoredSources>(world.sources, world.blobs, answers);
}

}  // namespace pawl::engine
