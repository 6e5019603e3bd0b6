#pragma once

#include "core/cel/value.h"

namespace pawl::cel {

// What a map that an expression made points at. Shared by a builder and the maps it has built: each of those sees only
// as many entries as its size tells.
struct MapTable {
  const MapEntry* entries = nullptr;
  const std::uint32_t* buckets = nullptr;  // index + 1 of an entry, 0 where empty; null in small maps
  std::uint32_t mask = 0;
};

inline constexpr std::size_t kLinearMap = 8;

// Numbers that are equal have one key: an int where they fit.
Value canonical_key(const Value& key);
std::uint64_t hash_of_key(const Value& canonical);
bool is_same_key(const Value& canonical, const Value& other_canonical);
// Returns the entry, or null.
const MapEntry* find_entry(const MapTable& table, std::size_t size, const Value& canonical);

}  // namespace pawl::cel
