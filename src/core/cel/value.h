#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/cel/arena.h"
#include "format/value.h"

namespace pawl::cel {

class Value;
struct MapEntry;
struct MapTable;
struct Opaque;

// What a library's own values have in common: one constant for each type of them.
struct OpaqueClass {
  std::string_view type_name;  // "kubernetes.Quantity"
  bool (*equal)(const Opaque& a, const Opaque& b) = nullptr;
  std::uint64_t (*size)(const Opaque& value) = nullptr;  // that runtime cost is counted by; null: 1
};

// The base of a library's own values; they live in an arena and are trivially destructible:
// `struct UrlValue : Opaque { ... }; Value::opaque(arena.make<UrlValue>(...))`.
struct Opaque {
  const OpaqueClass* of = nullptr;
};

// A structure whose fields are computed when they are first read; it has no size and no order.
class LazyFields;

// The error of what would take more memory than an evaluation may.
inline constexpr std::string_view kTooMuchMemory = "operation cancelled: memory limit exceeded";

struct Instant {
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
  std::uint32_t nanos = 0;
  std::int16_t offset_minutes = 0;  // east of UTC, as it was written; string() shows it, nothing else heeds it

  bool operator==(const Instant& other) const { return seconds == other.seconds && nanos == other.nanos; }
  bool operator<(const Instant& other) const {
    return seconds != other.seconds ? seconds < other.seconds : nanos < other.nanos;
  }
};

// One value of an expression: a 16-byte handle, copied freely. What it points at (text, items, entries) lives in an
// arena, in the program, or in the format::Value that was bound; a list or map of the latter is read in place.
class Value {
 public:
  enum class Kind : std::uint8_t {
    kNull,
    kBool,
    kInt,
    kUint,
    kDouble,
    kString,
    kBytes,
    kDuration,
    kTimestamp,
    kList,
    kMap,
    kType,
    kOptional,
    kOpaque,
    kError,
    kAbsent,  // no value: a variable that is not bound, an entry that a map does not hold. Never given to a function.
  };

  Value() = default;  // null
  static Value null() { return {}; }
  static Value absent() { return Value(Kind::kAbsent); }
  static Value boolean(bool value) {
    Value made(Kind::kBool);
    made.payload_.integer = value ? 1 : 0;
    return made;
  }
  static Value integer(std::int64_t value) {
    Value made(Kind::kInt);
    made.payload_.integer = value;
    return made;
  }
  static Value uinteger(std::uint64_t value) {
    Value made(Kind::kUint);
    made.payload_.unsigned_integer = value;
    return made;
  }
  static Value number(double value) {
    Value made(Kind::kDouble);
    made.payload_.number = value;
    return made;
  }
  // Text and bytes must outlive the value: a literal, or a view that Arena::copy returned. At most 4 GiB.
  static Value string(std::string_view text) { return of_text(Kind::kString, text); }
  static Value string(Arena& arena, std::string_view text) { return string(arena.copy(text)); }
  static Value bytes(std::string_view bytes) { return of_text(Kind::kBytes, bytes); }
  static Value duration(std::int64_t nanos) {
    Value made(Kind::kDuration);
    made.payload_.integer = nanos;
    return made;
  }
  static Value timestamp(Instant at) {
    Value made(Kind::kTimestamp);
    made.payload_.integer = at.seconds;
    made.size_ = at.nanos;
    made.weight_ = static_cast<std::uint16_t>(at.offset_minutes);
    return made;
  }
  // `items` must outlive the value: memory of an arena.
  static Value list(std::span<const Value> items);
  // As above; `nodes` is what nodes() would count, for who adds it up as the list grows.
  static Value list(std::span<const Value> items, double nodes);
  // Entries are copied; of keys that stand more than once the first counts. MapBuilder does it step by step.
  static Value map(Arena& arena, std::span<const MapEntry> entries);
  static Value map(const MapTable& table, std::size_t size, double nodes);
  static Value lazy(LazyFields& fields);
  // The type as a value, named as type() names it: "int", "list", "google.protobuf.Timestamp", "net.IP".
  static Value type(std::string_view name) { return of_text(Kind::kType, name); }
  static Value none();
  static Value optional(Arena& arena, Value value);
  static Value opaque(const Opaque* value);
  // The message must outlive the value.
  static Value error(std::string_view message) { return of_text(Kind::kError, message); }
  static Value error(Arena& arena, std::string_view message) { return error(arena.copy(message)); }
  // Data as an expression sees it: nothing is copied, `data` must outlive the value. Integers above int64 are doubles,
  // as an apiserver reads them.
  static Value of(const format::Value& data);

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_bool() const { return kind_ == Kind::kBool; }
  bool is_int() const { return kind_ == Kind::kInt; }
  bool is_uint() const { return kind_ == Kind::kUint; }
  bool is_double() const { return kind_ == Kind::kDouble; }
  bool is_number() const { return is_int() || is_uint() || is_double(); }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_bytes() const { return kind_ == Kind::kBytes; }
  bool is_list() const { return kind_ == Kind::kList; }
  bool is_map() const { return kind_ == Kind::kMap; }
  bool is_error() const { return kind_ == Kind::kError; }
  bool is_absent() const { return kind_ == Kind::kAbsent; }
  bool is_true() const { return kind_ == Kind::kBool && payload_.integer != 0; }
  bool is_false() const { return kind_ == Kind::kBool && payload_.integer == 0; }
  bool is_opaque(const OpaqueClass& of) const { return kind_ == Kind::kOpaque && payload_.opaque->of == &of; }

