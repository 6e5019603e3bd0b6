#include "core/cel/value.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/cel/utf8.h"

namespace pawl::cel {

struct MapTable {
  const MapEntry* entries = nullptr;
  std::uint32_t* buckets = nullptr;  // index + 1 of an entry, 0 where empty; null in small maps
  std::uint32_t mask = 0;
};

namespace {

constexpr std::size_t kLinearMap = 8;
constexpr int kDeepest = 4096;

std::uint16_t weight_of(double nodes) { return static_cast<std::uint16_t>(std::ceil(256 * std::log2(nodes))); }

// Numbers that are equal have one key: an int64 where they fit.
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

std::uint64_t mix(std::uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  return hash ^ (hash >> 33);
}

std::uint64_t hash_of(const Value& canonical) {
  if (!canonical.is_string()) return mix(canonical.as_uint());
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (char c : canonical.text()) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(hash);
}

bool same_key(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  return a.is_string() ? a.text() == b.text() : a.as_uint() == b.as_uint();
}

const MapEntry* find_entry(const MapTable& table, std::size_t size, const Value& wanted) {
  if (table.buckets == nullptr) {
    for (std::size_t i = 0; i < size; ++i)
      if (same_key(canonical_key(table.entries[i].key), wanted)) return &table.entries[i];
    return nullptr;
  }
  for (std::uint64_t at = hash_of(wanted);; ++at) {
    std::uint32_t bucket = table.buckets[at & table.mask];
    if (bucket == 0) return nullptr;
    if (same_key(canonical_key(table.entries[bucket - 1].key), wanted)) return &table.entries[bucket - 1];
  }
}

void index(Arena& arena, MapTable& table, std::size_t size) {
  std::size_t buckets = std::bit_ceil(size * 2);
  table.buckets = arena.allocate_array<std::uint32_t>(buckets);
  std::fill_n(table.buckets, buckets, 0u);
  table.mask = static_cast<std::uint32_t>(buckets - 1);
  for (std::size_t i = 0; i < size; ++i) {
    std::uint64_t at = hash_of(canonical_key(table.entries[i].key));
    while (table.buckets[at & table.mask] != 0) ++at;
    table.buckets[at & table.mask] = static_cast<std::uint32_t>(i + 1);
  }
}

Order order(auto a, auto b) { return a < b ? Order::kLess : b < a ? Order::kGreater : Order::kEqual; }
Order reversed(Order of) { return of == Order::kLess ? Order::kGreater : of == Order::kGreater ? Order::kLess : of; }

Order order_double_int(double a, std::int64_t b) {
  if (a < -0x1p63) return Order::kLess;
  if (a > 0x1p63) return Order::kGreater;
  return order(a, static_cast<double>(b));
}

Order order_double_uint(double a, std::uint64_t b) {
  if (a < 0) return Order::kLess;
  if (a > 0x1p64) return Order::kGreater;
  return order(a, static_cast<double>(b));
}

Order order_numbers(const Value& a, const Value& b) {
  if ((a.is_double() && std::isnan(a.as_double())) || (b.is_double() && std::isnan(b.as_double()))) return Order::kNone;
  if (a.kind() == b.kind()) {
    if (a.is_int()) return order(a.as_int(), b.as_int());
    return a.is_uint() ? order(a.as_uint(), b.as_uint()) : order(a.as_double(), b.as_double());
  }
  if (a.is_double())
    return b.is_int() ? order_double_int(a.as_double(), b.as_int()) : order_double_uint(a.as_double(), b.as_uint());
  if (b.is_double()) return reversed(order_numbers(b, a));
  if (a.is_int()) {
    if (a.as_int() < 0) return Order::kLess;
    return order(static_cast<std::uint64_t>(a.as_int()), b.as_uint());
  }
  return reversed(order_numbers(b, a));
}

bool equal_within(const Value& a, const Value& b, int depth);

bool equal_lists(const Value& a, const Value& b, int depth) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!equal_within(a.item(i), b.item(i), depth)) return false;
  return true;
}

