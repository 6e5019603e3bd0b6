#include "engine/configure.h"
#include "engine/facts.h"
#include "engine/gates.h"
#include "engine/promotion.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

// One environment's turn.
class Turn {
 public:
  Turn(World& world, const Context& context, const model::Configuration& configuration,
       const model::Environment& environment, bool dry_run)
      : world_(world), context_(context), configuration_(configuration), environment_(environment), dry_run_(dry_run) {}

  // Nothing where there is nothing to do here.
  Result<std::optional<api::ServedView>> take() {
    PAWL_TRY(look(world_, context_, [&](Moment& moment) -> Status {
      PAWL_ASSIGN(state_, moment.records.load<plan::EnvironmentState>(
                              plan::key::environment(configuration_.project, environment_.name)));
      return {};
    }));
    if (!state_.open.empty()) return go_on(state_.open.front());
    if (!environment_.auto_promote) return std::optional<api::ServedView>();
    if (state_.hold) return left("held", state_.hold->reason);
    if (state_.degraded) return left("not yet", "it is half applied");
    return begin();
  }

 private:
  std::optional<api::ServedView> left(std::string answer, std::string reason) const {
    return api::ServedView{environment_.name.str(), std::move(answer), std::move(reason), "", 0};
  }

  std::optional<api::ServedView> served(const api::PromoteResponse& response) const {
    std::string reason = response.promotion.reason;
    for (const api::GateView& gate : response.promotion.gates) {
      bool waits = response.answer == "waiting" && gate.state != "passed";
      if (waits) reason += (reason.empty() ? "" : "; ") + gate.gate + ": " + gate.found;
    }
    return api::ServedView{environment_.name.str(), response.answer, reason, response.version,
                           response.promotion.number};
  }

  Result<std::optional<api::ServedView>> go_on(std::uint64_t number) {
    if (dry_run_) return left("would", "promotion " + std::to_string(number) + " is open");
    PAWL_ASSIGN(api::PromoteResponse out, drive_to_response(world_, context_, configuration_.project, number, {}));
    PAWL_ASSIGN(out, roll_back_if_told(world_, context_, configuration_, std::move(out)));
    return served(out);
  }

  // Only while everything holds: what a gate refuses is not even asked for, so that no history fills up with it.
  Result<std::optional<api::ServedView>> begin() {
    std::optional<Proposal> next;
    std::string refused;
    PAWL_TRY(look(world_, context_, [&](Moment& moment) -> Status {
      Result<Proposal> proposal = propose(world_, context_, moment, configuration_, environment_, "", {});
      if (!proposal && !is_no(proposal.error())) return std::move(proposal).error();
      if (!proposal) {
        refused = proposal.error().text();
        return {};
      }
      bool there = state_.head && state_.head->bundle == proposal->bundle && state_.head->release == proposal->release;
      if (there) return {};
      PAWL_ASSIGN(std::vector<plan::GateAnswer> answers,
                  ask_gates(world_, context_, moment, configuration_, opened_of(*proposal)));
      refused = plan::objections(answers);
      next = std::move(*proposal);
      return {};
    }));
    if (!refused.empty()) return left("not yet", refused);
    if (!next) return std::optional<api::ServedView>();
    if (dry_run_) return api::ServedView{environment_.name.str(), "would", "", next->version, 0};
    api::PromoteRequest request{.environment = environment_.name.str(), .release = next->version};
    request.reason = "automatic";
    PAWL_ASSIGN(api::PromoteResponse out, promote(world_, context_, request));
    return served(out);
  }

  static bool is_no(const Error& error) {
    return error.code == ErrorCode::kNo || error.code == ErrorCode::kNotFound || error.code == ErrorCode::kUsage ||
           error.code == ErrorCode::kConflict;
  }

  World& world_;
  const Context& context_;
  const model::Configuration& configuration_;
  const model::Environment& environment_;
  bool dry_run_;
  plan::EnvironmentState state_;
};

}  // namespace

Result<api::ServeResponse> serve(World& world, const Context& context, const api::ServeRequest& request) {
  if (!request.once)
    return Error(ErrorCode::kUsage, "a server is not there yet", "pawl serve --once, by cron or in CI");
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::ServeResponse out;
  std::string said = request.dry_run ? "" : take_over_if_readable(world, context);
  if (!said.empty()) out.notes.push_back(said);
  std::optional<model::Configuration> configuration;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(configuration, configuration_in_force(world, context, moment.records, project));
    return {};
  }));
  for (const model::Environment* environment : configuration->in_pipeline_order()) {
    PAWL_ASSIGN(std::optional<api::ServedView> one,
                Turn(world, context, *configuration, *environment, request.dry_run).take());
    if (one) out.served.push_back(std::move(*one));
  }
  return out;
}

}  // namespace pawl::engine
