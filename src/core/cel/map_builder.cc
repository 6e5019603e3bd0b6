#include "core/cel/map_builder.h"

#include <algorithm>
#include <bit>

#include "core/cel/map_table.h"

namespace pawl::cel {

MapBuilder* MapBuilder::make(Arena& arena) { return arena.make<MapBuilder>(); }

MapEntry* MapBuilder::find(const Value& key) {
  MapTable table{entries_, buckets_, mask_};
  return const_cast<MapEntry*>(find_entry(table, size_, canonical_key(key)));
}

// Into new memory: maps built before keep the old.
void MapBuilder::grow(Arena& arena) {
  capacity_ = std::max(4u, 2 * capacity_);
  auto* entries = arena.allocate_array<MapEntry>(capacity_);
  std::copy_n(entries_, size_, entries);
  entries_ = entries;
  if (capacity_ <= kLinearMap) return;
  std::uint32_t buckets = std::bit_ceil(2 * capacity_);
  buckets_ = arena.allocate_array<std::uint32_t>(buckets);
  std::fill_n(buckets_, buckets, 0u);
  mask_ = buckets - 1;
  for (std::size_t i = 0; i < size_; ++i) index(i);
}

void MapBuilder::index(std::size_t entry) {
  if (buckets_ == nullptr) return;
  std::uint64_t at = hash_of_key(canonical_key(entries_[entry].key));
  while (buckets_[at & mask_] != 0) ++at;
  buckets_[at & mask_] = static_cast<std::uint32_t>(entry + 1);
}

MapBuilder::Added MapBuilder::add(Arena& arena, const Value& key, const Value& value) {
  if (find(key) != nullptr) return Added::kRepeated;
  nodes_ += value.nodes();
  if (nodes_ > Value::kMostNodes || !arena.has_room(64u * (size_ + 1))) return Added::kTooLarge;
  if (size_ == capacity_) grow(arena);
  entries_[size_] = {key, value};
  index(size_);
  ++size_;
  return Added::kYes;
}

MapBuilder::Added MapBuilder::put(Arena& arena, const Value& key, const Value& value) {
  MapEntry* known = find(key);
  if (known == nullptr) return add(arena, key, value);
  nodes_ += value.nodes();
  if (nodes_ > Value::kMostNodes) return Added::kTooLarge;
  known->value = value;
  return Added::kYes;
}

void MapBuilder::remove(Arena& arena, const Value& key) {
  MapEntry* known = find(key);
  if (known == nullptr) return;
  MapBuilder without;
  for (std::size_t i = 0; i < size_; ++i)
    if (&entries_[i] != known) without.add(arena, entries_[i].key, entries_[i].value);
  *this = without;
}

Value MapBuilder::build(Arena& arena) const {
  return Value::map(*arena.make<MapTable>(MapTable{entries_, buckets_, mask_}), size_, nodes_);
}

}  // namespace pawl::cel
