#pragma once

#include <vector>

#include "core/plan/state.h"
#include "engine/ledger.h"

namespace pawl::engine {

// The answers of the gates to a promotion, at this moment; all that hold for its kind are asked. What is open may add
// three that are not written: "integrity", where something that is needed is broken, "turn", while another promotion
// is running there, and "freeze". Writes nothing.
Result<std::vector<plan::GateAnswer>> ask_gates(World& world, const Context& context, const Moment& moment,
                                                const model::Configuration& configuration,
                                                const plan::PromotionOpened& opened);

}  // namespace pawl::engine
