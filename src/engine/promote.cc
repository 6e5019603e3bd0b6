#include <thread>

#include "core/plan/authorize.h"
#include "engine/configure.h"
#include "engine/drive.h"
#include "engine/facts.h"
#include "engine/promotion.h"
#include "engine/verbs.h"
#include "engine/views.h"

namespace pawl::engine {

namespace {

// Where the environment stands with regard to the proposal.
enum class Standing : std::uint8_t {
  kNew,        // open a promotion
  kOpen,       // one for this release is open: go on with it
  kDone,       // the same release is the verified head and the target says so
  kUnchecked,  // the same release is the head and its latest promotion failed its checks: run those again
};

struct Prepared {
  model::Configuration configuration;
  Proposal proposal;
  Standing standing = Standing::kNew;
  std::uint64_t number = 0;
  std::vector<std::string> notes;
};

bool needs_known_person(const model::Environment& environment) {
  for (const model::Gate& gate : environment.gates) {
    if (std::holds_alternative<model::ApprovalGate>(gate)) return true;
  }
  return false;
}

Status check_requester(World& world, const model::Configuration& configuration, const model::Environment& environment,
                       std::string_view verb) {
  PAWL_ASSIGN(model::Actor actor, current_actor(world));
  PAWL_TRY(plan::authorize(configuration, actor, verb, &environment));
  bool stranger = !plan::person_of(configuration, actor);
  if (verb == "promote" && needs_known_person(environment) && stranger) {
    return Error(ErrorCode::kDenied,
                 environment.name.str() +
                     " asks for approvals, so its promotions are signed by a person that the configuration knows",
                 "sign with your key: PAWL_KEY=FILE");
  }
  return {};
}

Result<bool> target_holds(World& world, const Context& context, const model::Environment& environment,
                          const crypto::Digest& bundle) {
  PAWL_ASSIGN(std::shared_ptr<ports::Target> target, world.targets->open(context, environment.target));
  PAWL_ASSIGN(ports::TargetState state, target->inspect(context));
  return state.receipt && state.receipt->bundle == bundle;
}

Status find_standing(World& world, const Context& context, const Moment& moment, const model::Environment& environment,
                     Prepared& out) {
  const model::ProjectName& project = out.configuration.project;
  const plan::Records& records = moment.records;
  PAWL_ASSIGN(plan::EnvironmentState state,
              records.load<plan::EnvironmentState>(plan::key::environment(project, environment.name)));
  for (std::uint64_t number : state.open) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                records.find<plan::PromotionState>(plan::key::promotion(project, number)));
    bool same = open && open->opened.release == out.proposal.release && open->opened.bundle == out.proposal.bundle &&
                open->opened.kind == plan::PromotionKind::kPromote;
    if (same) {
      out.standing = Standing::kOpen;
      out.number = number;
      return {};
    }
  }
  bool same_head =
      state.head && state.head->bundle == out.proposal.bundle && state.head->release == out.proposal.release;
  if (!same_head || state.degraded) return {};
  PAWL_ASSIGN(bool holds, target_holds(world, context, environment, out.proposal.bundle));
  if (!holds) return {};
  PAWL_ASSIGN(plan::BundleState bundle,
              records.load<plan::BundleState>(plan::key::bundle(project, environment.name, out.proposal.bundle)));
  if (plan::verification(bundle, model::digest_of_checks(environment), moment.now).verified) {
    out.standing = Standing::kDone;
    return {};
  }
  PAWL_ASSIGN(std::optional<plan::PromotionState> latest,
              records.find<plan::PromotionState>(plan::key::promotion(project, state.latest)));
  bool failed = latest && latest->opened.bundle == out.proposal.bundle && latest->applied_at &&
                (latest->outcome() == plan::Outcome::kFailed || latest->outcome() == plan::Outcome::kErrored);
  bool same_checks = latest && latest->opened.configuration == out.proposal.configuration;
  if (failed && same_checks) {
    out.standing = Standing::kUnchecked;
    out.number = state.latest;
  }
  return {};
}

Result<Prepared> prepare(World& world, const Context& context, const api::PromoteRequest& request) {
  Prepared out{{},
               {.bundle = crypto::sha256(""), .plan = crypto::sha256(""), .configuration = crypto::sha256("")},
               Standing::kNew,
               0,
               {}};
  PAWL_ASSIGN(std::string said, take_over_configuration(world, context));
  if (!said.empty()) out.notes.push_back(said);
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(out.configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(out.configuration, request.environment));
    PAWL_TRY(check_requester(world, out.configuration, *environment, "promote"));
    PAWL_ASSIGN(out.proposal,
                propose(world, context, moment, out.configuration, *environment, request.release, request.layers));
    return find_standing(world, context, moment, *environment, out);
  }));
  return out;
}

Result<api::PromoteResponse> nothing_to_do(const Prepared& prepared) {
  api::PromoteResponse out;
  out.answer = "nothing";
  out.version = prepared.proposal.version;
  out.bundle = prepared.proposal.bundle.str();
  out.promotion.environment = prepared.proposal.environment.str();
  out.promotion.version = prepared.proposal.version;
  out.notes = prepared.notes;
  return out;
}

