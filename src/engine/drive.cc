#include "engine/drive.h"

#include <algorithm>

#include "engine/effects.h"
#include "engine/facts.h"

namespace pawl::engine {

Result<plan::PromotionState> promotion_state(World& world, const Context& context, const model::ProjectName& project,
                                             std::uint64_t number) {
  std::optional<plan::PromotionState> out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(out, moment.records.find<plan::PromotionState>(plan::key::promotion(project, number)));
    return {};
  }));
  if (!out)
    return Error(ErrorCode::kNotFound, "there is no promotion " + std::to_string(number), "pawl get promotions");
  return std::move(*out);
}

namespace {

// Gates that hold for this kind of promotion. The way back is open: a rollback passes only what the environment says it
// must; restoring a head asks nobody.
std::vector<model::Gate> gates_for(const model::Environment& environment, plan::PromotionKind kind) {
  std::vector<model::Gate> gates = model::effective_gates(environment);
  if (kind == plan::PromotionKind::kReconcile) return {};
  if (kind == plan::PromotionKind::kRollback) {
    std::erase_if(gates, [&](const model::Gate& gate) {
      const auto& obeyed = environment.rollback_obeys;
      return std::find(obeyed.begin(), obeyed.end(), model::name_of(gate)) == obeyed.end();
    });
  }
  return gates;
}

}  // namespace

Result<std::vector<plan::GateAnswer>> ask_gates(World& world, const Context& context, const Moment& moment,
                                                const model::Configuration& configuration,
                                                const plan::PromotionOpened& opened) {
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, opened.environment.str()));
  PAWL_ASSIGN(std::optional<plan::ReleaseState> release,
              release_by_serial(moment.records, configuration.project, opened.release));
  PAWL_ASSIGN(plan::GateFacts facts,
              gate_facts(world, context, moment, configuration, *environment, release ? &*release : nullptr));
  return plan::answer_all(gates_for(*environment, opened.kind), facts);
}

namespace {

// One driver at work on one promotion.
class Driver {
 public:
  Driver(World& world, const Context& context, model::ProjectName project, std::uint64_t number)
      : world_(world), context_(context), project_(std::move(project)), number_(number) {}

  Result<plan::PromotionState> go() {
    PAWL_ASSIGN(plan::PromotionState state, promotion_state(world_, context_, project_, number_));
    if (state.phase == plan::Phase::kWaiting) {
      PAWL_ASSIGN(state, pass_gates(state));
    }
    bool runs = state.phase == plan::Phase::kRunning || state.phase == plan::Phase::kApplied;
    if (!runs) return state;
    PAWL_TRY(run(state));
    return promotion_state(world_, context_, project_, number_);
  }

 private:
  Status append(std::vector<plan::Event> events) {
    return write(world_, context_, project_, [&](Writing& writing) -> Status {
      for (plan::Event& event : events) PAWL_TRY(writing.append(event));
      return {};
    });
  }

  // Asks the gates and, where they let it in, sets `pending`: in one transaction, so that what was asked still holds.
  Result<plan::PromotionState> pass_gates(const plan::PromotionState& state) {
    std::vector<plan::GateAnswer> answers;
    std::optional<model::Configuration> configuration;
    PAWL_TRY(look(world_, context_, [&](Moment& moment) -> Status {
      PAWL_ASSIGN(configuration, configuration_in_force(world_, context_, moment.records, project_));
      PAWL_ASSIGN(answers, ask_gates(world_, context_, moment, *configuration, state.opened));
      return {};
    }));
    switch (plan::verdict(answers)) {
      case plan::GateState::kWaiting:
        return state;
      case plan::GateState::kFailed:
        PAWL_TRY(append({refused(state, plan::Outcome::kBlocked, answers)}));
        break;
      case plan::GateState::kErrored:
        PAWL_TRY(append({refused(state, plan::Outcome::kErrored, answers)}));
        break;
      case plan::GateState::kPassed:
        PAWL_TRY(start(state));
        started_now_ = true;
        break;
    }
    return promotion_state(world_, context_, project_, number_);
  }

  static plan::Event refused(const plan::PromotionState& state, plan::Outcome outcome,
                             const std::vector<plan::GateAnswer>& answers) {
    std::string reason;
    for (const plan::GateAnswer& answer : answers) {
      if (answer.state != plan::GateState::kPassed && answer.state != plan::GateState::kWaiting)
        reason += (reason.empty() ? "" : "; ") + answer.gate + ": " + answer.found;
    }
    return plan::PromotionFinished{state.opened.number, state.attempt, 0, outcome, reason, answers, std::nullopt};
  }

  Status start(const plan::PromotionState& state) {
    return write(world_, context_, project_, [&](Writing& writing) -> Status {
      // The facts may have changed since they were looked at: the gates answer again under the writer's lock.
      Moment moment{writing.records(), writing.now()};
      PAWL_ASSIGN(model::Configuration configuration,
                  configuration_in_force(world_, context_, moment.records, project_));
      PAWL_ASSIGN(std::vector<plan::GateAnswer> answers,
                  ask_gates(world_, context_, moment, configuration, state.opened));
      if (plan::verdict(answers) != plan::GateState::kPassed)
        return Error(ErrorCode::kConflict, "a gate's answer changed meanwhile", "pawl promote again");
      PAWL_ASSIGN(plan::EnvironmentState environment, writing.records().load<plan::EnvironmentState>(
                                                          plan::key::environment(project_, state.opened.environment)));
      return writing.append(
          plan::PromotionStarted{number_, state.attempt, environment.epoch + 1, state.opened.from, answers});
    });
  }

