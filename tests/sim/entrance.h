#pragma once

#include <string>

#include "tests/sim/sight.h"

namespace pawl::sim {

// What a promotion must have found where it enters, calculated from the ledger and the blobs alone. Each returns how it
// was not so, "" when it was. `configuration` is the one in force.

// Each window that allows is open, and none that denies. Only daily ones in UTC are known here.
std::string shut_window(const model::Environment& environment, Time now);
// Nothing is frozen.
std::string frozen(const Sight& sight, const model::EnvironmentName& name);
// The policies that are bound were asked, and what they deny is excepted.
std::string unlawful(const Sight& sight, const model::Configuration& configuration,
                     const model::Environment& environment, const plan::PromotionStarted& started);
// Whether the configuration's policies are such as no apiserver would take.
bool has_broken_policies(const Sight& sight, const model::Configuration& configuration);

}  // namespace pawl::sim
