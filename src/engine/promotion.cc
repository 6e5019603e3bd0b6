#include "engine/promotion.h"

#include "core/plan/authorize.h"
#include "core/plan/fold.h"
#include "engine/drive.h"
#include "engine/facts.h"
#include "engine/request.h"
#include "engine/views.h"

namespace pawl::engine {

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
      return "stopped";  // by somebody else: abort itself answers "aborted"
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

Result<api::PromoteResponse> would_respond(World& world, const Context& context, const model::ProjectName& project,
                                           std::uint64_t number) {
  PAWL_ASSIGN(plan::PromotionState state, promotion_state(world, context, project, number));
  api::PromoteResponse out;
  out.answer = "would";
  out.bundle = state.opened.bundle.str();
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(out.promotion, view(moment.records, project, state));
    return {};
  }));
  out.version = out.promotion.version;
  return out;
}

namespace {

Error in_the_way(const plan::PromotionState& open, bool waiting) {
  std::string where = open.opened.environment.str();
  std::string which = "promotion " + std::to_string(open.opened.number);
  if (waiting)
    return Error(ErrorCode::kConflict, which + " waits in " + where, "--supersede ends it, and its approvals with it");
  return Error(ErrorCode::kConflict, which + " is running in " + where, "wait for it, or end it: pawl abort " + where);
}

// Ends what is open and in the way, as far as the opening may. One of other layers is not in the way; but one process
// writes to a target at a time, so that what runs ends before a rollback begins.
Status make_way(Writing& writing, const model::ProjectName& project, const Proposal& proposal,
                const plan::EnvironmentState& environment, const Opening& opening) {
  for (std::uint64_t number : environment.open) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                writing.records().find<plan::PromotionState>(plan::key::promotion(project, number)));
    if (!open) continue;
    bool waiting = open->phase == plan::Phase::kWaiting;
    bool apart = !plan::overlap(open->opened.layers, proposal.layers);
    if (apart && (waiting || !opening.fence_off)) continue;
    bool may_end = opening.fence_off || (waiting && opening.supersede);
    if (!may_end) return in_the_way(*open, waiting);
    std::string reason = opening.reason.empty() ? "another promotion took its place" : opening.reason;
    PAWL_TRY(writing.append(plan::PromotionFinished{
        number, open->attempt, waiting ? 0 : open->epoch, plan::Outcome::kSuperseded, reason, {}, std::nullopt}));
  }
  return {};
}

// What the proposal was made under must still be so, and whoever asks must still be allowed to.
Status check_opening(const Writing& writing, const model::Configuration& configuration, const Proposal& proposal,
                     const Opening& opening) {
  if (model::digest_of(configuration) != proposal.configuration)
    return Error(ErrorCode::kConflict, "another configuration came into force meanwhile", "try again");
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, proposal.environment.str()));
  if (opening.automatic) return {};
  return plan::authorize(configuration, writing.actor(), opening.verb, environment);
}

plan::PromotionOpened opened_as(const Proposal& proposal, const Opening& opening, std::uint64_t number,
                                std::string requester, std::optional<crypto::Digest> request) {
  return {number,          proposal.kind, proposal.environment,   proposal.bundle,      proposal.release, proposal.from,
          proposal.layers, proposal.plan, proposal.configuration, std::move(requester), opening.reason,   opening.adopt,
          request};
}

}  // namespace

Result<api::PromoteResponse> open_and_drive(World& world, const Context& context, const model::ProjectName& project,
                                            const Proposal& proposal, const Opening& opening) {
  PAWL_ASSIGN(std::optional<crypto::Digest> request,
              sign_request(world, context, project,
                           {std::string(plan::name_of(proposal.kind)), proposal.environment.str(), proposal.bundle,
                            opening.reason, proposal.plan}));
  std::uint64_t number = 0;
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(plan::ProjectState state, writing.records().load<plan::ProjectState>(plan::key::project(project)));
    PAWL_ASSIGN(plan::EnvironmentState environment,
                writing.records().load<plan::EnvironmentState>(plan::key::environment(project, proposal.environment)));
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, writing.records(), project));
    PAWL_TRY(check_opening(writing, configuration, proposal, opening));
    PAWL_TRY(make_way(writing, project, proposal, environment, opening));
    std::optional<model::PersonName> person = plan::person_of(configuration, writing.actor());
    number = state.promotions + 1;
    std::string requester = person ? person->str() : writing.actor().subject;
    return writing.append(opened_as(proposal, opening, number, std::move(requester), request));
  }));
  return drive_to_response(world, context, project, number, {});
}

}  // namespace pawl::engine
