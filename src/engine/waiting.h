#pragma once

#include <string>

#include "core/plan/state.h"
#include "engine/ledger.h"

namespace pawl::engine {

// The promotion that a verb names: its number, or an environment in which exactly one waits. Errors: kNotFound, kUsage
// listing several that wait.
Result<plan::PromotionState> find_named(const plan::Records& records, const model::Configuration& configuration,
                                        const std::string& name);

// The promotion that waits for what `fresh` would be, with its number, so that what was said to it is seen; `fresh`
// itself where none does.
Result<plan::PromotionOpened> as_it_waits(const plan::Records& records, const model::ProjectName& project,
                                          const plan::PromotionOpened& fresh);

// Every promotion that waits, in pipeline order.
Result<std::vector<plan::PromotionState>> find_waiting(const plan::Records& records,
                                                       const model::Configuration& configuration);

}  // namespace pawl::engine
