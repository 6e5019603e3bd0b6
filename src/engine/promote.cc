#include <thread>

#include "core/plan/authorize.h"
#include "engine/configure.h"
#include "engine/facts.h"
#include "engine/intact.h"
#include "engine/promotion.h"
#include "engine/standing.h"
#include "engine/verbs.h"
#include "engine/verified.h"

namespace pawl::engine {

namespace {

struct Prepared {
  model::Configuration configuration;
  Proposal proposal = blank_proposal(plan::PromotionKind::kPromote);
  StandingFound found;
  std::vector<std::string> notes;
};

bool needs_known_person(const model::Environment& environment) {
  for (const model::Gate& gate : environment.gates) {
    if (std::holds_alternative<model::ApprovalGate>(gate)) return true;
  }
  return false;
}

Status check_requester(World& world, const model::Configuration& configuration, const model::Environment& environment) {
  PAWL_ASSIGN(model::Actor actor, current_actor(world));
  PAWL_TRY(plan::authorize(configuration, actor, "promote", &environment));
  if (!needs_known_person(environment) || plan::person_of(configuration, actor)) return {};
  return Error(ErrorCode::kDenied,
               environment.name.str() +
                   " asks for approvals, so its promotions are signed by a person that the configuration knows",
               "sign with your key: PAWL_KEY=FILE");
}

// Who asks, under the configuration in force.
Status admit(World& world, const Context& context, const api::PromoteRequest& request, Prepared& out) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  return look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(out.configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(out.configuration, request.environment));
    return check_requester(world, out.configuration, *environment);
  });
}

Status propose_into(World& world, const Context& context, const api::PromoteRequest& request, Prepared& out) {
  return look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(const model::Environment* environment, find_environment(out.configuration, request.environment));
    PAWL_ASSIGN(out.proposal,
                propose(world, context, moment, out.configuration, *environment, request.release, request.layers));
    PAWL_ASSIGN(out.found, find_standing(world, context, moment, out.configuration, *environment, out.proposal));
    return {};
  });
}

// Records what upstream verified once and does not count any more, before anything moves on the strength of it.
// Returns whether there was such a thing.
Result<bool> let_decay(World& world, const Context& context, const api::PromoteRequest& request, Prepared& out) {
  PAWL_ASSIGN(const model::Environment* environment, find_environment(out.configuration, request.environment));
  std::optional<plan::ReleaseState> release;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    if (request.release.empty()) return {};
    PAWL_ASSIGN(release, find_release(moment.records, out.configuration.project, request.release));
    return {};
  }));
  PAWL_ASSIGN(std::vector<std::string> revoked,
              revoke_what_no_longer_holds(world, context, out.configuration, environment->promotes_from,
                                          release ? &*release : nullptr));
  out.notes.insert(out.notes.end(), revoked.begin(), revoked.end());
  return !revoked.empty();
}

Result<Prepared> prepare(World& world, const Context& context, const api::PromoteRequest& request) {
  Prepared out;
  if (!request.dry_run) {
    PAWL_ASSIGN(std::string said, take_over_configuration(world, context));
    if (!said.empty()) out.notes.push_back(said);
  }
  PAWL_TRY(admit(world, context, request, out));
  Status proposed = propose_into(world, context, request, out);
  bool nothing_moves = request.dry_run || (proposed && out.found.standing == Standing::kDone);
  if (!nothing_moves) {
    PAWL_ASSIGN(bool decayed, let_decay(world, context, request, out));
    if (decayed) proposed = propose_into(world, context, request, out);
  }
  if (!proposed) return std::move(proposed).error();
  return out;
}

api::PromoteResponse answer_without(const Prepared& prepared, std::string answer) {
  api::PromoteResponse out;
  out.answer = std::move(answer);
  out.version = prepared.proposal.version;
  out.bundle = prepared.proposal.bundle.str();
  out.promotion.environment = prepared.proposal.environment.str();
  out.promotion.version = prepared.proposal.version;
  out.notes = prepared.notes;
  return out;
}