bool equal_maps(const Value& a, const Value& b, int depth) {
  if (a.size() != b.size() || a.is_lazy() || b.is_lazy()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    Value other = b.find(a.key(i));
    if (other.is_absent() || !equal_within(a.entry(i), other, depth)) return false;
  }
  return true;
}

bool equal_opaques(const Value& a, const Value& b) {
  const auto& left = a.as<Opaque>();
  const auto& right = b.as<Opaque>();
  return left.of == right.of && left.of->equal != nullptr && left.of->equal(left, right);
}

bool equal_within(const Value& a, const Value& b, int depth) {
  if (depth == 0) return false;
  if (a.is_number() && b.is_number()) return order_numbers(a, b) == Order::kEqual;
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Value::Kind::kNull:
      return true;
    case Value::Kind::kBool:
      return a.as_bool() == b.as_bool();
    case Value::Kind::kString:
    case Value::Kind::kBytes:
    case Value::Kind::kType:
      return a.text() == b.text();
    case Value::Kind::kDuration:
      return a.duration_nanos() == b.duration_nanos();
    case Value::Kind::kTimestamp:
      return a.instant() == b.instant();
    case Value::Kind::kList:
      return equal_lists(a, b, depth - 1);
    case Value::Kind::kMap:
      return equal_maps(a, b, depth - 1);
    case Value::Kind::kOptional:
      if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
      return equal_within(a.optional_value(), b.optional_value(), depth - 1);
    case Value::Kind::kOpaque:
      return equal_opaques(a, b);
    case Value::Kind::kInt:
    case Value::Kind::kUint:
    case Value::Kind::kDouble:
    case Value::Kind::kError:
    case Value::Kind::kAbsent:
      return false;
  }
  return false;
}

}  // namespace

Value Value::list(std::span<const Value> items) {
  Value made(Kind::kList);
  made.payload_.items = items.data();
  made.size_ = static_cast<std::uint32_t>(items.size());
  double nodes = 1;
  bool nested = false;
  for (const Value& item : items) {
    nodes += item.nodes();
    nested = nested || item.is_list() || item.is_map() || item.is(Kind::kOptional);
  }
  if (nested) made.weight_ = weight_of(nodes);
  return made;
}

Value Value::map(Arena& arena, std::span<const MapEntry> entries) {
  Value made(Kind::kMap);
  auto* table = arena.make<MapTable>();
  table->entries = entries.data();
  if (entries.size() > kLinearMap) index(arena, *table, entries.size());
  made.payload_.table = table;
  made.size_ = static_cast<std::uint32_t>(entries.size());
  double nodes = 1;
  bool nested = false;
  for (const MapEntry& entry : entries) {
    nodes += entry.value.nodes();
    nested = nested || entry.value.is_list() || entry.value.is_map() || entry.value.is(Kind::kOptional);
  }
  if (nested) made.weight_ = weight_of(nodes);
  return made;
}

Value Value::lazy(LazyFields& fields) {
  Value made(Kind::kMap);
  made.form_ = Form::kLazy;
  made.payload_.lazy = &fields;
  return made;
}

Value Value::none() {
  Value made(Kind::kOptional);
  made.payload_.optional = nullptr;
  return made;
}

Value Value::optional(Arena& arena, Value value) {
  Value made(Kind::kOptional);
  made.payload_.optional = arena.make<Value>(value);
  double nodes = value.nodes();
  if (nodes > 1) made.weight_ = weight_of(nodes + 1);
  return made;
}

Value Value::opaque(const Opaque* value) {
  Value made(Kind::kOpaque);
  made.payload_.opaque = value;
  return made;
}

