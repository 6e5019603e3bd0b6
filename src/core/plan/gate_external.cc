#include <algorithm>

#include "core/plan/gate.h"

namespace pawl::plan {

namespace {

GateState state_of(model::CalloutWord word) {
  switch (word) {
    case model::CalloutWord::kPassed:
      return GateState::kPassed;
    case model::CalloutWord::kFailed:
      return GateState::kFailed;
    case model::CalloutWord::kWaiting:
      return GateState::kWaiting;
  }
  return GateState::kErrored;
}

}  // namespace

// Whoever gives no answer lets nothing in.
GateAnswer answer(const model::ExternalGate& gate, const GateFacts& facts) {
  GateAnswer out{.gate = "external", .subject = GateSubject::kPromotion, .state = GateState::kErrored};
  auto fact = std::find_if(facts.external.begin(), facts.external.end(),
                           [&](const auto& one) { return one.name == gate.name; });
  if (fact == facts.external.end()) {
    out.found = gate.name + ": it was not asked";
  } else if (!fact->asked) {
    out.state = GateState::kWaiting;
    out.found = gate.name + ": it is not asked here";
    out.who = "pawl why and pawl promote ask it";
  } else if (!fact->answer) {
    out.found = gate.name + ": " + fact->trouble;
    out.who = "whoever runs " + gate.name;
  } else {
    out.state = state_of(fact->answer->answer);
    std::string reason =
        fact->answer->reason.empty() ? std::string(name_of(fact->answer->answer)) : fact->answer->reason;
    out.found = gate.name + ": " + reason;
    out.evidence.push_back(fact->record);
    if (out.state == GateState::kWaiting) out.until = fact->answer->until;
    if (out.state != GateState::kPassed) out.who = gate.name;
  }
  return out;
}

}  // namespace pawl::plan