// Goes on until the promotion has an outcome, or the deadline is over: then the waiting state is the answer.
Result<api::PromoteResponse> wait_for(World& world, const Context& context, const model::ProjectName& project,
                                      api::PromoteResponse response) {
  constexpr auto kPause = std::chrono::seconds(2);
  while (response.answer == "waiting") {
    Status go_on = context.proceed();
    if (!go_on && go_on.error().code == ErrorCode::kTimeout) return response;
    if (!go_on) return std::move(go_on).error();
    std::this_thread::sleep_for(kPause);
    Result<api::PromoteResponse> again =
        drive_to_response(world, context, project, response.promotion.number, response.notes);
    // The time may be over in the middle of asking: it still waits, and that is the answer.
    if (!again && again.error().code == ErrorCode::kTimeout) return response;
    if (!again) return std::move(again).error();
    response = std::move(*again);
  }
  return response;
}

Result<api::PromoteResponse> open_new(World& world, const Context& context, const api::PromoteRequest& request,
                                      const Prepared& prepared) {
  const model::Configuration& configuration = prepared.configuration;
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
  PAWL_TRY(check_bundle(world, context, prepared.proposal.bundle));
  PAWL_TRY(check_target(world, context, configuration, *environment, request.adopt));
  Opening opening{.reason = request.reason, .adopt = request.adopt, .supersede = request.supersede};
  PAWL_ASSIGN(api::PromoteResponse out,
              open_and_drive(world, context, configuration.project, prepared.proposal, opening));
  out.notes.insert(out.notes.begin(), prepared.notes.begin(), prepared.notes.end());
  return out;
}

Result<api::PromoteResponse> go(World& world, const Context& context, const api::PromoteRequest& request,
                                const Prepared& prepared) {
  const model::ProjectName& project = prepared.configuration.project;
  switch (prepared.found.standing) {
    case Standing::kDone:
      return answer_without(prepared, "nothing");
    case Standing::kUnchecked:
      // What decayed since is recorded first: a verified head is not checked again under its number.
      PAWL_TRY(revoke_what_no_longer_holds(world, context, prepared.configuration, {prepared.proposal.environment},
                                           nullptr));
      PAWL_TRY(begin_again(world, context, project, prepared.found.number));
      [[fallthrough]];
    case Standing::kOpen:
      return drive_to_response(world, context, project, prepared.found.number, prepared.notes);
    case Standing::kNew:
      break;
  }
  return open_new(world, context, request, prepared);
}

// A plan that was looked at binds: to what would be opened, or to what is open. What is done or there needs none.
Status check_plan(const api::PromoteRequest& request, const Prepared& prepared) {
  bool moves = prepared.found.standing == Standing::kNew || prepared.found.standing == Standing::kOpen;
  bool holds = request.plan == prepared.proposal.plan.str() ||
               (prepared.found.plan && request.plan == prepared.found.plan->str());
  if (request.plan.empty() || !moves || holds) return {};
  return Error(ErrorCode::kConflict, "the plan is another one now, " + prepared.proposal.plan.brief(),
               "look at it again: pawl plan --to " + request.environment);
}

}  // namespace

Result<api::PromoteResponse> promote(World& world, const Context& context, const api::PromoteRequest& request) {
  PAWL_ASSIGN(Prepared prepared, prepare(world, context, request));
  PAWL_TRY(check_plan(request, prepared));
  if (request.dry_run)
    return answer_without(prepared, prepared.found.standing == Standing::kDone ? "nothing" : "would");
  PAWL_ASSIGN(api::PromoteResponse out, go(world, context, request, prepared));
  if (request.wait) {
    PAWL_ASSIGN(out, wait_for(world, context, prepared.configuration.project, std::move(out)));
  }
  return roll_back_if_told(world, context, prepared.configuration, std::move(out));
}

}  // namespace pawl::engine
