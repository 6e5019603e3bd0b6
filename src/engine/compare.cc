#include "engine/compare.h"

#include <algorithm>

#include "core/bundle/build.h"
#include "engine/content.h"
#include "engine/drive.h"
#include "engine/facts.h"
#include "engine/promotion.h"
#include "engine/verbs.h"
#include "engine/views.h"

namespace pawl::engine {

namespace {

std::vector<drift::DriftObject> objects_of_live(format::Arena& arena, const ports::Live& live,
                                                std::vector<std::string>& unreadable) {
  std::vector<drift::DriftObject> out;
  for (const auto& [layer, text] : live.layers) {
    Result<std::vector<drift::DriftObject>> objects = drift::objects_of(arena, layer, text);
    if (objects)
      out.insert(out.end(), objects->begin(), objects->end());
    else
      unreadable.push_back(layer);
  }
  return out;
}

Result<std::vector<drift::ObjectChange>> between(World& world, const Context& context,
                                                 const std::optional<crypto::Digest>& from, const crypto::Digest& to) {
  format::Arena arena;
  std::vector<drift::DriftObject> before;
  if (from) {
    PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, *from));
    PAWL_ASSIGN(before, read_objects(world, context, arena, bundle));
  }
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, to));
  PAWL_ASSIGN(std::vector<drift::DriftObject> after, read_objects(world, context, arena, bundle));
  return drift::difference(before, after);
}

}  // namespace

Result<std::vector<drift::ObjectChange>> bundle_difference(World& world, const Context& context,
                                                           const std::optional<crypto::Digest>& from,
                                                           const crypto::Digest& to) {
  if (from == to) return std::vector<drift::ObjectChange>();
  return between(world, context, from, to);
}

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

Result<api::PlanResponse> plan_promotion(World& world, const Context& context, const api::PlanRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::PlanResponse out;
  std::optional<Proposal> proposal;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_ASSIGN(proposal,
                propose(world, context, moment, configuration, *environment, request.release, request.layers));
    plan::PromotionOpened opened{.environment = environment->name,
                                 .bundle = proposal->bundle,
                                 .release = proposal->release,
                                 .from = proposal->from,
                                 .plan = proposal->plan,
                                 .configuration = proposal->configuration};
    PAWL_ASSIGN(std::vector<plan::GateAnswer> answers, ask_gates(world, context, moment, configuration, opened));
    out.gates = views(answers);
    out.verdict = plan::name_of(plan::verdict(answers));
    PAWL_ASSIGN(std::optional<plan::ReleaseState> from,
                release_by_serial(moment.records, project, proposal->from_release));
    if (from) out.from_version = from->versions.back();
    if (Status target = check_target(world, context, configuration, *environment, false); !target)
      out.notes.push_back(target.error().text());
    return {};
  }));
  out.environment = request.environment;
  out.version = proposal->version;
  out.serial = "r" + std::to_string(proposal->release);
  out.bundle = proposal->bundle.str();
  out.from = proposal->from ? proposal->from->str() : "";
  out.plan = proposal->plan.str();
  out.layers = request.layers;
  PAWL_ASSIGN(std::vector<drift::ObjectChange> changes,
              bundle_difference(world, context, proposal->from, proposal->bundle));
  out.changes = view(changes);
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, proposal->bundle));
  PAWL_ASSIGN(model::Inventory inventory, read_inventory(world, context, bundle));
  for (const model::InventorySecret& secret : inventory.secrets) {
    if (!secret.plain_reason.empty())
      out.notes.push_back(secret.object + " is readable in the release: " + secret.plain_reason);
  }
  return out;
}

namespace {

struct Side {
  std::string words;
  std::vector<drift::DriftObject> objects;
};

// "staging", "live:staging", "1.2.0@staging", a bundle's digest.
Result<Side> read_side(World& world, const Context& context, format::Arena& arena, const Moment& moment,
                       const model::Configuration& configuration, const std::string& name) {
  const model::ProjectName& project = configuration.project;
  auto of_bundle = [&](const crypto::Digest& digest, std::string words) -> Result<Side> {
    PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, digest));
    PAWL_ASSIGN(std::vector<drift::DriftObject> objects, read_objects(world, context, arena, bundle));
    return Side{std::move(words), std::move(objects)};
  };
  if (Result<crypto::Digest> digest = crypto::Digest::parse(name)) return of_bundle(*digest, digest->brief());
  if (std::size_t at = name.rfind('@'); at != std::string::npos) {
    PAWL_ASSIGN(plan::ReleaseState release, find_release(moment.records, project, name.substr(0, at)));
    PAWL_ASSIGN(model::Release document, read_release(world, context, release.release));
    const model::ReleaseBundle* bundle = document.find(model::EnvironmentName(name.substr(at + 1)));
    if (bundle == nullptr)
      return Error(ErrorCode::kNotFound,
                   "release " + name.substr(0, at) + " has no bundle for \"" + name.substr(at + 1) + "\"");
    return of_bundle(bundle->bundle.digest, name);
  }
  bool live = name.starts_with("live:");
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, live ? name.substr(5) : name));
  if (live) {
    PAWL_ASSIGN(std::shared_ptr<ports::Target> target, world.targets->open(context, environment->target));
    PAWL_ASSIGN(ports::Live found, target->read(context));
    std::vector<std::string> unreadable;
    return Side{name, objects_of_live(arena, found, unreadable)};
  }
  PAWL_ASSIGN(plan::EnvironmentState state,
              moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment->name)));
  if (!state.head) return Error(ErrorCode::kNotFound, "nothing is in " + name + " yet", "pawl promote --to " + name);
  return of_bundle(state.head->bundle, name);
}

}  // namespace

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

}  // namespace

Result<api::DiffResponse> diff(World& world, const Context& context, const api::DiffRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  format::Arena arena;
  api::DiffResponse out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(Side from, read_side(world, context, arena, moment, configuration, request.from));
    PAWL_ASSIGN(Side to, read_side(world, context, arena, moment, configuration, request.to));
    out.from = from.words;
    out.to = to.words;
    set_namespaces_aside(arena, from, to);
    out.changes = view(drift::difference(from.objects, to.objects));
    return {};
  }));
  return out;
}

}  // namespace pawl::engine
