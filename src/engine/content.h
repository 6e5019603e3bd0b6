#pragma once

#include <string>
#include <vector>

#include "core/bundle/build.h"
#include "core/model/project.h"
#include "core/render/compose.h"
#include "engine/charts.h"
#include "engine/source_files.h"
#include "engine/world.h"

namespace pawl::engine {

// The content side of the engine: from files to locks, bundles and snapshots.

inline constexpr std::string_view kLockFile = "pawl.lock";

// Where there is no project: kNotFound, with the way to one.
Error no_project();
// pawl.yaml (and pawl/*.yaml beside it), parsed. Errors: no_project(), kInvalid.
Result<model::Project> read_project(render::Files& files);

// pawl.lock as it stands; an empty lock where there is none.
Result<model::Lock> read_lock(render::Files& files);
Result<model::Lock> read_lock(World& world);

// Everything that is rendered for one environment, before images are pinned.
struct RenderedEnvironment {
  std::unique_ptr<format::Arena> arena;
  render::Rendering rendering;
};
Result<RenderedEnvironment> render_environment(const model::Content& content, const model::EnvironmentName& environment,
                                               render::Files& files, const render::Inflate& inflate,
                                               render::Trace* trace = nullptr);
// A rendering as the bundle builder takes it.
std::vector<bundle::LayerInput> layer_inputs(const render::Rendering& rendering);

// Every environment's bundle, in the content's order, and what their charts do that no release decides. Files that were
// read are noted in `files`.
struct BuiltBundles {
  std::vector<bundle::BuiltBundle> bundles;
  std::vector<std::string> departures;  // each once, sorted
};
Result<BuiltBundles> build_bundles(World& world, const model::Content& content, const model::Lock& lock,
                                   render::Files& files, const render::Inflate& inflate);

// The files that the checks of `configuration` name: what of their command lines is a path of the workspace.
Status note_check_files(const model::Configuration& configuration, render::Files& files);

// Whether `update` names it; "*" names all.
bool wants(const std::vector<std::string>& update, const std::string& name);
// The source as `lock` has it where that answers it and `update` does not name it, else resolved anew. `what` is it in
// errors.
Result<model::LockedSource> lock_source(World& world, const Context& context, const model::Source& source,
                                        const model::Lock& lock, const std::vector<std::string>& update,
                                        std::string_view what = "source");
// Resolves what `content` needs and `lock` lacks (or what `update` names) and drops what is not needed any more.
Result<model::Lock> resolve_lock(World& world, const Context& context, const model::Content& content,
                                 const model::Lock& lock, const std::vector<std::string>& update);
// Every image that the renderings of `content` hold, as the lock names them, sorted. Of `lock` the sources count: they
// may choose versions.
Result<std::vector<std::string>> images_of(World& world, const model::Content& content, const model::Lock& lock,
                                           render::Files& files, const render::Inflate& inflate);

}  // namespace pawl::engine
