#include "core/plan/authorize.h"
#include "engine/configure.h"
#include "engine/drive.h"
#include "engine/facts.h"
#include "engine/promotion.h"
#include "engine/request.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

// What is open there: the one that runs, else the newest that waits.
Result<plan::PromotionState> find_open(const plan::Records& records, const model::ProjectName& project,
                                       const std::string& name) {
  PAWL_ASSIGN(plan::EnvironmentState state,
              records.load<plan::EnvironmentState>(plan::key::environment(project, model::EnvironmentName(name))));
  std::optional<plan::PromotionState> found;
  for (std::uint64_t number : state.open) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                records.find<plan::PromotionState>(plan::key::promotion(project, number)));
    bool runs_already = found && found->phase != plan::Phase::kWaiting;
    if (open && !runs_already) found = std::move(open);
  }
  if (found) return std::move(*found);
  return Error(ErrorCode::kNotFound, "no promotion is open in " + name, "pawl status");
}

// One that the configuration does not have any more can still be ended.
Status check_may_end(const plan::Records& records, World& world, const Context& context,
                     const model::ProjectName& project, const model::Actor& actor, const std::string& name) {
  PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, records, project));
  return plan::authorize(configuration, actor, "promote", configuration.find(model::EnvironmentName(name)));
}

}  // namespace

Result<api::PromoteResponse> abort(World& world, const Context& context, const api::AbortRequest& request) {
  std::string said = request.dry_run ? "" : take_over_if_readable(world, context);
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  PAWL_ASSIGN(model::Actor actor, current_actor(world));
  std::optional<plan::PromotionState> open;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_TRY(check_may_end(moment.records, world, context, project, actor, request.environment));
    PAWL_ASSIGN(open, find_open(moment.records, project, request.environment));
    return {};
  }));
  const std::uint64_t number = open->opened.number;
  if (request.dry_run) return would_respond(world, context, project, number);
  PAWL_ASSIGN(
      std::optional<crypto::Digest> signed_request,
      sign_request(world, context, project,
                   {"abort", request.environment, open->opened.bundle, request.reason, open->opened.plan, number}));
  std::string reason = request.reason.empty() ? "aborted by " + actor.subject : request.reason;
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(std::optional<plan::PromotionState> now,
                writing.records().find<plan::PromotionState>(plan::key::promotion(project, number)));
    std::uint64_t epoch = now->phase == plan::Phase::kWaiting ? 0 : now->epoch;
    plan::PromotionFinished event{number, now->attempt, epoch, plan::Outcome::kAborted, reason, {}, std::nullopt};
    event.request = signed_request;
    return writing.append(event);
  }));
  PAWL_ASSIGN(api::PromoteResponse out, drive_to_response(world, context, project, number, {}));
  if (!said.empty()) out.notes.push_back(said);
  out.answer = "aborted";
  return out;
}

}  // namespace pawl::engine
