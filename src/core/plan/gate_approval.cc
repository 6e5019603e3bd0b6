#include "core/plan/gate.h"

namespace pawl::plan {

// Approvals are not counted by this version: an approval gate is in the model and fails closed.
GateAnswer answer(const model::ApprovalGate& gate, const GateFacts&) {
  return {.gate = "approval",
          .subject = GateSubject::kPromotion,
          .state = GateState::kErrored,
          .found = "0 of " + std::to_string(gate.count) + "; this version of pawl cannot count approvals yet",
          .who = "a version of pawl that does; nothing is let in meanwhile"};
}

}  // namespace pawl::plan
