#pragma once

#include "engine/world.h"

namespace pawl::engine {

// Whether what the blob store keeps beside blobs is whole, and calls nothing a release that the ledger does not call
// so. Returns how many names there are. Errors: kIntegrity.
Result<std::size_t> check_names(World& world, const Context& context);

}  // namespace pawl::engine
