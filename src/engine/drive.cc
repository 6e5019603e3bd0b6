#include "engine/drive.h"

#include <algorithm>

#include "engine/effects.h"
#include "engine/enter.h"
#include "engine/facts.h"
#include "engine/issued.h"
#include "engine/lease.h"

namespace pawl::engine {

Result<plan::PromotionState> promotion_state(World& world, const Context& context, const model::ProjectName& project,
                                             std::uint64_t number) {
  std::optional<plan::PromotionState> out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(out, promotion_state(moment.records, project, number));
    return {};
  }));
  return std::move(*out);
}

Result<plan::PromotionState> promotion_state(const plan::Records& records, const model::ProjectName& project,
                                             std::uint64_t number) {
  PAWL_ASSIGN(std::optional<plan::PromotionState> out,
              records.find<plan::PromotionState>(plan::key::promotion(project, number)));
  if (out) return std::move(*out);
  return Error(ErrorCode::kNotFound, "there is no promotion " + std::to_string(number), "pawl get promotions");
}

namespace {

std::string lease_name(const model::ProjectName& project, const plan::PromotionOpened& opened) {
  return "drive/" + project.str() + "/" + opened.environment.str() + "/" + std::to_string(opened.number);
}

// One driver at work on one started promotion, under one epoch.
class Driver {
 public:
  Driver(World& world, const Context& context, const model::ProjectName& project, const plan::PromotionState& state)
      : world_(world),
        context_(context),
        project_(project),
        state_(state),
        lease_(world, lease_name(project, state.opened)) {}

  Status run(const Entered& entered) {
    PAWL_ASSIGN(bool mine, lease_.hold(Duration{}));
    if (!mine) {
      std::string number = std::to_string(state_.opened.number);
      return Error(ErrorCode::kConflict, "promotion " + number + " is being driven by another process",
                   "wait for it, or look: pawl describe promotion " + number);
    }
    Status status = run_with_lease(entered);
    Status released = lease_.release();
    return status ? released : status;
  }

 private:
  Status run_with_lease(const Entered& entered) {
    PAWL_ASSIGN(model::Configuration configuration, read_configuration(world_, context_, state_.opened.configuration));
    PAWL_ASSIGN(const model::Environment* environment,
                find_environment(configuration, state_.opened.environment.str()));
    PAWL_ASSIGN(model::Bundle bundle, read_bundle(world_, context_, state_.opened.bundle));
    PAWL_ASSIGN(std::shared_ptr<ports::Target> target, world_.targets->open(context_, environment->target));
    PAWL_ASSIGN(std::optional<plan::ReleaseState> release, release_it_is_of());
    ports::ApplyInfo info{"", "", entered.index, state_.opened_by};
    epoch_ = state_.epoch;
    if (!entered.started) PAWL_TRY(take_over(info));
    if (release) {
      info.release = release->versions.back();
      info.release_digest = release->release.str();
    }
    plan::Run run = fresh_run(*environment, bundle, !entered.started);
    work_ = longest(*environment);
    Effects effects(world_, context_, *environment, state_, bundle,
                    release ? std::optional<crypto::Digest>(release->snapshot) : std::nullopt, info, target);
    return loop(run, effects);
  }

  // Of a bundle that was assembled: the newest that a layer of it came with. Checks run from its files.
  Result<std::optional<plan::ReleaseState>> release_it_is_of() {
    std::optional<plan::ReleaseState> out;
    PAWL_TRY(look(world_, context_, [&](Moment& moment) -> Status {
      PAWL_ASSIGN(plan::BundleState bundle, moment.records.load<plan::BundleState>(plan::key::bundle(
                                                project_, state_.opened.environment, state_.opened.bundle)));
      std::uint64_t serial = state_.opened.release != 0 ? state_.opened.release : bundle.newest;
      PAWL_ASSIGN(out, release_by_serial(moment.records, project_, serial));
      return {};
    }));
    return out;
  }

  // Goes on under an epoch of its own: whoever drove before is fenced off.
  Status take_over(ports::ApplyInfo& info) {
    return write(world_, context_, project_, [&](Writing& writing) -> Status {
      PAWL_ASSIGN(plan::EnvironmentState environment, writing.records().load<plan::EnvironmentState>(
                                                          plan::key::environment(project_, state_.opened.environment)));
      epoch_ = environment.epoch + 1;
      PAWL_TRY(writing.append(plan::PromotionResumed{state_.opened.number, state_.attempt, epoch_}));
      info.ledger_index = writing.last_index();
      return {};
    });
  }

  plan::Run fresh_run(const model::Environment& environment, const model::Bundle& bundle, bool resumed) const {
    plan::Run run;
    run.number = state_.opened.number;
    run.attempt = state_.attempt;
    run.epoch = epoch_;
    run.phase = state_.phase;
    run.resumed = resumed;
    run.checks_digest = model::digest_of_checks(environment);
    for (const model::BundleLayer& layer : bundle.layers) run.layers.push_back({layer.name, layer.depends_on});
    for (const model::Check& check : environment.verification) run.checks.push_back(check.name);
    // A check that answered before a crash keeps its answer.
    for (const plan::CheckFinished& done : state_.checks)
      run.answers[done.check] = {done.check, done.passed, done.errored, done.reason, done.record};
    return run;
  }

