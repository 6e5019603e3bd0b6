#include "core/plan/gate.h"

namespace pawl::plan {

// Windows are not computed by this version: a window gate is in the model and fails closed.
GateAnswer answer(const model::WindowGate& gate, const GateFacts&) {
  return {.gate = "window",
          .subject = GateSubject::kPromotion,
          .state = GateState::kErrored,
          .found = "\"" + gate.schedule + "\"; this version of pawl cannot compute windows yet",
          .who = "a version of pawl that does; nothing is let in meanwhile"};
}

}  // namespace pawl::plan
