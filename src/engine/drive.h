#pragma once

#include <cstdint>

#include "core/plan/run.h"
#include "engine/gates.h"
#include "engine/ledger.h"

namespace pawl::engine {

// Goes on with a promotion as far as it goes: gates, pending, claim, layers, read back, head, checks, outcome. Whoever
// calls drives; the store's records say where it stands, and are asked before every effect, so that an abort or another
// driver stops this one before its next. Returns the promotion's state afterwards: that a gate waits, a check failed or
// somebody else ended it is in the state. Errors: kInterrupted (nothing is lost; call again), kConflict while another
// process drives it, and those of the store.
Result<plan::PromotionState> drive(World& world, const Context& context, const model::ProjectName& project,
                                   std::uint64_t number);

// Reads a promotion's state.
Result<plan::PromotionState> promotion_state(World& world, const Context& context, const model::ProjectName& project,
                                             std::uint64_t number);
Result<plan::PromotionState> promotion_state(const plan::Records& records, const model::ProjectName& project,
                                             std::uint64_t number);

}  // namespace pawl::engine
