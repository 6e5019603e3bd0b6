#pragma once

#include <string>

#include "base/result.h"

namespace pawl::os {

// The permission bits of a file or folder, 0600 and the like; a link is followed. Errors: as os/file.h has them.
Result<unsigned> permissions(const std::string& path);

}  // namespace pawl::os
