#include "engine/promotion.h"

#include <algorithm>
#include <map>

#include "core/bundle/build.h"
#include "core/plan/authorize.h"
#include "engine/drive.h"
#include "engine/facts.h"
#include "engine/records.h"
#include "engine/views.h"

namespace pawl::engine {

Result<plan::ReleaseState> default_release(World&, const Moment& moment, const model::Configuration& configuration,
                                           const model::Environment& environment) {
  const model::ProjectName& project = configuration.project;
  if (environment.promotes_from.empty()) {
    PAWL_ASSIGN(plan::ProjectState state, moment.records.load<plan::ProjectState>(plan::key::project(project)));
    PAWL_ASSIGN(std::optional<plan::ReleaseState> newest, release_by_serial(moment.records, project, state.releases));
    if (!newest)
      return Error(ErrorCode::kNotFound, "there is no release of " + project.str() + " yet", "pawl release VERSION");
    return std::move(*newest);
  }
  std::map<std::uint64_t, std::vector<std::string>> found;
  std::string why;
  for (const model::EnvironmentName& name : environment.promotes_from) {
    PAWL_ASSIGN(const model::Environment* upstream, find_environment(configuration, name.str()));
    PAWL_ASSIGN(plan::EnvironmentState state,
                moment.records.load<plan::EnvironmentState>(plan::key::environment(project, name)));
    if (!state.head) {
      why += (why.empty() ? "" : "; ") + ("nothing is in " + name.str() + " yet");
      continue;
    }
    PAWL_ASSIGN(plan::BundleState bundle,
                moment.records.load<plan::BundleState>(plan::key::bundle(project, name, state.head->bundle)));
    plan::Verification verified = plan::verification(bundle, model::digest_of_checks(*upstream), moment.now);
    if (verified.verified && state.head->release != 0)
      found[state.head->release].push_back(name.str());
    else
      why += (why.empty() ? "" : "; ") +
             ("the head of " + name.str() + " is " +
              (state.head->release == 0 ? "assembled from layers of several releases" : verified.words));
  }
  if (found.empty())
    return Error(ErrorCode::kNo, "no release may go to " + environment.name.str() + ": " + why,
                 "pawl promote --to " + environment.promotes_from[0].str());
  if (found.size() > 1) {
    std::string list;
    for (const auto& [serial, names] : found)
      list += (list.empty() ? "r" : ", r") + std::to_string(serial) + " in " + names[0];
    return Error(ErrorCode::kUsage,
                 "the environments upstream of " + environment.name.str() + " hold different releases: " + list,
                 "name the release");
  }
  PAWL_ASSIGN(std::optional<plan::ReleaseState> release,
              release_by_serial(moment.records, project, found.begin()->first));
  if (!release)
    return Error(ErrorCode::kIntegrity, "release r" + std::to_string(found.begin()->first) + " has no record",
                 "pawl audit verify --replay");
  return std::move(*release);
}

namespace {

// A bundle of this environment's head with the named layers of the release's bundle.
Result<crypto::Digest> assemble(World& world, const Context& context, const model::ProjectName& project,
                                const model::EnvironmentName& environment, const crypto::Digest& head,
                                const crypto::Digest& release_bundle, const std::vector<std::string>& layers) {
  PAWL_ASSIGN(model::Bundle old, read_bundle(world, context, head));
  PAWL_ASSIGN(model::Bundle fresh, read_bundle(world, context, release_bundle));
  std::map<crypto::Digest, model::Inventory> inventories;
  PAWL_ASSIGN(model::Inventory old_inventory, read_inventory(world, context, old));
  PAWL_ASSIGN(model::Inventory fresh_inventory, read_inventory(world, context, fresh));
  inventories.emplace(head, std::move(old_inventory));
  inventories.emplace(release_bundle, std::move(fresh_inventory));
  std::vector<bundle::LayerChoice> choices;
  auto wanted = [&](const model::LayerName& name) {
    return std::find(layers.begin(), layers.end(), name.str()) != layers.end();
  };
  for (const std::string& name : layers) {
    bool there =
        std::any_of(fresh.layers.begin(), fresh.layers.end(), [&](const auto& l) { return l.name.str() == name; });
    if (!there)
      return Error(ErrorCode::kNotFound, "the release has no layer \"" + name + "\" for " + environment.str());
  }
  for (const model::BundleLayer& layer : old.layers) {
    auto replacement =
        std::find_if(fresh.layers.begin(), fresh.layers.end(), [&](const auto& l) { return l.name == layer.name; });
    bool replace = wanted(layer.name) && replacement != fresh.layers.end();
    choices.push_back({replace ? *replacement : layer, replace ? release_bundle : head});
  }
  for (const model::BundleLayer& layer : fresh.layers) {
    bool known = std::any_of(old.layers.begin(), old.layers.end(), [&](const auto& l) { return l.name == layer.name; });
    if (!known && wanted(layer.name)) choices.push_back({layer, release_bundle});
  }
  PAWL_ASSIGN(bundle::BuiltBundle built, bundle::assemble_bundle(project, environment, choices, inventories));
  for (const bundle::Blob& blob : built.blobs)
    PAWL_TRY(world.blobs->put(context, blob.descriptor.media_type, blob.bytes));
  return built.manifest().descriptor.digest;
}

}  // namespace

Result<Proposal> propose(World& world, const Context& context, const Moment& moment,
                         const model::Configuration& configuration, const model::Environment& environment,
                         const std::string& name, const std::vector<std::string>& layers) {
  const model::ProjectName& project = configuration.project;
  Result<plan::ReleaseState> release = name.empty() ? default_release(world, moment, configuration, environment)
                                                    : find_release(moment.records, project, name);
  if (!release) return std::move(release).error();
  PAWL_ASSIGN(model::Release document, read_release(world, context, release->release));
  const model::ReleaseBundle* bundle = document.find(environment.name);
  if (bundle == nullptr) {
    return Error(ErrorCode::kNotFound,
                 "release " + release->versions.back() + " has no bundle for " + environment.name.str() +
                     ", which came after it",
                 "cut a new release: pawl release VERSION");
  }
  PAWL_ASSIGN(plan::EnvironmentState state,
              moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment.name)));
  crypto::Digest to = bundle->bundle.digest;
  Proposal out{.environment = environment.name,
               .bundle = to,
               .release = release->serial,
               .version = release->versions.back(),
               .plan = to,
               .configuration = model::digest_of(configuration)};
  if (state.head) {
    out.from = state.head->bundle;
    out.from_release = state.head->release;
  }
  bool older = state.head && release->serial < state.head->release && !state.degraded;
  if (older) {
    return Error(ErrorCode::kConflict,
                 "release " + out.version + " (r" + std::to_string(release->serial) + ") is older than the one in " +
                     environment.name.str() + " (r" + std::to_string(state.head->release) + ")",
                 "pawl rollback " + environment.name.str() + " --to " + out.version + " --reason \"...\"");
  }
  if (!layers.empty()) {
    if (!state.head)
      return Error(ErrorCode::kConflict,
                   "nothing is in " + environment.name.str() + " yet, so a layer alone cannot be promoted",
                   "promote the whole release first");
    PAWL_ASSIGN(out.bundle, assemble(world, context, project, environment.name, state.head->bundle, to, layers));
    for (const std::string& layer : layers) out.layers.emplace_back(layer);
  }
  out.plan = plan_digest(configuration, environment, out.from, out.bundle);
  return out;
}

