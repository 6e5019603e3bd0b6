#include "engine/content.h"
#include "engine/facts.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

api::RenderedLayerView unlocked_view(const render::RenderedLayer& layer) {
  return {layer.name.str(), std::string(model::name_of(layer.tier)), render::print(layer.resources), ""};
}

}  // namespace

Result<api::RenderResponse> render(World& world, const Context& context, const api::RenderRequest& request) {
  PAWL_ASSIGN(model::Project project, read_project(world));
  world.project = project.content.project.str();
  PAWL_TRY(find_environment(project.configuration, request.environment));
  model::EnvironmentName name(request.environment);
  PAWL_ASSIGN(model::Lock lock, read_lock(world));
  render::Files files = with_sources(workspace_files(world), world, context, project.content, lock);
  PAWL_ASSIGN(RenderedEnvironment rendered,
              render_environment(project.content, name, files, chart_renderer(world, context, lock, false)));
  api::RenderResponse out;
  for (const std::string& unused : rendered.rendering.unused_parameters)
    out.warnings.push_back("parameter \"" + unused + "\" is used nowhere");
  for (const std::string& departure : rendered.rendering.departures)
    out.warnings.push_back("a chart is let in with its reason: " + std::string(kChartDeparture) + departure);
  if (std::string note = sandbox_note(world, project.content); !note.empty()) out.warnings.push_back(note);
  if (request.explain) {
    for (const render::Origin& origin : rendered.rendering.origins)
      out.origins.push_back({origin.layer, origin.object, origin.from});
  }
  if (!request.locked) {
    for (const render::RenderedLayer& layer : rendered.rendering.layers) out.layers.push_back(unlocked_view(layer));
    return out;
  }
  PAWL_ASSIGN(bundle::BuiltBundle built,
              bundle::build_bundle(project.content.project, name, layer_inputs(rendered.rendering), lock));
  for (std::size_t i = 0; i < built.bundle.layers.size(); ++i) {
    const model::BundleLayer& layer = built.bundle.layers[i];
    out.layers.push_back(
        {layer.name.str(), std::string(model::name_of(layer.tier)), built.blobs[i].bytes, layer.blob.digest.str()});
  }
  return out;
}

}  // namespace pawl::engine
