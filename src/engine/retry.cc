#include "core/plan/authorize.h"
#include "engine/configure.h"
#include "engine/drive.h"
#include "engine/facts.h"
#include "engine/promotion.h"
#include "engine/request.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

// The head belongs to its target: at another one its checks alone would look at nothing.
Status check_same_target(World& world, const Context& context, const model::Configuration& configuration,
                         const plan::PromotionState& state) {
  if (!state.applied_at) return {};
  PAWL_ASSIGN(model::Configuration then, read_configuration(world, context, state.opened.configuration));
  const model::Environment* before = then.find(state.opened.environment);
  const model::Environment* now = configuration.find(state.opened.environment);
  bool same = before != nullptr && now != nullptr && model::identity(before->target) == model::identity(now->target);
  if (same) return {};
  return Error(ErrorCode::kConflict,
               "the target of " + state.opened.environment.str() + " is another one now, where nothing was applied yet",
               "pawl promote --to " + state.opened.environment.str());
}

struct Latest {
  model::Configuration configuration;
  std::uint64_t number = 0;
};

Result<Latest> find_latest(World& world, const Context& context, const model::ProjectName& project,
                           const std::string& name) {
  Latest out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(out.configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(out.configuration, name));
    PAWL_ASSIGN(model::Actor actor, current_actor(world));
    PAWL_TRY(plan::authorize(out.configuration, actor, "promote", environment));
    PAWL_ASSIGN(plan::EnvironmentState state,
                moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment->name)));
    out.number = state.latest;
    return {};
  }));
  if (out.number == 0) return Error(ErrorCode::kNotFound, "nothing was promoted to " + name + " yet");
  return out;
}

Status check_failed(const plan::PromotionState& state) {
  std::optional<plan::Outcome> outcome = state.outcome();
  if (outcome == plan::Outcome::kFailed || outcome == plan::Outcome::kErrored) return {};
  std::string is = outcome ? std::string(plan::name_of(*outcome)) : std::string(plan::name_of(state.phase));
  return Error(ErrorCode::kConflict,
               "promotion " + std::to_string(state.opened.number) + ", the latest of " +
                   state.opened.environment.str() + ", is " + is + "; only one that failed or errored is tried again",
               "pawl promote --to " + state.opened.environment.str());
}

}  // namespace

Status begin_again(World& world, const Context& context, const model::ProjectName& project, std::uint64_t number) {
  PAWL_ASSIGN(plan::PromotionState before, promotion_state(world, context, project, number));
  PAWL_ASSIGN(
      std::optional<crypto::Digest> request,
      sign_request(world, context, project,
                   {"retry", before.opened.environment.str(), before.opened.bundle, "", before.opened.plan, number}));
  return write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(plan::ProjectState state, writing.records().load<plan::ProjectState>(plan::key::project(project)));
    return writing.append(plan::PromotionRetried{number, before.attempt + 1, state.configuration, request});
  });
}

Result<api::PromoteResponse> retry(World& world, const Context& context, const api::RetryRequest& request) {
  std::string said;
  if (!request.dry_run) {
    PAWL_ASSIGN(said, take_over_configuration(world, context));
  }
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  PAWL_ASSIGN(Latest latest, find_latest(world, context, project, request.environment));
  PAWL_ASSIGN(plan::PromotionState state, promotion_state(world, context, project, latest.number));
  PAWL_TRY(check_failed(state));
  PAWL_TRY(check_same_target(world, context, latest.configuration, state));
  if (request.dry_run) return would_respond(world, context, project, latest.number);
  PAWL_TRY(begin_again(world, context, project, latest.number));
  std::vector<std::string> notes;
  if (!said.empty()) notes.push_back(said);
  PAWL_ASSIGN(api::PromoteResponse out, drive_to_response(world, context, project, latest.number, std::move(notes)));
  return roll_back_if_told(world, context, latest.configuration, std::move(out));
}

}  // namespace pawl::engine
