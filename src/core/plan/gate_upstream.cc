#include <algorithm>

#include "core/plan/gate.h"

namespace pawl::plan {

namespace {

std::string sentence(const UpstreamFacts& upstream) {
  if (!upstream.bundle) return upstream.environment.str() + ": this release has no bundle for it";
  return upstream.environment.str() + ": " + upstream.verification;
}

std::string all_sentences(const GateFacts& facts) {
  std::string out;
  for (const UpstreamFacts& upstream : facts.upstream) out += (out.empty() ? "" : "; ") + sentence(upstream);
  return out;
}

}  // namespace

GateAnswer answer(const model::UpstreamGate& gate, const GateFacts& facts) {
  GateAnswer out{.gate = "upstream", .subject = GateSubject::kRelease, .found = all_sentences(facts)};
  auto verified = std::count_if(facts.upstream.begin(), facts.upstream.end(), [](const auto& u) { return u.verified; });
  auto total = static_cast<std::ptrdiff_t>(facts.upstream.size());
  bool enough = gate.rule == model::UpstreamRule::kAll ? verified == total : verified > 0;
  for (const UpstreamFacts& upstream : facts.upstream) {
    if (upstream.verified) out.evidence.insert(out.evidence.end(), upstream.evidence.begin(), upstream.evidence.end());
  }
  if (total == 0) {
    // A rule about nothing is no pass: an upstream gate without an upstream cannot tell.
    out.state = GateState::kErrored;
    out.found = "no environment is upstream of " + facts.environment.str();
  } else if (enough) {
    out.state = GateState::kPassed;
  } else {
    bool coming =
        std::any_of(facts.upstream.begin(), facts.upstream.end(), [](const auto& u) { return u.in_progress; });
    out.state = coming ? GateState::kWaiting : GateState::kFailed;
    for (const UpstreamFacts& upstream : facts.upstream) {
      if (!upstream.verified)
        out.who += (out.who.empty() ? "" : "; ") + ("pawl promote --to " + upstream.environment.str());
    }
  }
  return out;
}

}  // namespace pawl::plan
