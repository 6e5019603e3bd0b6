#include "core/plan/gate.h"

namespace pawl::plan {

GateAnswer answer(const model::SoakGate& gate, const GateFacts& facts) {
  GateAnswer out{.gate = "soak", .subject = GateSubject::kBundle, .state = GateState::kPassed};
  if (facts.upstream.empty()) {
    out.state = GateState::kErrored;
    out.found = "no environment is upstream of " + facts.environment.str() + " to soak in";
    return out;
  }
  bool growing = true;
  for (const UpstreamFacts& upstream : facts.upstream) {
    out.found += (out.found.empty() ? "" : "; ") + render_age(upstream.soaked) + " of " + render_duration(gate.time) +
                 " in " + upstream.environment.str();
    if (upstream.soaked >= gate.time) continue;
    out.state = GateState::kWaiting;
    bool grows = upstream.is_head && upstream.verified;
    if (!grows) {
      growing = false;
      out.who += (out.who.empty() ? "" : "; ") +
                 ("it is not the verified head of " + upstream.environment.str() + ", so no time counts");
    }
    Time ready = facts.now + (gate.time - upstream.soaked);
    if (!out.until || ready > *out.until) out.until = ready;
  }
  if (!growing) out.until.reset();
  return out;
}

}  // namespace pawl::plan
