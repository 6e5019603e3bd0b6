#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/cel/arena.h"
#include "format/value.h"

namespace pawl::cel {

// Finds members of large maps of data without walking through them each time: a map that is searched again and again
// gets an index, in the arena. Trivially destructible.
class DataIndexes {
 public:
  // Maps up to this size are searched as they are.
  static constexpr std::size_t kSmall = 32;

  // Returns the member's value, or null. Adds to `steps` what was walked through.
  const format::Value* find(const format::Value& map, std::string_view key, Arena& arena, std::uint64_t& steps);

 private:
  struct Index {
    const format::Value* map = nullptr;
    std::uint32_t searches = 0;
    std::uint32_t mask = 0;
    std::uint32_t* buckets = nullptr;  // index + 1 of a member, 0 where empty
  };
  static void build(Index& index, Arena& arena);

  std::array<Index, 16> indexes_{};
};

}  // namespace pawl::cel
