#include <algorithm>

#include "core/plan/folding.h"

namespace pawl::plan {

// Only to what waits, and about what it means now. The last word of a person is the one that is kept.
Status apply(Folding& f, const ApprovalRecorded& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  PAWL_TRY(expect(promotion, Phase::kWaiting, promotion.attempt));
  if (event.plan != promotion.opened.plan)
    return conflict("the plan of " + numbered(event.number) + " is another one now");
  if (event.given > f.time) return conflict("it was given in the future");
  std::vector<ApprovalRecorded>& all = promotion.approvals;
  bool known = std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.record == event.record; });
  if (known) return conflict("it is recorded already");
  auto at =
      std::lower_bound(all.begin(), all.end(), event, [](const auto& a, const auto& b) { return a.person < b.person; });
  if (at != all.end() && at->person == event.person)
    *at = event;
  else
    all.insert(at, event);
  f.put(promotion);
  return {};
}

}  // namespace pawl::plan
