#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "ports/cache.h"

namespace pawl::local {

// A folder of this user's with a file a key; what was written longest ago goes when there are more than `most` of them.
// The folder may be deleted at any time.
std::shared_ptr<ports::Cache> open_cache(std::string folder, std::size_t most = 64);

}  // namespace pawl::local
