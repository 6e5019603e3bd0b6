#pragma once

#include "api/types.h"
#include "core/model/release.h"
#include "engine/world.h"

namespace pawl::engine {

// Says of added objects that hold keys (ConfigMap, Secret) how many, as `bundle` has them.
Status add_details(World& world, const Context& context, const model::Bundle& bundle, api::ChangesView& changes);

}  // namespace pawl::engine