  // Each requires the kind it names. Not checked: the evaluator has compared kinds before it calls a function.
  bool as_bool() const { return payload_.integer != 0; }
  std::int64_t as_int() const { return payload_.integer; }
  std::uint64_t as_uint() const { return payload_.unsigned_integer; }
  double as_double() const { return payload_.number; }
  // Of a string, of bytes, of a type (its name), of an error (its message).
  std::string_view text() const { return {payload_.text, size_}; }
  std::string_view error_text() const { return is_error() ? text() : std::string_view(); }
  std::int64_t duration_nanos() const { return payload_.integer; }
  Instant instant() const { return {payload_.integer, size_, static_cast<std::int16_t>(weight_)}; }
  template <class T>
  const T& as() const {  // of an opaque value whose class was compared
    return *static_cast<const T*>(payload_.opaque);
  }
  bool has_value() const { return payload_.optional != nullptr; }  // of an optional
  const Value& optional_value() const { return *payload_.optional; }

  // Of a list or map: how many items or entries. 0 of a lazy structure.
  std::size_t size() const { return size_; }
  // Of a list; index < size().
  Value item(std::size_t index) const {
    return form_ == Form::kPlain ? payload_.items[index] : of(payload_.data->items()[index]);
  }
  // Of a map, in the order in which it was written; index < size().
  Value key(std::size_t index) const;
  Value entry(std::size_t index) const;
  // Of a map: the entry, or absent. Numbers find the key they equal, whatever their type.
  Value find(const Value& key) const;
  bool is_data() const { return form_ == Form::kData; }  // a list or map of a format::Value
  const format::Value& data() const { return *payload_.data; }
  bool is_lazy() const { return form_ == Form::kLazy; }
  LazyFields& lazy_fields() const { return *payload_.lazy; }

  // How many values a walk through this one meets, which shared parts make much more than it takes in memory. What
  // would be more than kMostNodes is not made.
  double nodes() const;
  static constexpr double kMostNodes = 4e6;

 private:
  enum class Form : std::uint8_t { kPlain, kData, kLazy };
  explicit Value(Kind kind) : kind_(kind) {}
  static Value of_text(Kind kind, std::string_view text) {
    Value made(kind);
    made.payload_.text = text.data();
    made.size_ = static_cast<std::uint32_t>(text.size());
    return made;
  }

  union {
    std::int64_t integer;
    std::uint64_t unsigned_integer;
    double number;
    const char* text;
    const Value* items;
    const Value* optional;
    const MapTable* table;
    const Opaque* opaque;
    const format::Value* data;
    LazyFields* lazy;
  } payload_{.integer = 0};
  std::uint32_t size_ = 0;
  Kind kind_ = Kind::kNull;
  Form form_ = Form::kPlain;
  // Of what holds others: 256 times the binary logarithm of nodes(), 0: one for each item. Of a timestamp: its offset.
  std::uint16_t weight_ = 0;
};
static_assert(sizeof(Value) == 16 && std::is_trivially_copyable_v<Value>);

struct MapEntry {
  Value key;
  Value value;
};

// What a lazily computed field turned out to be.
struct Computed {
  Value value;             // absent: there is no such field; an error: computing it failed
  std::uint64_t cost = 0;  // counts for the expression that reads the field first
};

class LazyFields {
 public:
  virtual ~LazyFields() = default;
  // `arena` outlives what is returned. Computing a field may read others; a field that reads itself is an error.
  virtual Computed read(std::string_view name, Arena& arena) = 0;
};

// The name that type(value) has: "int", "list", "google.protobuf.Duration", "net.IP".
std::string_view type_name(const Value& value);

// Equality as `==` has it: numbers compare across their types, NaN equals nothing, values of unlike kinds differ.
// Bounded: values nested deeper than any expression can build compare as different.
bool equal(const Value& a, const Value& b);

// Order as `<` has it, of bool, int, uint, double, string, bytes, duration, timestamp; numbers across their types.
enum class Order : std::uint8_t { kLess, kEqual, kGreater, kNone };
// kNone: one of them is NaN, or there is no order between values of these kinds; is_ordered() tells which.
Order compare(const Value& a, const Value& b);
bool is_ordered(const Value& a, const Value& b);

// Code points in UTF-8 text; size() of a string.
std::size_t code_points(std::string_view text);
// The size that runtime cost is counted by: code points of a string, bytes, items, entries; of an optional its value's;
// 1 of all else.
std::uint64_t cost_size(const Value& value);

}  // namespace pawl::cel
