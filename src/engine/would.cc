#include "engine/would.h"

#include "core/plan/authorize.h"
#include "engine/facts.h"
#include "engine/ledger.h"
#include "engine/views.h"

namespace pawl::engine {

namespace {

// Calls `body` with an environment that the caller may change, and its state.
using Body = std::function<Status(Moment&, const model::Configuration&, const model::Environment&,
                                  const plan::EnvironmentState&)>;

Status look_as_changer(World& world, const Context& context, const std::string& name, const Body& body) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  return look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, name));
    PAWL_ASSIGN(model::Actor actor, current_actor(world));
    PAWL_TRY(plan::authorize(configuration, actor, "promote", environment));
    PAWL_ASSIGN(plan::EnvironmentState state,
                moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment->name)));
    return body(moment, configuration, *environment, state);
  });
}

// The promotion `number` as it stands, with the answer of a dry run.
Status show(const Moment& moment, const model::ProjectName& project, std::uint64_t number, api::PromoteResponse& out) {
  PAWL_ASSIGN(std::optional<plan::PromotionState> state,
              moment.records.find<plan::PromotionState>(plan::key::promotion(project, number)));
  if (!state) return Error(ErrorCode::kNotFound, "there is no promotion " + std::to_string(number));
  PAWL_ASSIGN(out.promotion, view(moment.records, project, *state));
  out.answer = "would";
  out.version = out.promotion.version;
  out.bundle = out.promotion.bundle;
  return {};
}

}  // namespace

Result<api::PromoteResponse> would_retry(World& world, const Context& context, const std::string& environment) {
  api::PromoteResponse out;
  PAWL_TRY(look_as_changer(world, context, environment,
                           [&](Moment& moment, const model::Configuration& configuration, const model::Environment&,
                               const plan::EnvironmentState& state) -> Status {
                             if (state.latest == 0)
                               return Error(ErrorCode::kNotFound, "nothing was promoted to " + environment + " yet");
                             PAWL_TRY(show(moment, configuration.project, state.latest, out));
                             const std::string& outcome = out.promotion.outcome;
                             if (outcome == "Failed" || outcome == "Errored") return {};
                             return Error(ErrorCode::kConflict, "promotion " + std::to_string(state.latest) + " is " +
                                                                    (outcome.empty() ? out.promotion.phase : outcome) +
                                                                    ": only one that Failed or Errored is tried again");
                           }));
  return out;
}

Result<api::PromoteResponse> would_abort(World& world, const Context& context, const std::string& environment) {
  api::PromoteResponse out;
  PAWL_TRY(look_as_changer(world, context, environment,
                           [&](Moment& moment, const model::Configuration& configuration, const model::Environment&,
                               const plan::EnvironmentState& state) -> Status {
                             if (state.open.empty())
                               return Error(ErrorCode::kNotFound, "no promotion is open in " + environment);
                             return show(moment, configuration.project, state.open.back(), out);
                           }));
  return out;
}

Result<api::PromoteResponse> would_reconcile(World& world, const Context& context, const std::string& environment) {
  api::PromoteResponse out;
  PAWL_TRY(look_as_changer(
      world, context, environment,
      [&](Moment& moment, const model::Configuration& configuration, const model::Environment& one,
          const plan::EnvironmentState& state) -> Status {
        if (!state.head)
          return Error(ErrorCode::kNotFound, "nothing is in " + environment + " yet",
                       "pawl promote --to " + environment);
        if (state.degraded)
          return Error(ErrorCode::kConflict, environment + " is degraded: a promotion was half applied",
                       "pawl retry " + environment + ", or pawl rollback " + environment);
        PAWL_ASSIGN(api::HeadView head, view(moment.records, configuration.project, one, *state.head, moment.now));
        out.answer = "would";
        out.version = head.version;
        out.bundle = head.bundle;
        out.promotion.kind = "reconcile";
        out.promotion.environment = environment;
        out.promotion.version = head.version;
        return {};
      }));
  return out;
}

Result<api::HoldResponse> would_hold(World& world, const Context& context, const api::HoldRequest& request) {
  PAWL_TRY(look_as_changer(world, context, request.environment,
                           [](Moment&, const model::Configuration&, const model::Environment&,
                              const plan::EnvironmentState&) -> Status { return {}; }));
  return api::HoldResponse{request.environment, !request.off, request.reason, true};
}

Status recall_visit(World& world, const Context& context, api::PromoteResponse& rollback) {
  if (rollback.bundle.empty()) return {};
  PAWL_ASSIGN(crypto::Digest bundle, crypto::Digest::parse(rollback.bundle));
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  model::EnvironmentName environment(rollback.promotion.environment);
  return look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(plan::EnvironmentState state,
                moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment)));
    for (std::uint64_t number = state.visits; number > 0; --number) {
      PAWL_ASSIGN(std::optional<plan::VisitState> visit,
                  moment.records.find<plan::VisitState>(plan::key::visit(project, environment, number)));
      if (!visit || visit->bundle != bundle || !visit->to) continue;
      rollback.ran_from = visit->from;
      rollback.ran_to = visit->to;
      return {};
    }
    return {};
  });
}

}  // namespace pawl::engine
