#include <algorithm>

#include "engine/facts.h"
#include "engine/sides.h"
#include "engine/verbs.h"
#include "engine/views.h"

namespace pawl::engine {

namespace {

constexpr std::string_view kAnyNamespace = "(namespace)";

// The one namespace that a side's objects live in; "" where there are several or none.
std::string only_namespace(const Side& side) {
  std::string only;
  for (const drift::DriftObject& object : side.objects) {
    if (object.id.space.empty()) continue;
    if (!only.empty() && only != object.id.space) return {};
    only = object.id.space;
  }
  return only;
}

// Gives a side's namespace the same name on both sides.
void neutralise(format::Arena& arena, Side& side, const std::string& space) {
  for (drift::DriftObject& object : side.objects) {
    bool is_the_namespace = object.id.kind == "Namespace" && object.id.name == space;
    if (object.id.space != space && !is_the_namespace) continue;
    object.object = object.object.clone(arena);
    object.object.find("metadata")->set(arena, is_the_namespace ? "name" : "namespace", kAnyNamespace);
    object.id = model::object_id(object.object);
  }
}

// Environments that differ in their namespace alone would differ in everything: what tells them apart is set aside.
void set_namespaces_aside(format::Arena& arena, Side& from, Side& to) {
  std::string before = only_namespace(from);
  std::string after = only_namespace(to);
  if (before.empty() || after.empty() || before == after) return;
  neutralise(arena, from, before);
  neutralise(arena, to, after);
}

using Environments = Sides::Environments;

// The configuration names environments; a project that is in no store yet has that of its files.
Result<model::Configuration> configuration_for_names(World& world, const Context& context, const Moment& moment) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  Result<model::Configuration> in_force = configuration_in_force(world, context, moment.records, project);
  if (in_force || in_force.error().code != ErrorCode::kNotFound) return in_force;
  PAWL_ASSIGN(model::Project files, read_project(world));
  return std::move(files.configuration);
}

// What to compare: for sides that stand for every environment one pair for each that either has.
struct Pair {
  std::string environment;
  std::string from;
  std::string to;
};

std::string at(const std::string& side, const std::optional<Environments>& all, const model::EnvironmentName& name) {
  return all ? side + "@" + name.str() : side;
}

Result<std::vector<Pair>> pairs_of(Sides& sides, const model::Configuration& configuration,
                                   const api::DiffRequest& request) {
  PAWL_ASSIGN(auto from, sides.environments_of(request.from));
  PAWL_ASSIGN(auto to, sides.environments_of(request.to));
  if (!from && !to) return std::vector<Pair>{{"", request.from, request.to}};
  // Beside one environment's side a whole release stands for its part in it.
  bool named = !from ? configuration.find(model::EnvironmentName(request.from)) != nullptr
                     : !to && configuration.find(model::EnvironmentName(request.to)) != nullptr;
  if ((!from || !to) && !named)
    return Error(ErrorCode::kUsage, "one side is about every environment, and the other is not",
                 "say which: pawl diff " + (from ? request.from : request.to) + "@ENVIRONMENT ...");
  Environments wanted = !from ? Environments{model::EnvironmentName(request.from)}
                        : !to ? Environments{model::EnvironmentName(request.to)}
                              : *from;
  std::vector<Pair> pairs;
  for (const model::EnvironmentName& name : wanted) {
    bool both = !to || !from || std::find(to->begin(), to->end(), name) != to->end();
    if (both) pairs.push_back({name.str(), at(request.from, from, name), at(request.to, to, name)});
  }
  return pairs;
}

Result<api::DiffPartView> compare(World& world, const Context& context, Sides& sides, const Pair& pair) {
  format::Arena arena;
  PAWL_ASSIGN(Side from, sides.read(arena, pair.from));
  PAWL_ASSIGN(Side to, sides.read(arena, pair.to));
  set_namespaces_aside(arena, from, to);
  std::vector<drift::ObjectChange> changes = drift::difference(from.objects, to.objects);
  bool same_place = from.environment && from.environment == to.environment;
  if (same_place && from.basis && to.basis)
    explain_changes(world, context, *from.basis, *to.basis, *from.environment, changes);
  return api::DiffPartView{same_place ? from.environment->str() : "", view(changes)};
}

}  // namespace

Result<api::DiffResponse> diff(World& world, const Context& context, const api::DiffRequest& request) {
  api::DiffResponse out{request.from, request.to, {}};
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_for_names(world, context, moment));
    Sides sides(world, context, moment, configuration);
    PAWL_ASSIGN(std::vector<Pair> pairs, pairs_of(sides, configuration, request));
    for (const Pair& pair : pairs) {
      PAWL_ASSIGN(api::DiffPartView part, compare(world, context, sides, pair));
      out.parts.push_back(std::move(part));
    }
    return {};
  }));
  return out;
}

}  // namespace pawl::engine
