#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/file_stamp.h"

namespace pawl::os {

// As stamp_of() in file.h, of many files below one folder.
std::vector<std::optional<FileStamp>> stamps_below(const std::string& folder, std::span<const std::string_view> paths);

}  // namespace pawl::os
