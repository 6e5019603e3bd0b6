#include "core/cel/value.h"

#include <cmath>

#include "core/cel/map_builder.h"
#include "core/cel/map_table.h"
#include "format/same_key.h"

namespace pawl::cel {

namespace {

constexpr int kDeepest = 4096;

std::uint16_t weight_of(double nodes) { return static_cast<std::uint16_t>(std::ceil(256 * std::log2(nodes))); }

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

// Two maps of data have no index: they are compared in the order of their keys.
bool equal_data(const format::Value& a, const format::Value& b, int depth) {
  std::vector<const format::Member*> left = format::members_by_key(a);
  std::vector<const format::Member*> right = format::members_by_key(b);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i]->key != right[i]->key) return false;
    if (!equal_within(Value::of(left[i]->value), Value::of(right[i]->value), depth)) return false;
  }
  return true;
}

bool equal_maps(const Value& a, const Value& b, int depth) {
  if (a.size() != b.size() || a.is_lazy() || b.is_lazy()) return false;
  if (a.is_data() && b.is_data()) return equal_data(a.data(), b.data(), depth);
  if (b.is_data()) return equal_maps(b, a, depth);
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

Value Value::list(std::span<const Value> items, double nodes) {
  Value made(Kind::kList);
  made.payload_.items = items.data();
  made.size_ = static_cast<std::uint32_t>(items.size());
  if (nodes > 1.0 + made.size_) made.weight_ = weight_of(nodes);
  return made;
}

Value Value::map(const MapTable& table, std::size_t size, double nodes) {
  Value made(Kind::kMap);
  made.payload_.table = &table;
  made.size_ = static_cast<std::uint32_t>(size);
  if (nodes > 1.0 + made.size_) made.weight_ = weight_of(nodes);
  return made;
}

Value Value::map(Arena& arena, std::span<const MapEntry> entries) {
  MapBuilder* builder = MapBuilder::make(arena);
  for (const MapEntry& entry : entries) builder->add(arena, entry.key, entry.value);
  return builder->build(arena);
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
    if (format::same_key(member.key, wanted)) return of(member.value);
  return absent();
}

double Value::nodes() const {
  if (kind_ == Kind::kTimestamp) return 1;
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
  if (value.is(Value::Kind::kOpaque) && value.as<Opaque>().of->size != nullptr)
    return value.as<Opaque>().of->size(value.as<Opaque>());
  return 1;
}

}  // namespace pawl::cel
