#pragma once

#include <cstdint>
#include <vector>

#include "core/plan/state.h"
#include "engine/ledger.h"

namespace pawl::engine {

// Whether systems outside are asked what they say.
enum class Outside : std::uint8_t {
  kAsked,
  kAskedAndKept,  // what was asked and answered is kept as evidence: for who lets a promotion in
  kLeftAlone,     // for pages that show many things, and under the writer's lock
  kRemembered,    // what they said a moment ago counts, and they are left alone: also under the writer's lock
};

// The answers of the gates to a promotion, at this moment; all that hold for its kind are asked. What is open may add
// three that are not written: "integrity", where something that is needed is broken, "turn", while another promotion
// is running there, and "freeze". Writes nothing.
Result<std::vector<plan::GateAnswer>> ask_gates(World& world, const Context& context, const Moment& moment,
                                                const model::Configuration& configuration,
                                                const plan::PromotionOpened& opened, Outside outside = Outside::kAsked);

}  // namespace pawl::engine