  // Takes the driving over under an epoch of its own, unless this call started the promotion itself.
  Result<std::uint64_t> take_over(const plan::PromotionState& state, bool resumed) {
    if (!resumed) return state.epoch;
    std::uint64_t epoch = 0;
    PAWL_TRY(write(world_, context_, project_, [&](Writing& writing) -> Status {
      PAWL_ASSIGN(plan::EnvironmentState environment, writing.records().load<plan::EnvironmentState>(
                                                          plan::key::environment(project_, state.opened.environment)));
      epoch = environment.epoch + 1;
      return writing.append(plan::PromotionResumed{number_, state.attempt, epoch});
    }));
    return epoch;
  }

  std::string lease_name(const plan::PromotionState& state) const {
    return "drive/" + project_.str() + "/" + state.opened.environment.str();
  }

  // Whether this process may drive: another one that is at it and alive is left alone.
  Result<bool> hold_lease(const plan::PromotionState& state) {
    constexpr auto kTerm = std::chrono::seconds(60);
    const std::string name = lease_name(state);
    PAWL_ASSIGN(ports::Lease lease, world_.store->lease(name, world_.process, world_.clock->now(), kTerm));
    bool left_behind = lease.holder != world_.process && world_.is_gone && world_.is_gone(lease.holder);
    if (left_behind) {
      PAWL_TRY(world_.store->release_lease(name, lease.holder));
      PAWL_ASSIGN(lease, world_.store->lease(name, world_.process, world_.clock->now(), kTerm));
    }
    return lease.holder == world_.process;
  }

  Status run(const plan::PromotionState& state) {
    PAWL_ASSIGN(bool mine, hold_lease(state));
    if (!mine)
      return Error(ErrorCode::kConflict, "promotion " + std::to_string(number_) + " is being driven by another process",
                   "wait for it, or look: pawl describe promotion " + std::to_string(number_));
    Status status = run_with_lease(state);
    Status released = world_.store->release_lease(lease_name(state), world_.process);
    return status ? released : status;
  }

  Status run_with_lease(const plan::PromotionState& state) {
    PAWL_ASSIGN(model::Configuration configuration, read_configuration(world_, context_, state.opened.configuration));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, state.opened.environment.str()));
    PAWL_ASSIGN(model::Bundle bundle, read_bundle(world_, context_, state.opened.bundle));
    PAWL_ASSIGN(std::shared_ptr<ports::Target> target, world_.targets->open(context_, environment->target));
    std::optional<crypto::Digest> snapshot;
    std::string version;
    PAWL_TRY(find_snapshot(state, snapshot, version));
    PAWL_ASSIGN(std::uint64_t epoch, take_over(state, !started_now_));
    plan::Run run = fresh_run(state, *environment, bundle, epoch, !started_now_);
    Effects effects(world_, context_, *environment, state, bundle, snapshot, version, target);
    return loop(run, effects);
  }

  Status find_snapshot(const plan::PromotionState& state, std::optional<crypto::Digest>& snapshot,
                       std::string& version) {
    return look(world_, context_, [&](Moment& moment) -> Status {
      PAWL_ASSIGN(std::optional<plan::ReleaseState> release,
                  release_by_serial(moment.records, project_, state.opened.release));
      if (release) {
        snapshot = release->snapshot;
        version = release->versions.back();
      }
      return {};
    });
  }

  plan::Run fresh_run(const plan::PromotionState& state, const model::Environment& environment,
                      const model::Bundle& bundle, std::uint64_t epoch, bool resumed) const {
    plan::Run run;
    run.number = number_;
    run.attempt = state.attempt;
    run.epoch = epoch;
    run.phase = state.phase;
    run.resumed = resumed;
    run.checks_digest = model::digest_of_checks(environment);
    for (const model::BundleLayer& layer : bundle.layers) run.layers.push_back({layer.name, layer.depends_on});
    for (const model::Check& check : environment.verification) run.checks.push_back(check.name);
    // A check that answered before a crash keeps its answer.
    for (const plan::CheckFinished& done : state.checks)
      run.answers[done.check] = {done.check, done.passed, done.errored, done.reason, done.record};
    return run;
  }

  Status loop(plan::Run& run, Effects& effects) {
    for (;;) {
      plan::Step step = plan::next(run);
      if (!step.entries.empty()) PAWL_TRY(append(step.entries));
      if (step.finished)
        return run.failure && run.failure->error.code == ErrorCode::kInterrupted ? Status(run.failure->error)
                                                                                 : Status();
      PAWL_TRY(perform(run, effects, step.effects));
      if (Status go_on = context_.proceed(); !go_on && !run.failure) return go_on;
    }
  }

  Status perform(plan::Run& run, Effects& effects, const std::vector<plan::Effect>& due) {
    std::vector<std::optional<plan::Completion>> completions(due.size());
    world_.executor->for_each(due.size(), [&](std::size_t i) { completions[i] = effects.perform(due[i], run.epoch); });
    std::vector<plan::Event> events;
    for (const auto& completion : completions) {
      if (std::optional<plan::Event> event = plan::note(run, *completion)) events.push_back(std::move(*event));
    }
    if (events.empty()) return {};
    return append(std::move(events));
  }

  World& world_;
  const Context& context_;
  model::ProjectName project_;
  std::uint64_t number_;
  bool started_now_ = false;
};

}  // namespace

Result<plan::PromotionState> drive(World& world, const Context& context, const model::ProjectName& project,
                                   std::uint64_t number) {
  return Driver(world, context, project, number).go();
}

}  // namespace pawl::engine
