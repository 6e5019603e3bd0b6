#include "engine/enter.h"

#include <algorithm>

#include "engine/drive.h"
#include "engine/external.h"
#include "engine/facts.h"
#include "engine/gates.h"
#include "engine/issued.h"
#include "engine/layers.h"
#include "engine/policy_statement.h"
#include "engine/promotion.h"

namespace pawl::engine {

namespace {

// How long the gates' answers hold: windows close, approvals and exceptions expire, and a driver may sleep in between.
constexpr Duration kAnswersHold = std::chrono::seconds(5);
// How often the gates are asked from the start where systems outside answer too slowly for that.
constexpr int kMostTries = 3;

// What was found out about a waiting promotion at one moment of the store.
struct Findings {
  model::Configuration configuration;
  std::vector<plan::GateAnswer> answers;
  std::optional<crypto::Digest> verdict;  // the signed record of what the policies said
  std::uint64_t entries = 0;              // in the ledger then
  Time now;
};

class Entrance {
 public:
  Entrance(World& world, const Context& context, const model::ProjectName& project)
      : world_(world), context_(context), project_(project) {}

  Result<Entered> go(plan::PromotionState state) {
    for (int tries = 0; tries < kMostTries; ++tries) {
      PAWL_ASSIGN(state, brought_up_to_date(std::move(state)));
      if (state.phase != plan::Phase::kWaiting) return Entered{std::move(state)};
      PAWL_ASSIGN(std::optional<Entered> out, try_to_enter(state));
      if (out) return std::move(*out);
    }
    return Error(
        ErrorCode::kConflict,
        "what systems outside said grew old before promotion " + std::to_string(state.opened.number) + " could start",
        "try again: pawl promote --to " + state.opened.environment.str());
  }

 private:
  Result<plan::PromotionState> brought_up_to_date(plan::PromotionState state) {
    PAWL_ASSIGN(std::optional<plan::Event> change, what_changed(state));
    if (!change) return state;
    PAWL_TRY(write(world_, context_, project_, [&](Writing& writing) { return writing.append(*change); }));
    return promotion_state(world_, context_, project_, state.opened.number);
  }

  // Asks the gates and does what they say. nullopt where an answer from outside was too old by the time it was to
  // count: nobody outside is called under the writer's lock.
  Result<std::optional<Entered>> try_to_enter(const plan::PromotionState& state) {
    PAWL_ASSIGN(Findings findings, ask(state));
    plan::GateState verdict = plan::verdict(findings.answers);
    if (verdict == plan::GateState::kWaiting) return std::optional<Entered>(Entered{state});
    PAWL_TRY(sign_verdict(state, findings));
    if (verdict == plan::GateState::kPassed) return start(state, findings);
    PAWL_TRY(refuse(state, findings, verdict));
    PAWL_ASSIGN(plan::PromotionState refused, promotion_state(world_, context_, project_, state.opened.number));
    return std::optional<Entered>(Entered{std::move(refused)});
  }

  // The entry that brings the promotion up to date, where something moved under it.
  Result<std::optional<plan::Event>> what_changed(const plan::PromotionState& state) {
    std::optional<plan::Event> out;
    PAWL_TRY(look(world_, context_, [&](Moment& moment) -> Status {
      const plan::PromotionOpened& opened = state.opened;
      PAWL_ASSIGN(model::Configuration configuration,
                  configuration_in_force(world_, context_, moment.records, project_));
      PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, opened.environment.str()));
      PAWL_ASSIGN(plan::EnvironmentState place,
                  moment.records.load<plan::EnvironmentState>(plan::key::environment(project_, opened.environment)));
      plan::PromotionReplanned now{
          opened.number, state.attempt, opened.from, opened.bundle, opened.plan, model::digest_of(configuration), ""};
      bool moved = place.head && place.head->bundle != opened.from && !opened.layers.empty();
      if (moved) {
        PAWL_ASSIGN(bool disjoint, compose_anew(opened, *place.head, now));
        if (!disjoint) {
          out = superseded(state);
          return {};
        }
      }
      PAWL_ASSIGN(now.plan, plan_digest(world_, context_, configuration, *environment, now.from, now.bundle));
      if (now.plan == opened.plan) return {};
      now.reason = moved ? "the head moved, and its layers were left as they are now"
                         : "the configuration of " + opened.environment.str() + " changed";
      out = std::move(now);
      return {};
    }));
    return out;
  }

  // Puts the promotion's layers over the head that is there now. Returns false when the head's change was of the same
  // layers: then there is nothing to compose.
  Result<bool> compose_anew(const plan::PromotionOpened& opened, const plan::Head& head,
                            plan::PromotionReplanned& out) {
    if (!opened.from) return false;
    PAWL_ASSIGN(bool disjoint, same_layers(world_, context_, *opened.from, head.bundle, opened.layers));
    if (!disjoint) return false;
    PAWL_ASSIGN(out.bundle, assemble(world_, context_, head.bundle, opened.bundle, opened.layers));
    out.from = head.bundle;
    return true;
  }

  static plan::Event superseded(const plan::PromotionState& state) {
    return plan::PromotionFinished{state.opened.number,
                                   state.attempt,
                                   0,
                                   plan::Outcome::kSuperseded,
                                   "the head moved, and the same layers with it",
                                   {},
                                   std::nullopt};
  }

