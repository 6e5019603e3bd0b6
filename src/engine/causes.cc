#include "engine/causes.h"

#include "engine/content.h"
#include "engine/facts.h"

namespace pawl::engine {

namespace {

// One rendering before images are pinned, so that what the lock changes does not show in it.
struct Unpinned {
  std::unique_ptr<format::Arena> arena;
  std::vector<drift::DriftObject> objects;
};

Result<Unpinned> render_unpinned(World& world, const Context& context, const Basis& basis,
                                 const model::EnvironmentName& environment) {
  render::Files files = render::Files::of(basis.files);
  PAWL_ASSIGN(RenderedEnvironment rendered,
              render_environment(basis.content, environment, files, chart_repeater(world, context, basis.lock)));
  Unpinned out{std::move(rendered.arena), {}};
  for (const render::RenderedLayer& layer : rendered.rendering.layers) {
    for (const render::Resource& resource : layer.resources)
      out.objects.push_back({model::object_id(resource.object), layer.name.str(), resource.object});
  }
  return out;
}

// On the way from one basis to the other: one thing more exchanged at every stop.
struct Stop {
  std::string exchanged;
  Basis basis;
};

std::vector<Stop> way_between(const Basis& from, const Basis& to) {
  std::vector<Stop> way;
  Basis now = from;
  now.files = to.files;
  way.push_back({"source", now});
  now.content.parameters = to.content.parameters;
  now.content.environments = to.content.environments;
  way.push_back({"parameters", now});
  way.push_back({"project", to});
  return way;
}

Result<std::vector<drift::Step>> steps_between(World& world, const Context& context, const Basis& from, const Basis& to,
                                               const model::EnvironmentName& environment) {
  PAWL_ASSIGN(Unpinned before, render_unpinned(world, context, from, environment));
  std::vector<drift::Step> steps;
  std::string causes;
  for (Stop& stop : way_between(from, to)) {
    causes += (causes.empty() ? "" : ", ") + stop.exchanged;
    Result<Unpinned> after = render_unpinned(world, context, stop.basis, environment);
    bool half_exchanged = !after && stop.exchanged != "project";
    if (half_exchanged) continue;
    if (!after) return std::move(after).error();
    steps.push_back({std::exchange(causes, ""), drift::difference(before.objects, after->objects)});
    before = std::move(*after);
  }
  return steps;
}

}  // namespace

Result<Basis> basis_of_snapshot(World& world, const Context& context, const crypto::Digest& digest) {
  PAWL_ASSIGN(model::Snapshot snapshot, read_snapshot(world, context, digest));
  PAWL_ASSIGN(format::FileTree files, read_snapshot_files(world, context, digest));
  return Basis{std::move(snapshot.content), std::move(snapshot.lock), std::move(files)};
}

void explain_changes(World& world, const Context& context, const Basis& from, const Basis& to,
                     const model::EnvironmentName& environment, std::vector<drift::ObjectChange>& changes) {
  if (changes.empty()) return;
  Result<std::vector<drift::Step>> steps = steps_between(world, context, from, to, environment);
  if (steps) drift::attribute(changes, *steps, from.lock == to.lock ? "" : "lock");
}

void explain_releases(World& world, const Context& context, const crypto::Digest& from, const crypto::Digest& to,
                      const model::EnvironmentName& environment, std::vector<drift::ObjectChange>& changes) {
  if (changes.empty() || from == to) return;
  Result<Basis> before = basis_of_snapshot(world, context, from);
  Result<Basis> after = basis_of_snapshot(world, context, to);
  if (before && after) explain_changes(world, context, *before, *after, environment, changes);
}

}  // namespace pawl::engine
