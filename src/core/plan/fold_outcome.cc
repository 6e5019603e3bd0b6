#include <algorithm>

#include "core/plan/folding.h"

namespace pawl::plan {

Status apply(Folding& f, const CheckFinished& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  PAWL_TRY(expect(promotion, Phase::kApplied, event.attempt));
  PAWL_ASSIGN(EnvironmentState environment, f.environment(promotion.opened.environment));
  PAWL_TRY(expect_epoch(promotion, environment, event.epoch));
  bool known = std::any_of(promotion.checks.begin(), promotion.checks.end(),
                           [&](const CheckFinished& check) { return check.check == event.check; });
  if (known) return conflict("check " + event.check + " has answered already");
  promotion.checks.push_back(event);
  f.put(promotion);
  return {};
}

namespace {

// What the outcome does to the bundle that became head.
Status judge_bundle(Folding& f, const PromotionState& promotion, const PromotionFinished& event) {
  const model::EnvironmentName& name = promotion.opened.environment;
  PAWL_ASSIGN(BundleState bundle, f.bundle(name, promotion.opened.bundle));
  if (event.outcome == Outcome::kSucceeded) {
    bundle.verified = true;
    bundle.checks = event.checks;
    bundle.verified_at = f.time;
    bundle.promotion = event.number;
    bundle.revoked.clear();
    if (!bundle.soaking_since) bundle.soaking_since = f.time;
  } else {
    revoke(bundle, event.reason.empty() ? std::string(name_of(event.outcome)) : event.reason);
  }
  f.put(name, promotion.opened.bundle, bundle);
  return {};
}

Status allow_outcome(const PromotionState& promotion, const PromotionFinished& event) {
  bool started = promotion.phase == Phase::kRunning || promotion.phase == Phase::kApplied;
  if (event.outcome == Outcome::kBlocked && started) return conflict(numbered(event.number) + " has started already");
  if (event.outcome != Outcome::kSucceeded) return {};
  bool all_passed =
      std::all_of(promotion.checks.begin(), promotion.checks.end(), [](const auto& c) { return c.passed; });
  if (promotion.phase != Phase::kApplied || !event.checks || !all_passed) {
    return conflict(numbered(event.number) + " cannot have succeeded");
  }
  return {};
}

void remember_attempt(PromotionState& promotion, const PromotionFinished& event, Time now) {
  constexpr std::size_t kKept = 20;
  promotion.attempts.push_back({event.attempt, event.outcome, event.reason, now});
  if (promotion.attempts.size() > kKept) promotion.attempts.erase(promotion.attempts.begin());
}

}  // namespace

Status apply(Folding& f, const PromotionFinished& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  if (promotion.phase == Phase::kFinished) return conflict(numbered(event.number) + " has its outcome already");
  PAWL_TRY(expect(promotion, promotion.phase, event.attempt));
  PAWL_TRY(allow_outcome(promotion, event));
  const model::EnvironmentName& name = promotion.opened.environment;
  PAWL_ASSIGN(EnvironmentState environment, f.environment(name));
  if (promotion.phase != Phase::kWaiting) PAWL_TRY(expect_epoch(promotion, environment, event.epoch));
  if (promotion.phase == Phase::kRunning) environment.degraded = true;
  if (promotion.phase == Phase::kApplied) PAWL_TRY(judge_bundle(f, promotion, event));
  if (!event.gates.empty()) promotion.gates = event.gates;
  promotion.phase = Phase::kFinished;
  remember_attempt(promotion, event, f.time);
  std::erase(environment.open, event.number);
  f.put(name, environment);
  f.put(promotion);
  return {};
}

Status apply(Folding& f, const EnvironmentHeld& event) {
  PAWL_ASSIGN(EnvironmentState environment, f.environment(event.environment));
  if (event.on)
    environment.hold = Hold{event.reason, f.time};
  else
    environment.hold.reset();
  f.put(event.environment, environment);
  return {};
}

Status apply(Folding& f, const VerificationRevoked& event) {
  PAWL_ASSIGN(BundleState bundle, f.bundle(event.environment, event.bundle));
  if (!bundle.verified) return conflict("it is not verified in " + event.environment.str());
  revoke(bundle, event.reason);
  f.put(event.environment, event.bundle, bundle);
  return {};
}

}  // namespace pawl::plan
