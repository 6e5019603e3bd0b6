#pragma once

#include "core/cel/value.h"

namespace pawl::cel {

// Grows a map in an arena. Maps that were built before stay what they were. Trivially destructible.
class MapBuilder {
 public:
  static MapBuilder* make(Arena& arena);

  enum class Added : std::uint8_t { kYes, kRepeated, kTooLarge };
  // Keys that are equal as numbers are one key.
  Added add(Arena& arena, const Value& key, const Value& value);
  // As add(), but a repeated key takes the new value.
  Added put(Arena& arena, const Value& key, const Value& value);
  // Takes the key out again; the order of the others stays.
  void remove(Arena& arena, const Value& key);
  Value build(Arena& arena) const;
  std::size_t size() const { return size_; }

 private:
  MapEntry* find(const Value& key);
  void grow(Arena& arena);
  void index(std::size_t entry);

  MapEntry* entries_ = nullptr;
  std::uint32_t* buckets_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  std::uint32_t mask_ = 0;
  double nodes_ = 1;
};

}  // namespace pawl::cel
