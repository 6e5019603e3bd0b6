#pragma once

#include <optional>
#include <vector>

#include "api/view.h"
#include "core/drift/difference.h"
#include "core/model/configuration.h"
#include "engine/world.h"

namespace pawl::engine {

// What applying `to` over `from` would change; everything is added where there is no `from`.
Result<std::vector<drift::ObjectChange>> bundle_difference(World& world, const Context& context,
                                                           const std::optional<crypto::Digest>& from,
                                                           const crypto::Digest& to);

// The objects that are live; layers that are not YAML any more are named in `unreadable`.
std::vector<drift::DriftObject> objects_of_live(format::Arena& arena, const ports::Live& live,
                                                std::vector<std::string>& unreadable);

// How an environment's target differs from its head. Paused, and said so, while a promotion is pending.
Result<api::DriftView> drift_of_environment(World& world, const Context& context,
                                            const model::Configuration& configuration,
                                            const model::Environment& environment);

}  // namespace pawl::engine
