#include "format/value.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "format/same_key.h"

namespace pawl::format {

namespace {

constexpr std::size_t kFirstBlock = 4 << 10;
constexpr std::size_t kSmallBlocks = 8;  // each twice as large as the one before
constexpr std::size_t kPages = 2 * Pages::kLarge;

}  // namespace

void* Arena::allocate(std::size_t bytes, std::size_t alignment) {
  auto address = reinterpret_cast<std::uintptr_t>(next_);
  std::size_t padding = -address & (alignment - 1);
  if (next_ == nullptr || padding + bytes > left_) {
    std::span<std::byte> block = add_block(bytes + alignment);
    next_ = block.data();
    left_ = block.size();
    address = reinterpret_cast<std::uintptr_t>(next_);
    padding = -address & (alignment - 1);
  }
  std::byte* out = next_ + padding;
  next_ = out + bytes;
  left_ -= padding + bytes;
  return out;
}

std::span<std::byte> Arena::add_block(std::size_t bytes) {
  if (blocks_.size() >= kSmallBlocks && bytes <= kPages) {
    pages_.emplace_back(kPages);
    return {pages_.back().begin(), kPages};
  }
  std::size_t size = std::max(bytes, kFirstBlock << std::min(blocks_.size(), kSmallBlocks));
  blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
  return {blocks_.back().get(), size};
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {"", 0};
  char* out = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(out, text.data(), text.size());
  return {out, text.size()};
}

std::string_view Arena::adopt(std::string text) {
  adopted_.push_back(std::make_unique<std::string>(std::move(text)));
  return *adopted_.back();
}

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "true or false";
    case Kind::kInt:
    case Kind::kUint:
      return "a whole number";
    case Kind::kFloat:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
  }
  return "";
}

Value Value::boolean(bool value) {
  Value out;
  out.kind_ = Kind::kBool;
  out.payload_.boolean = value;
  return out;
}

Value Value::integer(std::int64_t value) {
  Value out;
  out.kind_ = Kind::kInt;
  out.payload_.integer = value;
  return out;
}

Value Value::integer(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return integer(static_cast<std::int64_t>(value));
  }
  Value out;
  out.kind_ = Kind::kUint;
  out.payload_.unsigned_integer = value;
  return out;
}

Value Value::number(double value) {
  Value out;
  out.kind_ = Kind::kFloat;
  out.payload_.number = value;
  return out;
}

Value Value::string_ref(std::string_view text) {
  check(text.size() <= std::numeric_limits<std::uint32_t>::max(), "a string is shorter than 4 GiB");
  Value out;
  out.kind_ = Kind::kString;
  out.payload_.text = text.data();
  out.size_ = static_cast<std::uint32_t>(text.size());
  return out;
}

Value Value::list() {
  Value out;
  out.kind_ = Kind::kList;
  out.payload_.items = nullptr;
  return out;
}

Value Value::map() {
  Value out;
  out.kind_ = Kind::kMap;
  out.payload_.members = nullptr;
  return out;
}

Value Value::list(Arena& arena, std::span<const Value> items) {
  Value out = list();
  out.size_ = out.capacity_ = static_cast<std::uint32_t>(items.size());
  out.payload_.items = arena.allocate_array<Value>(items.size());
  std::uninitialized_copy(items.begin(), items.end(), out.payload_.items);
  return out;
}

Value Value::map(Arena& arena, std::span<const Member> members) {
  Value out = map();
  out.size_ = out.capacity_ = static_cast<std::uint32_t>(members.size());
  out.payload_.members = arena.allocate_array<Member>(members.size());
  std::uninitialized_copy(members.begin(), members.end(), out.payload_.members);
  return out;
}

bool Value::as_bool() const {
  check(is_bool(), "the value is true or false");
  return payload_.boolean;
}

std::int64_t Value::as_int() const {
  check(kind_ == Kind::kInt, "the value is a whole number");
  return payload_.integer;
}

std::uint64_t Value::as_uint() const {
  if (kind_ == Kind::kUint) return payload_.unsigned_integer;
  check(kind_ == Kind::kInt && payload_.integer >= 0, "the value is a whole number, not negative");
  return static_cast<std::uint64_t>(payload_.integer);
}

double Value::as_double() const {
  if (kind_ == Kind::kInt) return static_cast<double>(payload_.integer);
  if (kind_ == Kind::kUint) return static_cast<double>(payload_.unsigned_integer);
  check(kind_ == Kind::kFloat, "the value is a number");
  return payload_.number;
}

std::string_view Value::as_string() const {
  check(is_string(), "the value is a string");
  return {payload_.text, size_};
}

Value* Value::find(std::string_view key) {
  for (Member& member : members()) {
    if (same_key(member.key, key)) return &member.value;
  }
  return nullptr;
}

const Value* Value::find(std::string_view key) const { return const_cast<Value*>(this)->find(key); }