Value Value::of(const format::Value& data) {
  switch (data.kind()) {
    case format::Kind::kNull:
      return null();
    case format::Kind::kBool:
      return boolean(data.as_bool());
    case format::Kind::kInt:
      return integer(data.as_int());
    case format::Kind::kUint:
      return number(static_cast<double>(data.as_uint()));
    case format::Kind::kFloat:
      return number(data.as_double());
    case format::Kind::kString:
      return string(data.as_string());
    case format::Kind::kList:
    case format::Kind::kMap:
      break;
  }
  Value made(data.is_list() ? Kind::kList : Kind::kMap);
  made.form_ = Form::kData;
  made.payload_.data = &data;
  made.size_ = static_cast<std::uint32_t>(data.size());
  return made;
}

Value Value::key(std::size_t index) const {
  if (form_ == Form::kData) return string(payload_.data->members()[index].key);
  return payload_.table->entries[index].key;
}

Value Value::entry(std::size_t index) const {
  if (form_ == Form::kData) return of(payload_.data->members()[index].value);
  return payload_.table->entries[index].value;
}

Value Value::find(const Value& key) const {
  if (form_ == Form::kLazy) return absent();
  if (form_ == Form::kPlain) {
    const MapEntry* entry = find_entry(*payload_.table, size_, canonical_key(key));
    return entry == nullptr ? absent() : entry->value;
  }
  if (!key.is_string()) return absent();
  std::string_view wanted = key.text();
  for (const format::Member& member : payload_.data->members())
    if (member.key == wanted) return of(member.value);
  return absent();
}

Value Value::find(std::string_view key, Arena& arena) const {
  return form_ == Form::kLazy ? payload_.lazy->read(key, arena) : find(string(key));
}

double Value::nodes() const {
  if (weight_ != 0) return std::exp2(weight_ / 256.0);
  return is_list() || is_map() ? 1.0 + size_ : 1.0;
}

std::string_view type_name(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kNull:
      return "null_type";
    case Value::Kind::kBool:
      return "bool";
    case Value::Kind::kInt:
      return "int";
    case Value::Kind::kUint:
      return "uint";
    case Value::Kind::kDouble:
      return "double";
    case Value::Kind::kString:
      return "string";
    case Value::Kind::kBytes:
      return "bytes";
    case Value::Kind::kDuration:
      return "google.protobuf.Duration";
    case Value::Kind::kTimestamp:
      return "google.protobuf.Timestamp";
    case Value::Kind::kList:
      return "list";
    case Value::Kind::kMap:
      return "map";
    case Value::Kind::kType:
      return "type";
    case Value::Kind::kOptional:
      return "optional_type";
    case Value::Kind::kOpaque:
      return value.as<Opaque>().of->type_name;
    case Value::Kind::kError:
      return "error";
    case Value::Kind::kAbsent:
      return "";
  }
  return "";
}

bool equal(const Value& a, const Value& b) { return equal_within(a, b, kDeepest); }

bool is_ordered(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return true;
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Value::Kind::kBool:
    case Value::Kind::kString:
    case Value::Kind::kBytes:
    case Value::Kind::kDuration:
    case Value::Kind::kTimestamp:
      return true;
    case Value::Kind::kNull:
    case Value::Kind::kInt:
    case Value::Kind::kUint:
    case Value::Kind::kDouble:
    case Value::Kind::kList:
    case Value::Kind::kMap:
    case Value::Kind::kType:
    case Value::Kind::kOptional:
    case Value::Kind::kOpaque:
    case Value::Kind::kError:
    case Value::Kind::kAbsent:
      return false;
  }
  return false;
}

Order compare(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return order_numbers(a, b);
  if (!is_ordered(a, b)) return Order::kNone;
  if (a.is_string() || a.is_bytes()) return order(a.text(), b.text());
  if (a.is(Value::Kind::kTimestamp)) return order(a.instant(), b.instant());
  return order(a.as_int(), b.as_int());
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

std::uint64_t cost_size(const Value& value) {
  if (value.is_string()) return code_points(value.text());
  if (value.is_bytes()) return value.text().size();
  if (value.is_list() || value.is_map()) return value.size();
  if (value.is(Value::Kind::kOptional) && value.has_value()) return cost_size(value.optional_value());
  return 1;
}

}  // namespace pawl::cel
