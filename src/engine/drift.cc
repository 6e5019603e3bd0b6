#include "engine/compare.h"
#include "engine/facts.h"
#include "engine/verbs.h"
#include "engine/views.h"

namespace pawl::engine {

namespace {

// Who changed the object, as far as the target knows that of its file.
std::string who_changed(const ports::Live& live, const drift::ObjectChange& change) {
  auto found = live.changed_by.find(change.layer + "/" + model::file_name(change.id));
  return found == live.changed_by.end() ? "" : found->second;
}

}  // namespace

Result<api::DriftView> drift_of_environment(World& world, const Context& context,
                                            const model::Configuration& configuration,
                                            const model::Environment& environment) {
  api::DriftView out{.environment = environment.name.str()};
  std::optional<plan::EnvironmentState> state;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(state, moment.records.load<plan::EnvironmentState>(
                           plan::key::environment(configuration.project, environment.name)));
    return {};
  }));
  if (!state->head) {
    out.note = "nothing is there yet";
    return out;
  }
  if (state->pending) {
    out.paused = true;
    out.note = "promotion " + std::to_string(state->pending->promotion) +
               " is pending; drift is looked for again when it has ended";
    return out;
  }
  format::Arena arena;
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, state->head->bundle));
  PAWL_ASSIGN(std::vector<drift::DriftObject> wanted, read_objects(world, context, arena, bundle));
  PAWL_ASSIGN(std::shared_ptr<ports::Target> target, world.targets->open(context, environment.target));
  PAWL_ASSIGN_WITHIN(ports::Live live, target->read(context), "reading the target of " + environment.name.str());
  std::vector<std::string> unreadable;
  std::vector<drift::DriftObject> found = objects_of_live(arena, live, unreadable);
  std::vector<drift::ObjectChange> changes = drift::difference(wanted, found);
  for (drift::ObjectChange& change : changes) change.changed_by = who_changed(live, change);
  out.changes = view(changes);
  out.foreign = live.foreign;
  for (const std::string& layer : unreadable)
    out.note += (out.note.empty() ? "" : "; ") + ("layer " + layer + " is not YAML any more");
  PAWL_ASSIGN(ports::TargetState receipt, target->inspect(context));
  bool other = !receipt.receipt || receipt.receipt->bundle != state->head->bundle;
  if (other) out.note += (out.note.empty() ? "" : "; ") + std::string("the target's receipt names another bundle");
  return out;
}

Result<api::DriftResponse> drift_of(World& world, const Context& context, const api::DriftRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<model::Configuration> configuration;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(configuration, configuration_in_force(world, context, moment.records, project));
    return {};
  }));
  if (!request.environment.empty()) PAWL_TRY(find_environment(*configuration, request.environment));
  api::DriftResponse out;
  for (const model::Environment* environment : configuration->in_pipeline_order()) {
    if (!request.environment.empty() && environment->name.str() != request.environment) continue;
    PAWL_ASSIGN(api::DriftView one, drift_of_environment(world, context, *configuration, *environment));
    bool receipt_differs = !one.paused && !one.note.empty() && one.note != "nothing is there yet";
    out.drifted |= !one.changes.objects.empty() || receipt_differs;
    out.environments.push_back(std::move(one));
  }
  return out;
}

}  // namespace pawl::engine