const Value* Value::at_path(std::initializer_list<std::string_view> path) const {
  const Value* at = this;
  for (std::string_view key : path) {
    at = at->find(key);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::string_view Value::string_at(std::string_view key) const {
  const Value* found = find(key);
  return found == nullptr ? std::string_view() : found->string_or_empty();
}

// Returns an array with room for one more element behind `old`'s.
template <class T>
T* Value::grow(Arena& arena, T* old) {
  if (size_ < capacity_) return old;
  capacity_ = capacity_ == 0 ? 4 : capacity_ * 2;
  T* grown = arena.allocate_array<T>(capacity_);
  if (size_ != 0) std::memcpy(static_cast<void*>(grown), old, size_ * sizeof(T));
  return grown;
}

Value& Value::append_member(Arena& arena, std::string_view key, Value value, Position key_at) {
  check(is_map(), "members belong to a map");
  payload_.members = grow(arena, payload_.members);
  Member* slot = new (&payload_.members[size_++]) Member{key, value, key_at};
  return slot->value;
}

Value& Value::set(Arena& arena, std::string_view key, Value value) {
  if (Value* found = find(key)) {
    *found = value;
    return *found;
  }
  return append_member(arena, arena.copy(key), value);
}

bool Value::erase(std::string_view key) {
  std::span<Member> all = members();
  auto found = std::find_if(all.begin(), all.end(), [&](const Member& member) { return member.key == key; });
  if (found == all.end()) return false;
  std::move(found + 1, all.end(), found);
  --size_;
  return true;
}

Value& Value::push_back(Arena& arena, Value value) {
  check(is_list(), "items belong to a list");
  payload_.items = grow(arena, payload_.items);
  return *new (&payload_.items[size_++]) Value(value);
}

Value& Value::insert(Arena& arena, std::size_t index, Value value) {
  push_back(arena, value);
  std::span<Value> all = items();
  std::rotate(all.begin() + static_cast<std::ptrdiff_t>(index), all.end() - 1, all.end());
  return all[index];
}

void Value::erase_at(std::size_t index) {
  std::span<Value> all = items();
  check(index < all.size(), "the index is inside the list");
  std::move(all.begin() + static_cast<std::ptrdiff_t>(index) + 1, all.end(),
            all.begin() + static_cast<std::ptrdiff_t>(index));
  --size_;
}

void Value::set_at(Position position) {
  line_ = position.line;
  column_ =
      static_cast<std::uint16_t>(std::min<std::uint32_t>(position.column, std::numeric_limits<std::uint16_t>::max()));
}

Value Value::clone(Arena& arena) const {
  Value out = *this;
  if (is_list()) {
    out.payload_.items = arena.allocate_array<Value>(size_);
    out.capacity_ = size_;
    for (std::uint32_t i = 0; i < size_; ++i) new (&out.payload_.items[i]) Value(payload_.items[i].clone(arena));
  } else if (is_map()) {
    out.payload_.members = arena.allocate_array<Member>(size_);
    out.capacity_ = size_;
    for (std::uint32_t i = 0; i < size_; ++i) {
      const Member& member = payload_.members[i];
      new (&out.payload_.members[i]) Member{arena.copy(member.key), member.value.clone(arena), member.key_at};
    }
  } else if (is_string()) {
    out.payload_.text = arena.copy(as_string()).data();
  }
  return out;
}

std::vector<const Member*> members_by_key(const Value& map) {
  std::vector<const Member*> sorted;
  for (const Member& member : map.members()) sorted.push_back(&member);
  std::sort(sorted.begin(), sorted.end(), [](const Member* a, const Member* b) { return a->key < b->key; });
  return sorted;
}

namespace {

bool equal_maps(const Value& a, const Value& b) {
  auto same = [](const Member* x, const Member* y) { return x->key == y->key && equal(x->value, y->value); };
  std::vector<const Member*> left = members_by_key(a);
  std::vector<const Member*> right = members_by_key(b);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), same);
}

}  // namespace

bool equal(const Value& a, const Value& b) {
  if (a.kind() != b.kind() || a.size() != b.size()) return false;
  switch (a.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return a.as_bool() == b.as_bool();
    case Kind::kInt:
      return a.as_int() == b.as_int();
    case Kind::kUint:
      return a.as_uint() == b.as_uint();
    case Kind::kFloat:
      return a.as_double() == b.as_double();
    case Kind::kString:
      return a.as_string() == b.as_string();
    case Kind::kList:
      return std::equal(a.items().begin(), a.items().end(), b.items().begin(), equal);
    case Kind::kMap:
      return equal_maps(a, b);
  }
  return false;
}

Value map_of(Arena& arena, std::initializer_list<std::pair<std::string_view, Value>> members) {
  Value out = Value::map();
  for (const auto& [key, value] : members) out.set(arena, key, value);
  return out;
}

}  // namespace pawl::format
