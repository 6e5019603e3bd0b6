#include "core/cel/data_index.h"

#include <algorithm>
#include <bit>

#include "core/cel/map_table.h"

namespace pawl::cel {

namespace {

// An index pays from the second search on; the first few may be all there are.
constexpr std::uint32_t kSearchesWithout = 3;
constexpr std::uint64_t kMembersAStep = 8;

}  // namespace

void DataIndexes::build(Index& index, Arena& arena) {
  std::span<const format::Member> members = index.map->members();
  std::size_t buckets = std::bit_ceil(2 * members.size());
  if (!arena.has_room(buckets * sizeof(std::uint32_t))) return;
  index.buckets = arena.allocate_array<std::uint32_t>(buckets);
  std::fill_n(index.buckets, buckets, 0u);
  index.mask = static_cast<std::uint32_t>(buckets - 1);
  for (std::size_t i = 0; i < members.size(); ++i) {
    std::uint64_t at = hash_of_key(Value::string(members[i].key));
    while (index.buckets[at & index.mask] != 0) ++at;
    index.buckets[at & index.mask] = static_cast<std::uint32_t>(i + 1);
  }
}

const format::Value* DataIndexes::find(const format::Value& map, std::string_view key, Arena& arena,
                                       std::uint64_t& steps) {
  Index& index = indexes_[(reinterpret_cast<std::uintptr_t>(&map) / sizeof(format::Value)) % indexes_.size()];
  if (index.map != &map) index = {&map, 0, 0, nullptr};
  if (++index.searches > kSearchesWithout && index.buckets == nullptr) build(index, arena);
  if (index.buckets == nullptr) {
    steps += map.size() / kMembersAStep;
    return map.find(key);
  }
  std::span<const format::Member> members = map.members();
  for (std::uint64_t at = hash_of_key(Value::string(key));; ++at) {
    std::uint32_t bucket = index.buckets[at & index.mask];
    if (bucket == 0) return nullptr;
    if (members[bucket - 1].key == key) return &members[bucket - 1].value;
  }
}

}  // namespace pawl::cel
