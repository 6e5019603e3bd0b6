#include "engine/sides.h"

#include "core/render/kustomize.h"
#include "engine/compare.h"
#include "engine/content.h"
#include "engine/facts.h"

namespace pawl::engine {

namespace {

constexpr std::string_view kLive = "live:";
constexpr std::string_view kGit = "git:";

bool is_folder_name(std::string_view name) {
  return name == "." || name == ".." || name.starts_with("./") || name.starts_with("../") || name.starts_with('/');
}

// "x@environment" taken apart; both views are empty when there is no "@".
std::pair<std::string, std::string> at_environment(const std::string& name) {
  std::size_t at = name.rfind('@');
  if (at == std::string::npos) return {};
  return {name.substr(0, at), name.substr(at + 1)};
}

Result<bool> has_kustomization(render::Files& files, const std::string& folder) {
  for (std::string_view name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
    PAWL_ASSIGN(std::string path, render::resolve_path(folder, name));
    PAWL_ASSIGN(std::optional<std::string_view> text, files.read(path));
    if (text) return true;
  }
  return false;
}

std::vector<model::EnvironmentName> names_of(const model::Content& content) {
  std::vector<model::EnvironmentName> names;
  for (const model::EnvironmentContent& environment : content.environments) names.push_back(environment.name);
  return names;
}

}  // namespace

Result<render::Files> Sides::files_at(const std::string& revision) {
  auto known = trees_.find(revision);
  if (known == trees_.end()) {
    PAWL_ASSIGN(format::FileTree tree, world_.workspace->read_tree_at(context_, revision, "."));
    known = trees_.emplace(revision, std::move(tree)).first;
  }
  return render::Files::of(known->second);
}

Result<Side> Sides::read(format::Arena& arena, const std::string& name) {
  if (Result<crypto::Digest> digest = crypto::Digest::parse(name)) return of_bundle(arena, *digest, digest->brief());
  if (name.starts_with(kLive)) return of_target(arena, name);
  auto [what, environment] = at_environment(name);
  if (name.starts_with(kGit))
    return environment.empty() ? of_git_folder(arena, name) : of_revision(arena, name, what, environment);
  if (what == ".") return of_workspace(arena, name, environment);
  if (!environment.empty()) return of_release(arena, name, what, environment);
  if (is_folder_name(name)) return of_folder(arena, name, name, workspace_files(world_.workspace));
  return of_head(arena, name);
}

Result<Side> Sides::of_bundle(format::Arena& arena, const crypto::Digest& digest, std::string words) {
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world_, context_, digest));
  PAWL_ASSIGN(std::vector<drift::DriftObject> objects, read_objects(world_, context_, arena, bundle));
  return Side{std::move(words), std::move(objects), std::nullopt, bundle.environment};
}

Result<Side> Sides::of_released(format::Arena& arena, const crypto::Digest& bundle, std::uint64_t serial,
                                std::string words) {
  PAWL_ASSIGN(Side side, of_bundle(arena, bundle, std::move(words)));
  PAWL_ASSIGN(std::optional<plan::ReleaseState> release,
              release_by_serial(moment_.records, configuration_.project, serial));
  if (!release) return side;
  if (Result<Basis> basis = basis_of_snapshot(world_, context_, release->snapshot)) side.basis = std::move(*basis);
  return side;
}

Result<Side> Sides::of_release(format::Arena& arena, const std::string& name, const std::string& version,
                               const std::string& environment) {
  PAWL_ASSIGN(plan::ReleaseState release, find_release(moment_.records, configuration_.project, version));
  PAWL_ASSIGN(model::Release document, read_release(world_, context_, release.release));
  const model::ReleaseBundle* bundle = document.find(model::EnvironmentName(environment));
  if (bundle == nullptr)
    return Error(ErrorCode::kNotFound, "release " + version + " has no bundle for \"" + environment + "\"");
  return of_released(arena, bundle->bundle.digest, release.serial, name);
}

Result<Side> Sides::of_head(format::Arena& arena, const std::string& name) {
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration_, name));
  PAWL_ASSIGN(plan::EnvironmentState state, moment_.records.load<plan::EnvironmentState>(
                                                plan::key::environment(configuration_.project, environment->name)));
  if (!state.head) return Error(ErrorCode::kNotFound, "nothing is in " + name + " yet", "pawl promote --to " + name);
  return of_released(arena, state.head->bundle, state.head->release, name);
}