Status check_bundle(World& world, const Context& context, const crypto::Digest& digest) {
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, digest));
  PAWL_TRY(read_inventory(world, context, bundle));
  for (const model::BundleLayer& layer : bundle.layers)
    PAWL_TRY_WITHIN(world.blobs->get(context, layer.blob.digest), "checking layer " + layer.name.str());
  return {};
}

Status check_target(World& world, const Context& context, const model::Configuration& configuration,
                    const model::Environment& environment, bool adopt) {
  PAWL_ASSIGN(std::shared_ptr<ports::Target> target, world.targets->open(context, environment.target));
  PAWL_ASSIGN_WITHIN(ports::TargetState state, target->inspect(context),
                     "looking at the target of " + environment.name.str());
  if (adopt) return {};
  std::string place = model::identity(environment.target);
  if (state.foreign)
    return Error(ErrorCode::kConflict, place + " holds what Pawl did not put there",
                 "promote with --adopt to take it over; foreign files are kept");
  bool other = state.receipt && (state.receipt->project != configuration.project.str() ||
                                 state.receipt->environment != environment.name.str());
  if (other)
    return Error(ErrorCode::kConflict,
                 place + " belongs to " + state.receipt->environment + " of project " + state.receipt->project,
                 "give the environment a target of its own, or promote with --adopt");
  return {};
}

namespace {

std::string answer_of(const plan::PromotionState& state) {
  switch (state.phase) {
    case plan::Phase::kWaiting:
      return "waiting";
    case plan::Phase::kRunning:
    case plan::Phase::kApplied:
      return "running";
    case plan::Phase::kFinished:
      break;
  }
  switch (*state.outcome()) {
    case plan::Outcome::kSucceeded:
      return "done";
    case plan::Outcome::kFailed:
      return "failed";
    case plan::Outcome::kErrored:
      return "errored";
    case plan::Outcome::kBlocked:
      return "blocked";
    case plan::Outcome::kAborted:
      return "aborted";
    case plan::Outcome::kSuperseded:
      return "superseded";
  }
  return "";
}

// The present answers of a waiting promotion's gates: they are computed, not recorded.
Status refresh_gates(World& world, const Context& context, const model::ProjectName& project,
                     const plan::PromotionState& state, Moment& moment, api::PromotionView& view) {
  if (state.phase != plan::Phase::kWaiting) return {};
  PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
  PAWL_ASSIGN(std::vector<plan::GateAnswer> answers, ask_gates(world, context, moment, configuration, state.opened));
  view.gates = views(answers);
  return {};
}

}  // namespace

