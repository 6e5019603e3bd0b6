#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/check.h"
#include "base/diagnostic.h"
#include "base/pages.h"

namespace pawl::format {

// Memory that is given back all at once. Everything a Value points at lives in one. Not thread-safe; not copyable.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  // `alignment` must be a power of two.
  void* allocate(std::size_t bytes, std::size_t alignment);
  template <class T>
    requires std::is_trivially_destructible_v<T>
  T* allocate_array(std::size_t count) {
    return static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
  }
  // Returns a copy of `text` that lives as long as the arena.
  std::string_view copy(std::string_view text);
  // Keeps `text` alive as long as the arena and returns a view of it, without copying.
  std::string_view adopt(std::string text);

 private:
  // Returns a new block with room for `bytes`, and its size.
  std::span<std::byte> add_block(std::size_t bytes);

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::vector<Pages> pages_;  // once there is much
  std::vector<std::unique_ptr<std::string>> adopted_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
};

enum class Kind : std::uint8_t { kNull, kBool, kInt, kUint, kFloat, kString, kList, kMap };
std::string_view name_of(Kind kind);  // for messages: "a map", "a string"

struct Member;

// One node of a tree of plain data: what YAML, JSON and every document of Pawl is read into and written from.
// A Value is a 24-byte handle: copying it shares its children, which live in an Arena. clone() copies deeply.
// Maps keep the order in which they were written and never hold a key twice. Integers are kInt wherever they fit
// in 64 bits signed, kUint only above; kFloat may be infinite or NaN (YAML), which JSON writers refuse.
class Value {
 public:
  Value() = default;  // null
  static Value null() { return {}; }
  static Value boolean(bool value);
  static Value integer(std::int64_t value);
  static Value integer(int value) { return integer(static_cast<std::int64_t>(value)); }
  static Value integer(std::uint64_t value);
  static Value number(double value);
  static Value string(Arena& arena, std::string_view text) { return string_ref(arena.copy(text)); }
  // `text` must outlive every copy of the value: a literal, or text of the arena.
  static Value string_ref(std::string_view text);
  static Value list();
  static Value map();
  // With these elements, in memory of exactly their size. The keys must live in `arena` and stand once each.
  static Value list(Arena& arena, std::span<const Value> items);
  static Value map(Arena& arena, std::span<const Member> members);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_bool() const { return kind_ == Kind::kBool; }
  bool is_int() const { return kind_ == Kind::kInt || kind_ == Kind::kUint; }
  bool is_number() const { return is_int() || kind_ == Kind::kFloat; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_list() const { return kind_ == Kind::kList; }
  bool is_map() const { return kind_ == Kind::kMap; }
  bool is_scalar() const { return !is_list() && !is_map(); }

  // Each requires the kind it names (as_double any number).
  bool as_bool() const;
  std::int64_t as_int() const;
  std::uint64_t as_uint() const;  // a non-negative kInt, or kUint
  double as_double() const;
  std::string_view as_string() const;
  // The text of a string, or "" for any other kind.
  std::string_view string_or_empty() const { return is_string() ? as_string() : std::string_view(); }

  // Elements of a list or members of a map; 0 for scalars.
  std::size_t size() const { return is_list() || is_map() ? size_ : 0; }
  bool empty() const { return size() == 0; }

  // Of a list; empty for every other kind.
  std::span<Value> items() { return is_list() ? std::span(payload_.items, size_) : std::span<Value>(); }
  std::span<const Value> items() const {
    return is_list() ? std::span<const Value>(payload_.items, size_) : std::span<const Value>();
  }
  // Of a map; empty for every other kind.
  std::span<Member> members();
  std::span<const Member> members() const;

  // Returns the member's value, or nullptr when this is no map or has no such key. Linear in the map's size.
  Value* find(std::string_view key);
  const Value* find(std::string_view key) const;
  // As find(), through nested maps: value.at_path({"metadata", "name"}).
  const Value* at_path(std::initializer_list<std::string_view> path) const;
  // The string at `key`, or "" when it is absent or no string.
  std::string_view string_at(std::string_view key) const;

  // Sets or appends a member; returns the member's value. Requires a map. The key is copied into `arena`.
  Value& set(Arena& arena, std::string_view key, Value value);
  Value& set(Arena& arena, std::string_view key, std::string_view text) { return set(arena, key, string(arena, text)); }
  Value& set(Arena& arena, std::string_view key, const char* text) { return set(arena, key, std::string_view(text)); }
  // Appends a member without looking for the key; for readers that know it is new. `key` must live in `arena`.
  Value& append_member(Arena& arena, std::string_view key, Value value, Position key_at = {});
  // Returns whether there was such a member. Keeps the order of the others.
  bool erase(std::string_view key);

  Value& push_back(Arena& arena, Value value);  // requires a list
  Value& insert(Arena& arena, std::size_t index, Value value);
  void erase_at(std::size_t index);  // of a list

  // Where the value begins in its file; line 0 when it was made, not read.
  Position at() const { return {line_, column_}; }
  void set_at(Position position);

  // Whether a string stood in quotes or as a block; only readers set it.
  bool quoted() const { return quoted_; }
  void set_quoted(bool quoted) { quoted_ = quoted; }
  // A string as above that took the place of one without quotes, and with it its style
  // (core/render/patch_strategic.cc).
  bool unstyled() const { return unstyled_; }
  void set_unstyled(bool unstyled) { unstyled_ = unstyled; }

  Value clone(Arena& arena) const;

 private:
  union Payload {
    bool boolean;
    std::int64_t integer;
    std::uint64_t unsigned_integer;
    double number;
    const char* text;
    Value* items;
    Member* members;
  };
  template <class T>
  T* grow(Arena& arena, T* old);

  Payload payload_{.integer = 0};
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  std::uint32_t line_ = 0;
  std::uint16_t column_ = 0;
  Kind kind_ = Kind::kNull;
  bool quoted_ : 1 = false;
  bool unstyled_ : 1 = false;
};

struct Member {
  std::string_view key;
  Value value;
  Position key_at;
};

inline std::span<Member> Value::members() {
  return is_map() ? std::span<Member>(payload_.members, size_) : std::span<Member>();
}
inline std::span<const Member> Value::members() const {
  return is_map() ? std::span<const Member>(payload_.members, size_) : std::span<const Member>();
}

// A map of these, in this order; keys are literals.
Value map_of(Arena& arena, std::initializer_list<std::pair<std::string_view, Value>> members);

// A map's members, sorted by the bytes of their keys; they live as long as the map.
std::vector<const Member*> members_by_key(const Value& map);

// Deep equality of data: map order, positions and quoting do not count; 1 and 1.0 differ. n log n in large maps.
bool equal(const Value& a, const Value& b);

// A tree together with the memory it lives in.
struct Document {
  std::unique_ptr<Arena> arena = std::make_unique<Arena>();
  Value root;
};

}  // namespace pawl::format
