#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/file_stamp.h"
#include "os/plain_file.h"

namespace pawl::os {

// As stamp_of() in file.h, of many files below one folder.
std::vector<std::optional<FileStamp>> stamps_below(const OpenFolder& folder, std::span<const std::string_view> paths);

}  // namespace pawl::os