  Result<Findings> ask(const plan::PromotionState& state) {
    Findings out;
    PAWL_TRY(look(world_, context_, [&](Moment& moment) -> Status {
      PAWL_ASSIGN(out.configuration, configuration_in_force(world_, context_, moment.records, project_));
      PAWL_ASSIGN(out.answers,
                  ask_gates(world_, context_, moment, out.configuration, state.opened, Outside::kAskedAndKept));
      PAWL_ASSIGN(plan::StoreState store, moment.records.load<plan::StoreState>(plan::key::store()));
      out.entries = store.entries;
      out.now = moment.now;
      return {};
    }));
    return out;
  }

  // What the policies said becomes a statement of its own, which outlives this store.
  Status sign_verdict(const plan::PromotionState& state, Findings& findings) {
    auto policy = std::find_if(findings.answers.begin(), findings.answers.end(),
                               [](const plan::GateAnswer& answer) { return answer.gate == "policy"; });
    if (policy == findings.answers.end() || policy->state == plan::GateState::kErrored) return {};
    PAWL_ASSIGN(const model::Environment* environment,
                find_environment(findings.configuration, state.opened.environment.str()));
    PAWL_ASSIGN(crypto::Digest record, attach_verdict(world_, context_, findings.now, findings.configuration,
                                                      *environment, state.opened, *policy));
    policy->evidence.push_back(record.str());
    findings.verdict = record;
    return {};
  }

  Status record_verdict(Writing& writing, const plan::PromotionState& state, const Findings& findings) {
    if (!findings.verdict) return {};
    return record_issued(world_, context_, project_, writing,
                         {state.opened.bundle, std::string(model::kVsaPredicate), *findings.verdict, "policy"});
  }

  Status refuse(const plan::PromotionState& state, const Findings& findings, plan::GateState verdict) {
    std::string reason = plan::objections(findings.answers);
    auto outcome = verdict == plan::GateState::kFailed ? plan::Outcome::kBlocked : plan::Outcome::kErrored;
    plan::PromotionFinished event{state.opened.number, state.attempt, 0, outcome, reason,
                                  findings.answers,    std::nullopt};
    event.configuration = model::digest_of(findings.configuration);
    return write(world_, context_, project_, [&](Writing& writing) -> Status {
      PAWL_TRY(writing.append(event));
      return record_verdict(writing, state, findings);
    });
  }

  // nullopt as of try_to_enter().
  Result<std::optional<Entered>> start(const plan::PromotionState& state, const Findings& findings) {
    PAWL_ASSIGN(const model::Environment* environment,
                find_environment(findings.configuration, state.opened.environment.str()));
    PAWL_TRY(check_target(world_, context_, findings.configuration, *environment, state.opened.adopt));
    Entered out{state, true, 0};
    bool too_old = false;
    Status written = write(world_, context_, project_, [&](Writing& writing) -> Status {
      PAWL_TRY(still_so(writing, state, findings, too_old));
      PAWL_ASSIGN(plan::EnvironmentState place, writing.records().load<plan::EnvironmentState>(
                                                    plan::key::environment(project_, state.opened.environment)));
      plan::PromotionStarted event{state.opened.number, state.attempt, place.epoch + 1, state.opened.from,
                                   findings.answers};
      event.configuration = model::digest_of(findings.configuration);
      PAWL_TRY(writing.append(event));
      out.index = writing.last_index();
      return record_verdict(writing, state, findings);
    });
    if (too_old) return std::optional<Entered>();
    PAWL_TRY(std::move(written));
    PAWL_ASSIGN(out.state, promotion_state(world_, context_, project_, state.opened.number));
    return std::optional<Entered>(std::move(out));
  }

  // Under the writer's lock: where nothing was written since the gates were asked, a moment ago, their answers hold;
  // else they are asked again, but for systems outside: `too_old` where one of these would have to be called.
  Status still_so(Writing& writing, const plan::PromotionState& state, const Findings& findings, bool& too_old) {
    PAWL_ASSIGN(plan::StoreState store, writing.records().load<plan::StoreState>(plan::key::store()));
    bool recent = writing.now() - findings.now < kAnswersHold;
    if (store.entries == findings.entries && recent) return {};
    Moment moment{writing.records(), writing.now()};
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world_, context_, moment.records, project_));
    PAWL_ASSIGN(std::vector<plan::GateAnswer> answers,
                ask_gates(world_, context_, moment, configuration, state.opened, Outside::kRemembered));
    too_old = any_left_alone(answers);
    bool same = plan::verdict(answers) == plan::GateState::kPassed &&
                model::digest_of(configuration) == model::digest_of(findings.configuration);
    if (same) return {};
    return Error(ErrorCode::kConflict, "a gate's answer changed meanwhile",
                 "pawl promote --to " + state.opened.environment.str());
  }

  World& world_;
  const Context& context_;
  const model::ProjectName& project_;
};

}  // namespace

Result<Entered> enter(World& world, const Context& context, const model::ProjectName& project,
                      const plan::PromotionState& waiting) {
  return Entrance(world, context, project).go(waiting);
}

}  // namespace pawl::engine
