#include "core/plan/gate.h"

namespace pawl::plan {

std::optional<GateAnswer> answer_freeze(const GateFacts& facts) {
  std::optional<GateAnswer> out;
  for (const FreezeFact& freeze : facts.freezes) {
    if (facts.now >= freeze.until) continue;
    if (!out) out = GateAnswer{.gate = "freeze", .subject = GateSubject::kPromotion, .state = GateState::kWaiting};
    std::string scope = freeze.all ? "everything is" : facts.environment.str() + " is";
    std::string lift = "pawl freeze " + (freeze.all ? std::string("--all") : facts.environment.str()) + " --off";
    out->found +=
        (out->found.empty() ? "" : "; ") + scope + " frozen until " + render_time(freeze.until) + ": " + freeze.reason;
    out->who += (out->who.empty() ? "" : "; ") + lift;
    // It may go when the last of them is over.
    if (!out->until || freeze.until > *out->until) out->until = freeze.until;
  }
  return out;
}

}  // namespace pawl::plan
