#include "adapters/registry/sources.h"

#include <algorithm>

#include "adapters/registry/client.h"
#include "base/text.h"
#include "format/glob.h"
#include "format/json.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::registry {

Config config_from_environment() {
  Config config;
  config.docker_config = os::environment("DOCKER_CONFIG")
                             .value_or(os::join_path(os::environment("HOME").value_or("/nonexistent"), ".docker"));
  std::string mirrors = os::environment("PAWL_REGISTRY_MIRRORS").value_or("");
  for (std::string_view entry : split(mirrors, ',')) {
    std::size_t equals = entry.find('=');
    if (equals != std::string_view::npos)
      config.mirrors[std::string(trim(entry.substr(0, equals)))].emplace_back(trim(entry.substr(equals + 1)));
  }
  return config;
}

namespace {

Result<std::vector<model::LockedPlatform>> platforms_of(const Manifest& manifest) {
  format::Arena arena;
  PAWL_ASSIGN(format::Value root, format::parse_json(arena, manifest.bytes));
  std::vector<model::LockedPlatform> out;
  const format::Value* list = root.find("manifests");
  if (list == nullptr) return out;
  for (const format::Value& entry : list->items()) {
    const format::Value* platform = entry.find("platform");
    if (platform == nullptr) continue;
    std::string name = std::string(platform->string_at("os")) + "/" + std::string(platform->string_at("architecture"));
    if (std::string_view variant = platform->string_at("variant"); !variant.empty()) name += "/" + std::string(variant);
    if (name == "unknown/unknown") continue;  // attestations that builders hang beside the platforms
    PAWL_ASSIGN(crypto::Digest digest, crypto::Digest::parse(entry.string_at("digest")));
    out.push_back({name, digest});
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.platform == b.platform; }),
            out.end());
  return out;
}

class Sources final : public ports::SourceReader {
 public:
  Sources(Config config, std::shared_ptr<ports::Workspace> workspace)
      : client_(std::move(config)), workspace_(std::move(workspace)) {}

  Result<model::LockedImage> resolve_image(const Context& context, const format::ImageReference& reference) override {
    std::string version = reference.digest ? reference.digest->str() : reference.tag.empty() ? "latest" : reference.tag;
    PAWL_ASSIGN(Manifest manifest, client_.manifest(context, reference, version));
    PAWL_ASSIGN(std::vector<model::LockedPlatform> platforms, platforms_of(manifest));
    return model::LockedImage{reference.familiar + ":" + version, manifest.digest, manifest.media_type,
                              std::move(platforms)};
  }

  Result<std::vector<std::string>> list_tags(const Context& context,
                                             const format::ImageReference& repository) override {
    return client_.tags(context, repository);
  }

  Result<model::LockedSource> resolve(const Context& context, const model::Source& source) override {
    if (const auto* files = std::get_if<model::FilesSource>(&source.from)) return resolve_files(source, *files);
    if (const auto* image = std::get_if<model::ImageSource>(&source.from))
      return resolve_named(context, source, image->image, "image");
    if (const auto* oci = std::get_if<model::OciSource>(&source.from))
      return resolve_named(context, source, oci->oci, "oci");
    return Error(ErrorCode::kInvalid,
                 "source " + source.name +
                     ": this version of pawl locks images, OCI artifacts and files; Git and charts are not read yet");
  }

  Result<format::FileTree> fetch(const Context&, const model::Source& source,
                                 const model::LockedSource& locked) override {
    const auto* files = std::get_if<model::FilesSource>(&source.from);
    if (files == nullptr || !workspace_)
      return Error(ErrorCode::kInvalid, "source " + source.name + ": its files are not read by this version of pawl");
    PAWL_ASSIGN(format::FileTree tree, workspace_->read_tree(files->path));
    if (format::tree_digest(tree) != locked.digest)
      return Error(ErrorCode::kIntegrity, "the files of source " + source.name + " are not those that were locked",
                   "pawl lock --update " + source.name);
    return tree;
  }

  Result<std::string> fetch_manifest(const Context& context, const format::ImageReference& reference,
                                     const crypto::Digest& digest) override {
    PAWL_ASSIGN(Manifest manifest, client_.manifest(context, reference, digest.str()));
    return std::move(manifest.bytes);
  }

 private:
  Result<model::LockedSource> resolve_files(const model::Source& source, const model::FilesSource& files) {
    if (!workspace_) return Error(ErrorCode::kInvalid, "source " + source.name + " needs the project's folder");
    PAWL_ASSIGN(format::FileTree tree, workspace_->read_tree(files.path));
    return model::LockedSource{source.name, "files", files.path, "", "", "", format::tree_digest(tree)};
  }

  // By an exact tag, or by a pattern: the greatest tag that matches, in byte order.
  Result<model::LockedSource> resolve_named(const Context& context, const model::Source& source,
                                            const std::string& repository, const std::string& kind) {
    PAWL_ASSIGN(format::ImageReference reference, format::parse_image_reference(repository));
    std::string tag = source.version;
    if (tag.find_first_of("<>=^~| ") != std::string::npos)
      return Error(ErrorCode::kInvalid,
                   "source " + source.name + ": ranges are not chosen from by this version of pawl",
                   "name a tag, or a pattern such as 6.*");
    if (tag.find_first_of("*?") != std::string::npos) {
      PAWL_ASSIGN(std::vector<std::string> tags, client_.tags(context, reference));
      std::erase_if(tags, [&](const std::string& t) { return !format::glob_match(source.version, t); });
      if (tags.empty()) return Error(ErrorCode::kNotFound, "no tag of " + repository + " matches " + source.version);
      tag = *std::max_element(tags.begin(), tags.end());
    }
    PAWL_ASSIGN(Manifest manifest, client_.manifest(context, reference, tag));
    return model::LockedSource{source.name, kind, repository, source.version, tag, "", manifest.digest};
  }

  Client client_;
  std::shared_ptr<ports::Workspace> workspace_;
};

}  // namespace

std::shared_ptr<ports::SourceReader> make_source_reader(Config config, std::shared_ptr<ports::Workspace> workspace) {
  return std::make_shared<Sources>(std::move(config), std::move(workspace));
}

}  // namespace pawl::registry
