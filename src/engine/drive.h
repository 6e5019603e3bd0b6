#pragma once

#include <cstdint>

#include "core/plan/run.h"
#include "engine/ledger.h"

namespace pawl::engine {

// Goes on with a promotion as far as it goes: gates, pending, claim, layers, read back, head, checks, outcome. Whoever
// calls drives; the store's records say where it stands. Returns the promotion's state afterwards. That a gate waits, a
// check failed or another driver took over is in the state. Errors: kInterrupted (nothing is lost; call again), and
// those of the store.
Result<plan::PromotionState> drive(World& world, const Context& context, const model::ProjectName& project,
                                   std::uint64_t number);

// The answers of the gates to a promotion, at this moment.
Result<std::vector<plan::GateAnswer>> ask_gates(World& world, const Context& context, const Moment& moment,
                                                const model::Configuration& configuration,
                                                const plan::PromotionOpened& opened);

// Reads a promotion's state.
Result<plan::PromotionState> promotion_state(World& world, const Context& context, const model::ProjectName& project,
                                             std::uint64_t number);

}  // namespace pawl::engine
