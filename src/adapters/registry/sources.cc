#include "adapters/registry/sources.h"

#include <algorithm>

#include "adapters/registry/chart_repository.h"
#include "adapters/registry/client.h"
#include "adapters/registry/git_source.h"
#include "adapters/registry/version_choice.h"
#include "base/text.h"
#include "os/file.h"
#include "os/system.h"
#include "ports/packed.h"

namespace pawl::registry {

Config config_from_environment(std::string_view mirrors) {
  Config config;
  config.docker_config = os::environment("DOCKER_CONFIG")
                             .value_or(os::join_path(os::environment("HOME").value_or("/nonexistent"), ".docker"));
  config.git_cache = os::join_path(os::user_folder("cache"), "git");
  for (std::string_view entry : split(mirrors, ',')) {
    std::size_t equals = entry.find('=');
    if (equals != std::string_view::npos)
      config.mirrors[std::string(trim(entry.substr(0, equals)))].emplace_back(trim(entry.substr(equals + 1)));
  }
  return config;
}

namespace {

// A tag has no "+", so helm push writes "_": a chart's version never has one.
std::string tag_of_version(std::string version) {
  std::replace(version.begin(), version.end(), '+', '_');
  return version;
}
std::string version_of_tag(std::string tag) {
  std::replace(tag.begin(), tag.end(), '_', '+');
  return tag;
}

class Sources final : public ports::SourceReader {
 public:
  Sources(Config config, std::shared_ptr<ports::Workspace> workspace)
      : client_(config), git_cache_(config.git_cache), workspace_(std::move(workspace)) {}

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
    if (const auto* git = std::get_if<model::GitSource>(&source.from))
      return resolve_git(context, git_cache_, source, *git);
    const auto& helm = std::get<model::HelmSource>(source.from);
    return resolve_chart(context, source, helm);
  }

  Result<format::FileTree> fetch(const Context& context, const model::Source& source,
                                 const model::LockedSource& locked) override {
    if (const auto* git = std::get_if<model::GitSource>(&source.from))
      return fetch_git(context, git_cache_, source, *git, locked);
    if (ports::is_packed(locked)) return ports::fetch_packed(*this, context, locked);
    const auto* files = std::get_if<model::FilesSource>(&source.from);
    if (files == nullptr || !workspace_)
      return Error(ErrorCode::kInvalid, "source " + source.name + " has no files that could be read here");
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

  Result<std::string> fetch_blob(const Context& context, const format::ImageReference& reference,
                                 const crypto::Digest& digest, std::size_t max_bytes) override {
    return client_.blob(context, reference, digest, max_bytes);
  }

  Result<std::string> fetch_archive(const Context& context, const model::LockedSource& locked) override {
    return charts_.archive(context, locked);
  }

 private:
  Result<model::LockedSource> resolve_files(const model::Source& source, const model::FilesSource& files) {
    if (!workspace_) return Error(ErrorCode::kInvalid, "source " + source.name + " needs the project's folder");
    PAWL_ASSIGN(format::FileTree tree, workspace_->read_tree(files.path));
    return model::LockedSource{source.name, "files", files.path, "", "", "", format::tree_digest(tree)};
  }

  Result<model::LockedSource> resolve_chart(const Context& context, const model::Source& source,
                                            const model::HelmSource& helm) {
    std::string place = model::place_of(source);
    bool http = place.starts_with("https://") || place.starts_with("http://");
    return http ? charts_.resolve(context, source, helm) : resolve_named(context, source, place, "helm");
  }

  Result<model::LockedSource> resolve_named(const Context& context, const model::Source& source,
                                            const std::string& repository, const std::string& kind) {
    PAWL_ASSIGN(format::ImageReference reference, format::parse_image_reference(repository));
    PAWL_TRY(check_version(source.version));
    bool chart = kind == "helm";
    std::string version = source.version;
    if (form_of(version) != VersionForm::kExact) {
      PAWL_ASSIGN(std::vector<std::string> tags, client_.tags(context, reference));
      if (chart) std::transform(tags.begin(), tags.end(), tags.begin(), version_of_tag);
      PAWL_ASSIGN(version, choose_version(source.version, tags, repository));
    }
    PAWL_ASSIGN(Manifest manifest, client_.manifest(context, reference, chart ? tag_of_version(version) : version));
    return model::LockedSource{source.name, kind, repository, source.version, version, "", manifest.digest};
  }

  Client client_;
  ChartRepository charts_;
  std::string git_cache_;
  std::shared_ptr<ports::Workspace> workspace_;
};

}  // namespace

std::shared_ptr<ports::SourceReader> make_source_reader(Config config, std::shared_ptr<ports::Workspace> workspace) {
  return std::make_shared<Sources>(std::move(config), std::move(workspace));
}

}  // namespace pawl::registry
