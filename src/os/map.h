#pragma once

#include <optional>
#include <string>

#include "base/pieces.h"

namespace pawl::os {

// A whole regular file of at most `max_bytes`, mapped: for files that are replaced and never written in place. nullopt
// where it cannot be had.
std::optional<SharedBytes> map_file(const std::string& path, std::size_t max_bytes);

}  // namespace pawl::os