Status retry_number(World& world, const Context& context, const model::ProjectName& project, std::uint64_t number) {
  return write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(std::optional<plan::PromotionState> state,
                writing.records().find<plan::PromotionState>(plan::key::promotion(project, number)));
    if (!state) return Error(ErrorCode::kNotFound, "there is no promotion to try again");
    return writing.append(plan::PromotionRetried{number, state->attempt + 1});
  });
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
    PAWL_ASSIGN(response,
                drive_to_response(world, context, project, response.promotion.number, std::move(response.notes)));
  }
  return response;
}

Result<api::PromoteResponse> go(World& world, const Context& context, const api::PromoteRequest& request,
                                Prepared& prepared) {
  const model::ProjectName& project = prepared.configuration.project;
  switch (prepared.standing) {
    case Standing::kDone:
      return nothing_to_do(prepared);
    case Standing::kOpen:
      return drive_to_response(world, context, project, prepared.number, prepared.notes);
    case Standing::kUnchecked:
      PAWL_TRY(retry_number(world, context, project, prepared.number));
      return drive_to_response(world, context, project, prepared.number, prepared.notes);
    case Standing::kNew:
      break;
  }
  PAWL_ASSIGN(const model::Environment* environment, find_environment(prepared.configuration, request.environment));
  PAWL_TRY(check_bundle(world, context, prepared.proposal.bundle));
  PAWL_TRY(check_target(world, context, prepared.configuration, *environment, request.adopt));
  PAWL_ASSIGN(api::PromoteResponse out, open_and_drive(world, context, project, prepared.proposal,
                                                       {request.reason, request.adopt, request.supersede, false}));
  out.notes.insert(out.notes.begin(), prepared.notes.begin(), prepared.notes.end());
  return out;
}

Result<api::PromoteResponse> roll_back_if_told(World& world, const Context& context, const Prepared& prepared,
                                               api::PromoteResponse response) {
  const model::Environment* environment = prepared.configuration.find(prepared.proposal.environment);
  bool failed_after_head = response.answer == "failed" && response.promotion.applied_at.has_value();
  if (environment == nullptr || !environment->rollback_on_failure || !failed_after_head) return response;
  api::RollbackRequest back{.environment = environment->name.str(),
                            .reason = "verification failed: " + response.promotion.reason};
  Result<api::PromoteResponse> rolled = rollback(world, context, back);
  response.notes.push_back(rolled ? "rolled back to " + rolled->version + " (promotion " +
                                        std::to_string(rolled->promotion.number) + ")"
                                  : "it could not be rolled back: " + rolled.error().text());
  return response;
}

}  // namespace

Result<api::PromoteResponse> promote(World& world, const Context& context, const api::PromoteRequest& request) {
  PAWL_ASSIGN(Prepared prepared, prepare(world, context, request));
  bool other_plan =
      !request.plan.empty() && prepared.standing == Standing::kNew && prepared.proposal.plan.str() != request.plan;
  if (other_plan)
    return Error(ErrorCode::kConflict, "the plan is another one now, " + prepared.proposal.plan.brief(),
                 "look at it again: pawl plan --to " + request.environment);
  if (request.dry_run) {
    PAWL_ASSIGN(api::PromoteResponse out, nothing_to_do(prepared));
    out.answer = prepared.standing == Standing::kDone ? "nothing" : "would";
    return out;
  }
  PAWL_ASSIGN(api::PromoteResponse out, go(world, context, request, prepared));
  if (request.wait) {
    PAWL_ASSIGN(out, wait_for(world, context, prepared.configuration.project, std::move(out)));
  }
  return roll_back_if_told(world, context, prepared, std::move(out));
}

Result<api::PromoteResponse> retry(World& world, const Context& context, const api::RetryRequest& request) {
  PAWL_ASSIGN(std::string said, take_over_configuration(world, context));
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::uint64_t number = 0;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_TRY(check_requester(world, configuration, *environment, "promote"));
    PAWL_ASSIGN(plan::EnvironmentState state,
                moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment->name)));
    number = state.latest;
    return {};
  }));
  if (number == 0) return Error(ErrorCode::kNotFound, "nothing was promoted to " + request.environment + " yet");
  PAWL_TRY(retry_number(world, context, project, number));
  return drive_to_response(world, context, project, number, {});
}

Result<api::PromoteResponse> abort(World& world, const Context& context, const api::AbortRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::uint64_t number = 0;
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, writing.records(), project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_TRY(plan::authorize(configuration, writing.actor(), "promote", environment));
    PAWL_ASSIGN(plan::EnvironmentState state,
                writing.records().load<plan::EnvironmentState>(plan::key::environment(project, environment->name)));
    if (state.open.empty()) return Error(ErrorCode::kNotFound, "no promotion is open in " + request.environment);
    number = state.open.back();
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                writing.records().find<plan::PromotionState>(plan::key::promotion(project, number)));
    std::uint64_t epoch = open->phase == plan::Phase::kWaiting ? 0 : open->epoch;
    std::string reason = request.reason.empty() ? "aborted by " + writing.actor().subject : request.reason;
    return writing.append(
        plan::PromotionFinished{number, open->attempt, epoch, plan::Outcome::kAborted, reason, {}, std::nullopt});
  }));
  return drive_to_response(world, context, project, number, {});
}

Result<api::HoldResponse> hold(World& world, const Context& context, const api::HoldRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, writing.records(), project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_TRY(plan::authorize(configuration, writing.actor(), "promote", environment));
    return writing.append(plan::EnvironmentHeld{environment->name, !request.off, request.reason});
  }));
  return api::HoldResponse{request.environment, !request.off, request.reason};
}

}  // namespace pawl::engine
