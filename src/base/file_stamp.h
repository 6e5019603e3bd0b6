#pragma once

#include <cstdint>

namespace pawl {

// What a file system says of a file without reading it. Whoever changes a file changes its stamp.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t node = 0;
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;
  bool operator==(const FileStamp&) const = default;
};

}  // namespace pawl
