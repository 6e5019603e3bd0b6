#include "core/cel/map_table.h"

#include <cmath>

namespace pawl::cel {

namespace {

std::uint64_t mix(std::uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  return hash ^ (hash >> 33);
}

}  // namespace

Value canonical_key(const Value& key) {
  if (key.is_uint() && key.as_uint() <= static_cast<std::uint64_t>(INT64_MAX))
    return Value::integer(static_cast<std::int64_t>(key.as_uint()));
  if (!key.is_double()) return key;
  double number = key.as_double();
  if (number != std::floor(number)) return key;
  if (number >= -0x1p63 && number < 0x1p63) return Value::integer(static_cast<std::int64_t>(number));
  if (number >= 0x1p63 && number < 0x1p64) return Value::uinteger(static_cast<std::uint64_t>(number));
  return key;
}

std::uint64_t hash_of_key(const Value& canonical) {
  bool is_text = canonical.is_string() || canonical.is_bytes() || canonical.is(Value::Kind::kType);
  if (!is_text) return mix(canonical.as_uint());
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (char c : canonical.text()) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(hash);
}

bool is_same_key(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  bool is_text = a.is_string() || a.is_bytes() || a.is(Value::Kind::kType);
  return is_text ? a.text() == b.text() : a.as_uint() == b.as_uint();
}

const MapEntry* find_entry(const MapTable& table, std::size_t size, const Value& wanted) {
  if (table.buckets == nullptr) {
    for (std::size_t i = 0; i < size; ++i)
      if (is_same_key(canonical_key(table.entries[i].key), wanted)) return &table.entries[i];
    return nullptr;
  }
  for (std::uint64_t at = hash_of_key(wanted);; ++at) {
    std::uint32_t bucket = table.buckets[at & table.mask];
    if (bucket == 0) return nullptr;
    // An entry past the size was added to a later map.
    if (bucket <= size && is_same_key(canonical_key(table.entries[bucket - 1].key), wanted))
      return &table.entries[bucket - 1];
  }
}

}  // namespace pawl::cel
