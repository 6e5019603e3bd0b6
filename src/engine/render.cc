#include "core/model/lock.h"
#include "engine/content.h"
#include "engine/facts.h"
#include "engine/render_cache.h"
#include "engine/verbs.h"
#include "format/json.h"

namespace pawl::engine {

namespace {

// What one call renders, and how.
struct Wanted {
  model::Content content;
  model::EnvironmentName environment;
  model::Lock lock;
  bool pinned = true;  // with the images of the lock
};

std::vector<std::string> warnings_of(const render::Rendering& rendering) {
  std::vector<std::string> out;
  for (const std::string& unused : rendering.unused_parameters)
    out.push_back("parameter \"" + unused + "\" is used nowhere");
  for (const std::string& departure : rendering.departures)
    out.push_back("a chart is let in with its reason: " + std::string(kChartDeparture) + departure);
  return out;
}

Result<render::Printed> print(const Wanted& wanted, const render::Rendering& rendering) {
  format::Arena arena;
  std::vector<bundle::LayerInput> layers = layer_inputs(rendering);
  if (wanted.pinned) {
    PAWL_ASSIGN(layers, bundle::settle(arena, std::move(layers), wanted.lock));
  }
  render::Printed out{{}, warnings_of(rendering)};
  for (const bundle::LayerInput& layer : layers) {
    render::PrintedLayer text{layer.name.str(), std::string(model::name_of(layer.tier))};
    for (const bundle::LayerInput::Object& object : layer.objects) text.print(object.object, object.file, object.place);
    out.layers.push_back(std::move(text));
  }
  return out;
}

// All that decides the rendering but the files it is made of.
crypto::Digest key_of(const ports::Workspace& workspace, const Wanted& wanted) {
  format::Arena arena;
  format::Value key = format::Value::map();
  key.set(arena, "renderer", model::kRendererVersion);
  key.set(arena, "root", workspace.root());
  key.set(arena, "content", model::encode(wanted.content, arena));
  key.set(arena, "environment", wanted.environment.str());
  key.set(arena, "lock", wanted.pinned ? model::render_lock(wanted.lock) : "");
  return crypto::sha256(format::render_json(key));
}

// Of a layer as bundles hold it.
crypto::Digest digest_of(const Pieces& text) {
  crypto::Hasher hasher;
  for (const SharedBytes& piece : text.all()) hasher.update(piece.view());
  return hasher.finish();
}

api::RenderResponse response_of(render::PrintedText rendered, bool pinned) {
  api::RenderResponse out;
  for (render::LayerText& layer : rendered.layers) {
    std::string digest = pinned ? digest_of(layer.text).str() : "";
    out.layers.push_back({std::move(layer.name), std::move(layer.tier), std::move(layer.text), std::move(digest)});
  }
  out.warnings = std::move(rendered.warnings);
  return out;
}

}  // namespace

Result<api::RenderResponse> render(World& world, const Context& context, const api::RenderRequest& request) {
  PAWL_ASSIGN(model::Project project, read_project(world));
  world.project = project.content.project.str();
  PAWL_TRY(find_environment(project.configuration, request.environment));
  PAWL_ASSIGN(model::Lock lock, read_lock(world));
  Wanted wanted{std::move(project.content), model::EnvironmentName(request.environment), std::move(lock),
                request.locked};
  std::vector<api::OriginView> origins;
  auto work = [&](render::Files& files, render::Trace* trace) -> Result<render::Printed> {
    render::Files all = with_sources(files, world, context, wanted.content, wanted.lock);
    render::Files& read = wanted.content.sources.empty() ? files : all;
    render::Inflate inflate = chart_renderer(world, context, wanted.lock, false);
    PAWL_ASSIGN(RenderedEnvironment rendered,
                render_environment(wanted.content, wanted.environment, read, inflate, trace));
    origins.clear();
    for (const render::Origin& origin : rendered.rendering.origins)
      origins.push_back({origin.layer, origin.object, origin.from});
    return print(wanted, rendered.rendering);
  };
  // Where everything came from is known only to who renders everything; what comes of sources is no file here.
  bool whole = request.explain || !wanted.content.sources.empty();
  RenderCache cache(world.workspace, whole ? nullptr : world.cache, world.clock, world.executor);
  PAWL_ASSIGN(render::PrintedText text, cache.print(key_of(*world.workspace, wanted), work));
  api::RenderResponse out = response_of(std::move(text), request.locked);
  if (std::string note = sandbox_note(world, wanted.content); !note.empty()) out.warnings.push_back(note);
  if (request.explain) out.origins = std::move(origins);
  return out;
}

}  // namespace pawl::engine
