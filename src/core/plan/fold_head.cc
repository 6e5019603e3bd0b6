#include <algorithm>

#include "core/plan/folding.h"

namespace pawl::plan {

namespace {

Status leave_head(Folding& f, const model::EnvironmentName& name, const EnvironmentState& environment,
                  const PromotionState& promotion) {
  if (!environment.head) return {};
  const Head& head = *environment.head;
  std::string by = std::string(promotion.opened.kind == PromotionKind::kRollback ? "rollback " : "promotion ") +
                   std::to_string(promotion.opened.number);
  std::string visit_key = key::visit(f.project, name, environment.visits);
  PAWL_ASSIGN(std::optional<VisitState> visit, f.records.find<VisitState>(visit_key));
  if (visit) {
    visit->to = f.time;
    visit->left_by = by;
    f.records.put(visit_key, *visit);
  }
  if (head.bundle == promotion.opened.bundle) return {};
  PAWL_ASSIGN(BundleState bundle, f.bundle(name, head.bundle));
  if (promotion.opened.kind == PromotionKind::kRollback)
    revoke(bundle, "left by " + by);
  else
    stop_soaking(bundle, f.time);
  f.put(name, head.bundle, bundle);
  return {};
}

// The newest release that any layer of the new head came with. A layer of an older release makes nothing older.
std::uint64_t newest_of(const PromotionOpened& opened, const EnvironmentState& environment, const BundleState& bundle) {
  if (!opened.layers.empty()) return std::max(opened.release, environment.head ? environment.head->newest : 0);
  return opened.release != 0 ? opened.release : bundle.newest;
}

Status enter_head(Folding& f, const model::EnvironmentName& name, EnvironmentState& environment,
                  const PromotionState& promotion) {
  const PromotionOpened& opened = promotion.opened;
  bool same_bundle = environment.head && environment.head->bundle == opened.bundle;
  Time since = same_bundle ? environment.head->since : f.time;
  PAWL_ASSIGN(BundleState bundle, f.bundle(name, opened.bundle));
  bundle.newest = newest_of(opened, environment, bundle);
  std::uint64_t release = opened.layers.empty() ? opened.release : 0;
  environment.head = Head{opened.bundle, release, bundle.newest, opened.number, opened.configuration, since};
  environment.visits += 1;
  f.records.put(key::visit(f.project, name, environment.visits),
                VisitState{environment.visits, opened.bundle, release, opened.number, f.time, std::nullopt, ""});
  if (bundle.verified && !bundle.soaking_since) bundle.soaking_since = f.time;
  f.put(name, opened.bundle, bundle);
  return {};
}

}  // namespace

Status apply(Folding& f, const PromotionApplied& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  PAWL_TRY(expect(promotion, Phase::kRunning, event.attempt));
  const model::EnvironmentName& name = promotion.opened.environment;
  PAWL_ASSIGN(EnvironmentState environment, f.environment(name));
  PAWL_TRY(expect_epoch(promotion, environment, event.epoch));
  PAWL_TRY(leave_head(f, name, environment, promotion));
  PAWL_TRY(enter_head(f, name, environment, promotion));
  environment.pending.reset();
  if (promotion.opened.kind == PromotionKind::kRollback) environment.hold = Hold{promotion.opened.reason, f.time};
  promotion.phase = Phase::kApplied;
  promotion.applied_at = f.time;
  promotion.overwritten = event.overwritten;
  promotion.recovered = event.recovered;
  f.put(name, environment);
  f.put(promotion);
  return {};
}

}  // namespace pawl::plan