  // The longest that one effect may take; those that are no checks are short of the lease's slack.
  static Duration longest(const model::Environment& environment) {
    Duration out{};
    for (const model::Check& check : environment.verification) out = std::max(out, check.timeout);
    return out;
  }

  Status loop(plan::Run& run, Effects& effects) {
    for (;;) {
      plan::Step step = plan::next(run);
      if (!step.entries.empty()) {
        PAWL_ASSIGN(bool mine, append(step.entries));
        if (!mine) return {};
      }
      if (step.finished) {
        bool interrupted = run.failure && run.failure->error.code == ErrorCode::kInterrupted;
        return interrupted ? Status(run.failure->error) : Status();
      }
      PAWL_ASSIGN(bool mine, perform(run, effects, step.effects));
      if (!mine) return {};
      if (Status go_on = context_.proceed(); !go_on && !run.failure) return go_on;
    }
  }

  // Whether the promotion is still this driver's: not ended, not taken over.
  Result<bool> is_mine() {
    PAWL_ASSIGN(plan::PromotionState now, promotion_state(world_, context_, project_, state_.opened.number));
    return now.phase != plan::Phase::kFinished && now.attempt == state_.attempt && now.epoch == epoch_;
  }

  // Returns false when the entries were refused because somebody else ended the promotion or took it over.
  Result<bool> append(const std::vector<plan::Event>& events) {
    Status status = write(world_, context_, project_, [&](Writing& writing) -> Status {
      for (const plan::Event& event : events) {
        PAWL_TRY(writing.append(event));
        PAWL_TRY(record_result(writing, event));
      }
      return {};
    });
    if (status) return true;
    if (status.error().code != ErrorCode::kConflict) return std::move(status).error();
    PAWL_ASSIGN(bool mine, is_mine());
    if (mine) return std::move(status).error();
    return false;
  }

  // What a check said is evidence about the bundle, too.
  Status record_result(Writing& writing, const plan::Event& event) {
    const auto* check = std::get_if<plan::CheckFinished>(&event);
    if (check == nullptr || !check->record) return {};
    return record_issued(
        world_, context_, project_, writing,
        {state_.opened.bundle, std::string(model::kTestResultPredicate), *check->record, "check " + check->check});
  }

  // nullopt when the promotion is not this driver's any more.
  Result<std::optional<plan::Completion>> perform_one(Effects& effects, const plan::Effect& effect) {
    PAWL_ASSIGN(bool mine, is_mine());
    if (!mine) return std::optional<plan::Completion>();
    PAWL_ASSIGN(bool leased, lease_.hold(work_));
    if (!leased) return std::optional<plan::Completion>();
    return std::optional<plan::Completion>(effects.perform(effect, epoch_));
  }

  // Returns false when the promotion turned out to be somebody else's; what was completed is noted all the same.
  Result<bool> perform(plan::Run& run, Effects& effects, const std::vector<plan::Effect>& due) {
    std::vector<Result<std::optional<plan::Completion>>> results(due.size(), std::optional<plan::Completion>());
    world_.executor->for_each(due.size(), [&](std::size_t i) { results[i] = perform_one(effects, due[i]); });
    std::vector<plan::Event> events;
    bool mine = true;
    for (const auto& result : results) {
      mine = mine && (!result || result->has_value());
      if (!result || !*result) continue;
      if (std::optional<plan::Event> event = plan::note(run, **result)) events.push_back(std::move(*event));
    }
    if (mine && !events.empty()) {
      PAWL_ASSIGN(mine, append(events));
    }
    for (auto& result : results) PAWL_TRY(std::move(result));
    return mine;
  }

  World& world_;
  const Context& context_;
  const model::ProjectName& project_;
  const plan::PromotionState& state_;
  DrivingLease lease_;
  std::uint64_t epoch_ = 0;
  Duration work_{};
};

}  // namespace

Result<plan::PromotionState> drive(World& world, const Context& context, const model::ProjectName& project,
                                   std::uint64_t number) {
  PAWL_ASSIGN(plan::PromotionState state, promotion_state(world, context, project, number));
  Entered entered{std::move(state)};
  if (entered.state.phase == plan::Phase::kWaiting) {
    PAWL_ASSIGN(entered, enter(world, context, project, entered.state));
  }
  bool runs = entered.state.phase == plan::Phase::kRunning || entered.state.phase == plan::Phase::kApplied;
  if (!runs) return std::move(entered.state);
  PAWL_TRY(Driver(world, context, project, entered.state).run(entered));
  return promotion_state(world, context, project, number);
}

}  // namespace pawl::engine
