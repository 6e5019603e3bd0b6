#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/file_stamp.h"
#include "os/plain_file.h"

namespace pawl::os {

// A file or folder, whatever it is called.
struct NodeId {
  std::uint64_t device = 0;
  std::uint64_t node = 0;
  bool operator==(const NodeId&) const = default;
};
// What `path` leads to; nullopt where that is nothing.
std::optional<NodeId> node_of(const std::string& path);

// As stamp_of() in file.h, of many files below one folder.
std::vector<std::optional<FileStamp>> stamps_below(const OpenFolder& folder, std::span<const std::string_view> paths);

}  // namespace pawl::os
