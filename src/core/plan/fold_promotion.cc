#include <algorithm>

#include "core/plan/folding.h"

namespace pawl::plan {

bool overlap(const std::vector<model::LayerName>& a, const std::vector<model::LayerName>& b) {
  if (a.empty() || b.empty()) return true;
  return std::any_of(a.begin(), a.end(),
                     [&](const auto& name) { return std::find(b.begin(), b.end(), name) != b.end(); });
}

Status apply(Folding& f, const PromotionOpened& event) {
  PAWL_ASSIGN(ProjectState project, f.records.load<ProjectState>(key::project(f.project)));
  if (event.number != project.promotions + 1) return conflict(numbered(event.number) + " is out of turn");
  PAWL_ASSIGN(EnvironmentState environment, f.environment(event.environment));
  if (head_of(environment) != event.from)
    return conflict("the head of " + event.environment.str() + " moved meanwhile");
  for (std::uint64_t other : environment.open) {
    PAWL_ASSIGN(PromotionState open, f.promotion(other));
    if (overlap(open.opened.layers, event.layers)) {
      return conflict(numbered(other) + " is open in " + event.environment.str());
    }
  }
  project.promotions = event.number;
  environment.open.push_back(event.number);
  environment.latest = event.number;
  PromotionState promotion{.opened = event};
  promotion.opened_at = f.time;
  promotion.opened_by = f.actor.subject;
  f.records.put(key::project(f.project), project);
  f.put(event.environment, environment);
  f.put(promotion);
  return {};
}

namespace {

// Before the head moved: only the latest, from the head that it was planned against.
Status may_begin_again(const PromotionState& promotion, const EnvironmentState& environment) {
  std::optional<Outcome> outcome = promotion.outcome();
  if (outcome != Outcome::kFailed && outcome != Outcome::kErrored)
    return conflict(numbered(promotion.opened.number) + " did not fail");
  if (environment.latest != promotion.opened.number)
    return conflict(numbered(promotion.opened.number) + " is not the latest of its environment");
  if (head_of(environment) != promotion.opened.from) return conflict("the head moved meanwhile");
  return {};
}

// After it moved: the head's own promotion, as long as the head is not verified and nothing is half applied over it.
Status may_check_again(const PromotionState& promotion, const EnvironmentState& environment,
                       const BundleState& bundle) {
  bool is_head = environment.head && environment.head->promotion == promotion.opened.number;
  if (!is_head) return conflict(numbered(promotion.opened.number) + " did not put the head there that is there now");
  if (environment.pending) return conflict("another promotion is half applied over it");
  if (bundle.verified) return conflict(numbered(promotion.opened.number) + " did not fail, and its bundle is verified");
  return {};
}

}  // namespace

Status apply(Folding& f, const PromotionRetried& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  const PromotionOpened& opened = promotion.opened;
  PAWL_ASSIGN(EnvironmentState environment, f.environment(opened.environment));
  if (promotion.phase != Phase::kFinished) return conflict(numbered(event.number) + " goes on already");
  if (event.attempt != promotion.attempt + 1)
    return conflict("attempt " + std::to_string(event.attempt) + " is out of turn");
  if (!environment.open.empty())
    return conflict(numbered(environment.open[0]) + " is open in " + opened.environment.str());
  bool head_moved = promotion.applied_at.has_value();
  PAWL_ASSIGN(BundleState bundle, f.bundle(opened.environment, opened.bundle));
  PAWL_TRY(head_moved ? may_check_again(promotion, environment, bundle) : may_begin_again(promotion, environment));
  promotion.attempt = event.attempt;
  promotion.phase = head_moved ? Phase::kApplied : Phase::kWaiting;
  if (head_moved && event.configuration) promotion.opened.configuration = *event.configuration;
  promotion.checks.clear();
  environment.open.push_back(event.number);
  f.put(promotion.opened.environment, environment);
  f.put(promotion);
  return {};
}

Status apply(Folding& f, const PromotionReplanned& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  PAWL_TRY(expect(promotion, Phase::kWaiting, event.attempt));
  PromotionOpened& opened = promotion.opened;
  PAWL_ASSIGN(EnvironmentState environment, f.environment(opened.environment));
  if (head_of(environment) != event.from)
    return conflict("the head of " + opened.environment.str() + " moved meanwhile");
  bool other_bundle = opened.bundle != event.bundle || opened.from != event.from;
  if (other_bundle && opened.layers.empty())
    return conflict(numbered(event.number) + " is of a whole release, which is never composed anew");
  opened.from = event.from;
  opened.bundle = event.bundle;
  opened.plan = event.plan;
  opened.configuration = event.configuration;
  f.put(promotion);
  return {};
}

namespace {

// One after the other: whoever starts takes the epoch, and one whose checks still run could never end without it.
Status expect_turn(const Folding& f, const EnvironmentState& environment, std::uint64_t number) {
  for (std::uint64_t other : environment.open) {
    if (other == number) continue;
    PAWL_ASSIGN(PromotionState open, f.promotion(other));
    if (open.phase != Phase::kWaiting) return conflict(numbered(other) + " is running there");
  }
  return {};
}

}  // namespace

Status apply(Folding& f, const PromotionStarted& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  PAWL_TRY(expect(promotion, Phase::kWaiting, event.attempt));
  const model::EnvironmentName& name = promotion.opened.environment;
  PAWL_ASSIGN(EnvironmentState environment, f.environment(name));
  PAWL_TRY(expect_turn(f, environment, event.number));
  if (environment.pending && !environment.degraded) {
    return conflict(numbered(environment.pending->promotion) + " is running in " + name.str());
  }
  bool mends = promotion.opened.layers.empty() || promotion.opened.kind == PromotionKind::kRollback;
  if (environment.degraded && !mends && environment.pending->promotion != event.number)
    return conflict(name.str() + " is half applied, which a promotion of some layers does not mend");
  if (head_of(environment) != event.from) return conflict("the head of " + name.str() + " moved meanwhile");
  if (event.epoch != environment.epoch + 1) return conflict("epoch " + std::to_string(event.epoch) + " is taken");
  environment.epoch = event.epoch;
  environment.pending = Pending{event.number, event.attempt, promotion.opened.bundle, event.epoch};
  environment.degraded = false;
  promotion.phase = Phase::kRunning;
  promotion.epoch = event.epoch;
  promotion.started_at = f.time;
  promotion.gates = event.gates;
  if (event.configuration) promotion.opened.configuration = *event.configuration;
  f.put(name, environment);
  f.put(promotion);
  return {};
}

Status apply(Folding& f, const PromotionResumed& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  if (promotion.phase != Phase::kRunning) PAWL_TRY(expect(promotion, Phase::kApplied, event.attempt));
  PAWL_ASSIGN(EnvironmentState environment, f.environment(promotion.opened.environment));
  if (promotion.attempt != event.attempt) return conflict("attempt " + std::to_string(event.attempt) + " is over");
  if (event.epoch != environment.epoch + 1) return conflict("epoch " + std::to_string(event.epoch) + " is taken");
  environment.epoch = event.epoch;
  if (environment.pending) environment.pending->epoch = event.epoch;
  promotion.epoch = event.epoch;
  f.put(promotion.opened.environment, environment);
  f.put(promotion);
  return {};
}

}  // namespace pawl::plan
