#pragma once

#include <cstdint>

#include "core/plan/state.h"
#include "engine/ledger.h"

namespace pawl::engine {

struct Entered {
  plan::PromotionState state;  // afterwards
  bool started = false;        // this call set `pending`
  std::uint64_t index = 0;     // of the ledger's entry that did
};

// Takes a waiting promotion as far as the gates let it: it is planned anew where the environment's configuration or the
// head changed since; its gates are asked; then it waits on, is blocked, or `pending` is set, its configuration frozen.
// Errors: kConflict for something foreign at the target, or a change that came in between.
Result<Entered> enter(World& world, const Context& context, const model::ProjectName& project,
                      const plan::PromotionState& waiting);

}  // namespace pawl::engine
