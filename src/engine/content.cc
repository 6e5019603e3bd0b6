#include "engine/content.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "core/bundle/images.h"
#include "format/reference.h"

namespace pawl::engine {

namespace {

constexpr std::string_view kProjectFile = "pawl.yaml";
constexpr std::string_view kMoreFiles = "pawl";  // a folder beside it with files of kind: Environment

Result<std::string> read_text(render::Files& files, const std::string& path) {
  PAWL_ASSIGN(std::optional<std::string_view> text, files.read(path));
  if (!text) return Error(ErrorCode::kNotFound, "there is no file " + path);
  return std::string(*text);
}

}  // namespace

Error no_project() {
  return Error(ErrorCode::kNotFound, "there is no pawl.yaml here or in a folder above", "pawl init");
}

Result<model::Project> read_project(render::Files& files) {
  PAWL_ASSIGN(std::optional<std::string_view> main, files.read(std::string(kProjectFile)));
  if (!main) return no_project();
  std::vector<model::ProjectFile> texts = {{std::string(kProjectFile), std::string(*main)}};
  PAWL_ASSIGN(std::optional<std::vector<std::string>> more, files.list(std::string(kMoreFiles)));
  for (const std::string& name : more.value_or(std::vector<std::string>())) {
    if (!name.ends_with(".yaml")) continue;
    PAWL_ASSIGN(std::string text, read_text(files, name));
    texts.push_back({name, std::move(text)});
  }
  return model::parse_project(texts, [&](const std::string& path) { return read_text(files, path); });
}

Result<model::Lock> read_lock(render::Files& files) {
  PAWL_ASSIGN(std::optional<std::string_view> text, files.read(std::string(kLockFile)));
  if (!text) return model::Lock{};
  return model::parse_lock(std::string(*text), std::string(kLockFile));
}

Result<model::Lock> read_lock(World& world) {
  render::Files files = workspace_files(world.workspace);
  return read_lock(files);
}

Result<RenderedEnvironment> render_environment(const model::Content& content, const model::EnvironmentName& environment,
                                               render::Files& files, const render::Inflate& inflate,
                                               render::Trace* trace) {
  RenderedEnvironment out{std::make_unique<format::Arena>(), {}};
  PAWL_ASSIGN(out.rendering, render::compose(*out.arena, content, environment, files, inflate, trace));
  return out;
}

std::vector<bundle::LayerInput> layer_inputs(const render::Rendering& rendering) {
  std::vector<bundle::LayerInput> out;
  for (const render::RenderedLayer& layer : rendering.layers) {
    bundle::LayerInput input{layer.name, layer.tier, layer.depends_on, {}};
    for (const render::Resource& resource : layer.resources)
      input.objects.push_back({resource.object, resource.file, resource.place});
    out.push_back(std::move(input));
  }
  return out;
}

namespace {

// Runs `work` for every environment at once, each with its own view of the files; the first error wins, by position.
template <class T, class Work>
Result<std::vector<T>> for_environments(World& world, const model::Content& content, render::Files& files, Work work) {
  std::size_t count = content.environments.size();
  std::vector<std::optional<Result<T>>> results(count);
  std::vector<render::Files> views(count, files);
  world.executor->for_each(count, [&](std::size_t i) { results[i] = work(content.environments[i].name, views[i]); });
  std::vector<T> out;
  for (std::size_t i = 0; i < count; ++i) {
    files.merge(views[i]);
    if (!*results[i]) return std::move(*results[i]).error();
    out.push_back(std::move(**results[i]));
  }
  return out;
}

}  // namespace

namespace {

struct BuiltOne {
  bundle::BuiltBundle bundle;
  std::vector<std::string> departures;
};

}  // namespace

Result<BuiltBundles> build_bundles(World& world, const model::Content& content, const model::Lock& lock,
                                   render::Files& files, const render::Inflate& inflate) {
  auto build = [&](const model::EnvironmentName& name, render::Files& view) -> Result<BuiltOne> {
    PAWL_ASSIGN(RenderedEnvironment rendered, render_environment(content, name, view, inflate));
    PAWL_ASSIGN_WITHIN(bundle::BuiltBundle built,
                       bundle::build_bundle(content.project, name, layer_inputs(rendered.rendering), lock),
                       "building the bundle of " + name.str());
    return BuiltOne{std::move(built), std::move(rendered.rendering.departures)};
  };
  PAWL_ASSIGN(std::vector<BuiltOne> all, for_environments<BuiltOne>(world, content, files, build));
  BuiltBundles out;
  std::set<std::string> departures;
  for (BuiltOne& one : all) {
    out.bundles.push_back(std::move(one.bundle));
    for (const std::string& departure : one.departures) departures.insert(std::string(kChartDeparture) + departure);
  }
  out.departures.assign(departures.begin(), departures.end());
  return out;
}

Status note_check_files(const model::Configuration& configuration, render::Files& files) {
  for (const model::Environment& environment : configuration.environments) {
    for (const model::Check& check : environment.verification) {
      for (const std::string& word : check.command) {
        bool may_be_file = format::is_tree_path(word);
        if (may_be_file) PAWL_TRY(files.read(word));
      }
    }
  }
  return {};
}

Result<std::vector<std::string>> images_of(World& world, const model::Content& content, const model::Lock& lock,
                                           render::Files& files, const render::Inflate& inflate) {
  using Keys = std::set<std::string>;
  bundle::Pins pins(lock);
  PAWL_ASSIGN(std::vector<Keys> found,
              for_environments<Keys>(
                  world, content, files, [&](const model::EnvironmentName& name, render::Files& view) -> Result<Keys> {
                    PAWL_ASSIGN(RenderedEnvironment rendered, render_environment(content, name, view, inflate));
                    Keys keys;
                    for (const render::RenderedLayer& layer : rendered.rendering.layers) {
                      for (const render::Resource& resource : layer.resources) {
                        for (const bundle::ImageUse& use : bundle::find_images(resource.object)) {
                          PAWL_ASSIGN_WITHIN(format::ImageReference reference, format::parse_image_reference(use.text),
                                             "reading " + use.field + " of " + model::object_id(resource.object).str() +
                                                 " (" + resource.file + ")");
                          keys.insert(bundle::lock_key(pins.meant(std::move(reference))));
                        }
                      }
                    }
                    return keys;
                  }));
  Keys all;
  for (const Keys& keys : found) all.insert(keys.begin(), keys.end());
  return std::vector<std::string>(all.begin(), all.end());
}

bool wants(const std::vector<std::string>& update, const std::string& name) {
  return std::any_of(update.begin(), update.end(), [&](const std::string& u) { return u == "*" || u == name; });
}

Result<model::LockedSource> lock_source(World& world, const Context& context, const model::Source& source,
                                        const model::Lock& lock, const std::vector<std::string>& update,
                                        std::string_view what) {
  const model::LockedSource* known = lock.find_source(source.name);
  if (known != nullptr && !wants(update, source.name) && model::answers(*known, source)) return *known;
  PAWL_ASSIGN_WITHIN(model::LockedSource locked, world.sources->resolve(context, source),
                     "locking " + std::string(what) + " " + source.name);
  return locked;
}

namespace {

Result<model::LockedImage> resolve_image(World& world, const Context& context, const std::string& key) {
  PAWL_ASSIGN(format::ImageReference reference, format::parse_image_reference(key));
  world.notifier->notify({"lock", key, "running", ""});
  PAWL_ASSIGN_WITHIN(model::LockedImage locked, world.sources->resolve_image(context, reference),
                     "locking image " + key);
  locked.reference = key;
  world.notifier->notify({"lock", key, "done", locked.digest.brief()});
  return locked;
}

}  // namespace

Result<model::Lock> resolve_lock(World& world, const Context& context, const model::Content& content,
                                 const model::Lock& lock, const std::vector<std::string>& update) {
  model::Lock out;
  for (const model::Source& source : content.sources) {
    PAWL_ASSIGN(model::LockedSource locked, lock_source(world, context, source, lock, update));
    out.sources.push_back(std::move(locked));
  }
  std::sort(out.sources.begin(), out.sources.end());
  PAWL_ASSIGN(out.helm, lock_helm(world, context, content, lock.helm, wants(update, "helm")));
  render::Files files = with_sources(workspace_files(world.workspace), world, context, content, out);
  PAWL_ASSIGN(std::vector<std::string> images,
              images_of(world, content, out, files, chart_renderer(world, context, out, false)));
  std::vector<std::optional<Result<model::LockedImage>>> resolved(images.size());
  world.executor->for_each(images.size(), [&](std::size_t i) {
    const model::LockedImage* known = lock.find_image(images[i]);
    if (known != nullptr && !wants(update, images[i]))
      resolved[i] = *known;
    else
      resolved[i] = resolve_image(world, context, images[i]);
  });
  for (auto& one : resolved) {
    if (!*one) return std::move(*one).error();
    out.images.push_back(std::move(**one));
  }
  return out;
}

}  // namespace pawl::engine