Result<api::PromoteResponse> drive_to_response(World& world, const Context& context, const model::ProjectName& project,
                                               std::uint64_t number, std::vector<std::string> notes) {
  PAWL_ASSIGN(plan::PromotionState state, drive(world, context, project, number));
  api::PromoteResponse out;
  out.notes = std::move(notes);
  out.answer = answer_of(state);
  out.bundle = state.opened.bundle.str();
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, state.opened.bundle));
  for (const model::BundleLayer& layer : bundle.layers) out.objects += layer.objects;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(out.promotion, view(moment.records, project, state));
    return refresh_gates(world, context, project, state, moment, out.promotion);
  }));
  out.version = out.promotion.version;
  return out;
}

namespace {

// The request as the person signed it, kept as evidence; nullopt without a personal key.
Result<std::optional<crypto::Digest>> sign_request(World& world, const Context& context,
                                                   const model::ProjectName& project, const Proposal& proposal,
                                                   const Opening& opening) {
  PAWL_ASSIGN(std::optional<crypto::PublicKey> key, world.signer->public_key(ports::KeyRole::kPersonal));
  if (!key) return std::optional<crypto::Digest>();
  model::Statement statement{.predicate_type = std::string(model::kRequestPredicate)};
  format::Arena& arena = *statement.predicate.arena;
  statement.subjects.push_back({proposal.environment.str(), proposal.bundle});
  format::Value predicate = format::Value::map();
  predicate.set(arena, "verb", plan::name_of(proposal.kind));
  predicate.set(arena, "project", project.str());
  predicate.set(arena, "environment", proposal.environment.str());
  predicate.set(arena, "plan", proposal.plan.str());
  predicate.set(arena, "nonce", crypto::sha256(world.entropy->bytes(32)).hex());
  predicate.set(arena, "reason", opening.reason);
  statement.predicate.root = predicate;
  PAWL_ASSIGN(std::string manifest, world.blobs->get(context, proposal.bundle));
  model::Descriptor subject = model::describe(model::kManifestType, manifest);
  PAWL_ASSIGN(crypto::Digest record, attach_record(world, context, ports::KeyRole::kPersonal, statement, subject));
  return std::optional<crypto::Digest>(record);
}

// Ends what is open and in the way, as far as the opening may.
Status make_way(Writing& writing, const model::ProjectName& project, const plan::EnvironmentState& environment,
                const Opening& opening) {
  for (std::uint64_t number : environment.open) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                writing.records().find<plan::PromotionState>(plan::key::promotion(project, number)));
    if (!open) continue;
    bool waiting = open->phase == plan::Phase::kWaiting;
    if (!waiting && !opening.fence_off) {
      return Error(ErrorCode::kConflict,
                   "promotion " + std::to_string(number) + " is running in " + open->opened.environment.str(),
                   "wait for it, or end it: pawl abort " + open->opened.environment.str());
    }
    if (waiting && !opening.supersede && !opening.fence_off) {
      return Error(ErrorCode::kConflict,
                   "promotion " + std::to_string(number) + " waits in " + open->opened.environment.str(),
                   "--supersede ends it, and its approvals with it");
    }
    std::uint64_t epoch = waiting ? 0 : open->epoch;
    PAWL_TRY(writing.append(
        plan::PromotionFinished{number,
                                open->attempt,
                                epoch,
                                plan::Outcome::kSuperseded,
                                opening.reason.empty() ? "another promotion took its place" : opening.reason,
                                {},
                                std::nullopt}));
  }
  return {};
}

}  // namespace

Result<api::PromoteResponse> open_and_drive(World& world, const Context& context, const model::ProjectName& project,
                                            const Proposal& proposal, const Opening& opening) {
  PAWL_ASSIGN(std::optional<crypto::Digest> request, sign_request(world, context, project, proposal, opening));
  std::uint64_t number = 0;
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(plan::ProjectState state, writing.records().load<plan::ProjectState>(plan::key::project(project)));
    PAWL_ASSIGN(plan::EnvironmentState environment,
                writing.records().load<plan::EnvironmentState>(plan::key::environment(project, proposal.environment)));
    PAWL_TRY(make_way(writing, project, environment, opening));
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, writing.records(), project));
    std::optional<model::PersonName> person = plan::person_of(configuration, writing.actor());
    number = state.promotions + 1;
    return writing.append(plan::PromotionOpened{
        number, proposal.kind, proposal.environment, proposal.bundle, proposal.release, proposal.from, proposal.layers,
        proposal.plan, proposal.configuration, person ? person->str() : writing.actor().subject, opening.reason,
        opening.adopt, request});
  }));
  return drive_to_response(world, context, project, number, {});
}

}  // namespace pawl::engine