Result<Side> Sides::of_target(format::Arena& arena, const std::string& name) {
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration_, name.substr(kLive.size())));
  PAWL_ASSIGN(std::shared_ptr<ports::Target> target, world_.targets->open(context_, environment->target));
  PAWL_ASSIGN_WITHIN(ports::Live found, target->read(context_), "reading the target of " + environment->name.str());
  std::vector<std::string> unreadable;
  return Side{name, objects_of_live(arena, found, unreadable), std::nullopt, environment->name};
}

Result<Side> Sides::of_workspace(format::Arena& arena, const std::string& name, const std::string& environment) {
  PAWL_ASSIGN(model::Project project, read_project(world_));
  PAWL_ASSIGN(model::Lock lock, read_lock(world_));
  return of_project(arena, name, project.content, lock, workspace_files(world_.workspace), environment);
}

Result<Side> Sides::of_revision(format::Arena& arena, const std::string& name, const std::string& what,
                                const std::string& environment) {
  PAWL_ASSIGN(render::Files files, files_at(what.substr(kGit.size())));
  PAWL_ASSIGN_WITHIN(model::Project project, read_project(files), "reading " + what);
  PAWL_ASSIGN(model::Lock lock, read_lock(files));
  return of_project(arena, name, project.content, lock, std::move(files), environment);
}

Result<Side> Sides::of_project(format::Arena& arena, const std::string& name, const model::Content& content,
                               const model::Lock& lock, render::Files files, const std::string& environment) {
  model::EnvironmentName into(environment);
  files = with_sources(files, world_, context_, content, lock);
  PAWL_ASSIGN_WITHIN(RenderedEnvironment rendered,
                     render_environment(content, into, files, chart_renderer(world_, context_, lock, false)),
                     "rendering " + name);
  PAWL_ASSIGN_WITHIN(bundle::BuiltBundle built,
                     bundle::build_bundle(content.project, into, layer_inputs(rendered.rendering), lock),
                     "rendering " + name);
  Side side{name, {}, Basis{content, lock, files.used()}, into};
  for (std::size_t i = 0; i < built.bundle.layers.size(); ++i) {
    PAWL_ASSIGN(std::vector<drift::DriftObject> objects,
                drift::objects_of(arena, built.bundle.layers[i].name.str(), std::move(built.blobs[i].bytes)));
    side.objects.insert(side.objects.end(), objects.begin(), objects.end());
  }
  return side;
}

// "git:v1:deploy/base"
Result<Side> Sides::of_git_folder(format::Arena& arena, const std::string& name) {
  std::size_t colon = name.find(':', kGit.size());
  if (colon == std::string::npos)
    return Error(ErrorCode::kUsage, "\"" + name + "\" names a revision, and not what of it",
                 "pawl diff " + name + "@ENVIRONMENT ..., or " + name + ":FOLDER");
  std::string revision = name.substr(kGit.size(), colon - kGit.size());
  PAWL_ASSIGN(render::Files files, files_at(revision));
  return of_folder(arena, name, name.substr(colon + 1), std::move(files));
}

Result<Side> Sides::of_folder(format::Arena& arena, const std::string& name, const std::string& path,
                              render::Files files) {
  PAWL_ASSIGN(std::string folder, render::resolve_path("", path));
  PAWL_ASSIGN(bool kustomized, has_kustomization(files, folder));
  Side side{name, {}, std::nullopt, std::nullopt};
  Result<std::vector<render::Resource>> resources =
      kustomized ? render::build_kustomization(arena, files, folder) : render::load_manifests(arena, files, folder);
  if (!resources) return std::move(resources).error();
  for (const render::Resource& resource : *resources)
    side.objects.push_back({model::object_id(resource.object), "", resource.object.clone(arena)});
  return side;
}

Result<std::optional<Sides::Environments>> Sides::environments_of(const std::string& name) {
  using Names = std::optional<Environments>;
  bool one = name.find('@') != std::string::npos || name.starts_with(kLive) || is_folder_name(name) ||
             configuration_.find(model::EnvironmentName(name)) != nullptr || crypto::Digest::parse(name).ok();
  if (one) return Names();
  if (name.starts_with(kGit)) {
    if (name.find(':', kGit.size()) != std::string::npos) return Names();
    PAWL_ASSIGN(render::Files files, files_at(name.substr(kGit.size())));
    PAWL_ASSIGN_WITHIN(model::Project project, read_project(files), "reading " + name);
    return Names(names_of(project.content));
  }
  PAWL_ASSIGN(plan::ReleaseState release, find_release(moment_.records, configuration_.project, name));
  PAWL_ASSIGN(model::Release document, read_release(world_, context_, release.release));
  std::vector<model::EnvironmentName> names;
  for (const model::ReleaseBundle& bundle : document.bundles) names.push_back(bundle.environment);
  return Names(std::move(names));
}

}  // namespace pawl::engine
