#include "core/cel/conversions.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "core/cel/arithmetic.h"
#include "core/cel/lib/declare.h"
#include "core/cel/lib/go_text.h"
#include "core/cel/time.h"

namespace pawl::cel {

namespace {

using lib::Arguments;
using Kind = Type::Kind;

Value identity(Call&, Arguments arguments) { return arguments[0]; }

Value unfit(std::string_view from, std::string_view to, Call& call) {
  return Value::error(call.arena,
                      "type conversion error from '" + std::string(from) + "' to '" + std::string(to) + "'");
}

// A whole number as Go's strconv reads it: no blanks, a sign only where `T` has one.
template <class T>
std::optional<T> whole(std::string_view text) {
  if (std::is_signed_v<T> && text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  T value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool same_word(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] | 0x20) != lower[i]) return false;
  return true;
}

std::optional<double> real(std::string_view text) {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  double sign = negative ? -1 : 1;
  if (same_word(text, "inf") || same_word(text, "infinity")) return sign * HUGE_VAL;
  if (same_word(text, "nan")) return std::nan("");
  if (text.empty() || (text[0] != '.' && (text[0] < '0' || text[0] > '9'))) return std::nullopt;
  bool hex = text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
  if (hex && text.find_first_of("pP") == std::string_view::npos) return std::nullopt;
  if (hex) text.remove_prefix(2);
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value,
                                      hex ? std::chars_format::hex : std::chars_format::general);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range && !hex) {
    value = std::strtod(std::string(text).c_str(), nullptr);
    if (std::isinf(value)) return std::nullopt;
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  return sign * value;
}

Value string_to_bool(Call& call, Arguments arguments) {
  std::string_view text = arguments[0].text();
  for (std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"})
    if (text == yes) return Value::boolean(true);
  for (std::string_view no : {"0", "f", "F", "FALSE", "false", "False"})
    if (text == no) return Value::boolean(false);
  return unfit("string", "bool", call);
}

Value string_to_bytes(Call&, Arguments arguments) { return Value::bytes(arguments[0].text()); }

Value string_to_int(Call& call, Arguments arguments) {
  std::optional<std::int64_t> value = whole<std::int64_t>(arguments[0].text());
  return value ? Value::integer(*value) : unfit("string", "int", call);
}

Value string_to_uint(Call& call, Arguments arguments) {
  std::optional<std::uint64_t> value = whole<std::uint64_t>(arguments[0].text());
  return value ? Value::uinteger(*value) : unfit("string", "uint", call);
}

Value string_to_double(Call& call, Arguments arguments) {
  std::optional<double> value = real(arguments[0].text());
  return value ? Value::number(*value) : unfit("string", "double", call);
}

Value string_to_duration(Call& call, Arguments arguments) {
  std::optional<std::int64_t> value = parse_duration(arguments[0].text());
  return value ? Value::duration(*value) : unfit("string", "google.protobuf.Duration", call);
}

Value string_to_timestamp(Call& call, Arguments arguments) {
  std::optional<Instant> at = parse_timestamp(arguments[0].text());
  if (!at) return unfit("string", "google.protobuf.Timestamp", call);
  if (at->seconds < kFirstSecond || at->seconds > kLastSecond) return Value::error(kTimestampOverflow);
  return Value::timestamp(*at);
}

Value double_to_int(Call&, Arguments arguments) {
  double value = arguments[0].as_double();
  bool fits = value > -0x1p63 && value < 0x1p63;
  return fits ? Value::integer(static_cast<std::int64_t>(value)) : Value::error(kIntegerOverflow);
}

Value double_to_uint(Call&, Arguments arguments) {
  double value = arguments[0].as_double();
  bool fits = value >= 0 && value < 0x1p64;
  return fits ? Value::uinteger(static_cast<std::uint64_t>(value)) : Value::error(kUnsignedOverflow);
}

Value uint_to_int(Call&, Arguments arguments) {
  std::uint64_t value = arguments[0].as_uint();
  bool fits = value <= static_cast<std::uint64_t>(INT64_MAX);
  return fits ? Value::integer(static_cast<std::int64_t>(value)) : Value::error(kIntegerOverflow);
}

Value int_to_uint(Call&, Arguments arguments) {
  std::int64_t value = arguments[0].as_int();
  return value >= 0 ? Value::uinteger(static_cast<std::uint64_t>(value)) : Value::error(kUnsignedOverflow);
}

Value int_to_double(Call&, Arguments arguments) { return Value::number(static_cast<double>(arguments[0].as_int())); }
Value uint_to_double(Call&, Arguments arguments) { return Value::number(static_cast<double>(arguments[0].as_uint())); }
Value duration_to_int(Call&, Arguments arguments) { return Value::integer(arguments[0].duration_nanos()); }
Value timestamp_to_int(Call&, Arguments arguments) { return Value::integer(arguments[0].instant().seconds); }

// cel-spec has no such conversion; cel-go declares it and then refuses.
Value int_to_duration(Call& call, Arguments) { return unfit("int", "google.protobuf.Duration", call); }

Value int_to_timestamp(Call&, Arguments arguments) {
  std::int64_t seconds = arguments[0].as_int();
  if (seconds < kFirstSecond || seconds > kLastSecond) return Value::error(kTimestampOverflow);
  return Value::timestamp({seconds, 0, 0});
}

Value bool_to_string(Call&, Arguments arguments) { return Value::string(arguments[0].as_bool() ? "true" : "false"); }

Value bytes_to_string(Call&, Arguments arguments) {
  if (!is_valid_utf8(arguments[0].text())) return Value::error("invalid UTF-8 in bytes, cannot convert to string");
  return Value::string(arguments[0].text());
}

Value int_to_string(Call& call, Arguments arguments) {
  return Value::string(call.arena, std::to_string(arguments[0].as_int()));
}
Value uint_to_string(Call& call, Arguments arguments) {
  return Value::string(call.arena, std::to_string(arguments[0].as_uint()));
}
Value double_to_string(Call& call, Arguments arguments) {
  return Value::string(call.arena, lib::shortest_general(arguments[0].as_double()));
}
Value duration_to_string(Call& call, Arguments arguments) {
  return Value::string(call.arena, render_seconds(arguments[0].duration_nanos()));
}
Value timestamp_to_string(Call& call, Arguments arguments) {
  return Value::string(call.arena, render_timestamp(arguments[0].instant()));
}

struct Conversion {
  std::string_view function;
  std::string_view id;
  Kind from;
  Kind to;
  Implementation run;
  bool walks = false;  // costs by the size of its argument
};

constexpr Conversion kConversions[] = {
    {"bool", "bool_to_bool", Kind::kBool, Kind::kBool, identity},
    {"bool", "string_to_bool", Kind::kString, Kind::kBool, string_to_bool},
    {"bytes", "bytes_to_bytes", Kind::kBytes, Kind::kBytes, identity},
    {"bytes", "string_to_bytes", Kind::kString, Kind::kBytes, string_to_bytes, true},
    {"double", "double_to_double", Kind::kDouble, Kind::kDouble, identity},
    {"double", "int64_to_double", Kind::kInt, Kind::kDouble, int_to_double},
    {"double", "string_to_double", Kind::kString, Kind::kDouble, string_to_double},
    {"double", "uint64_to_double", Kind::kUint, Kind::kDouble, uint_to_double},
    {"duration", "duration_to_duration", Kind::kDuration, Kind::kDuration, identity},
    {"duration", "int64_to_duration", Kind::kInt, Kind::kDuration, int_to_duration},
    {"duration", "string_to_duration", Kind::kString, Kind::kDuration, string_to_duration},
    {"int", "int64_to_int64", Kind::kInt, Kind::kInt, identity},
    {"int", "double_to_int64", Kind::kDouble, Kind::kInt, double_to_int},
    {"int", "duration_to_int64", Kind::kDuration, Kind::kInt, duration_to_int},
    {"int", "string_to_int64", Kind::kString, Kind::kInt, string_to_int},
    {"int", "timestamp_to_int64", Kind::kTimestamp, Kind::kInt, timestamp_to_int},
    {"int", "uint64_to_int64", Kind::kUint, Kind::kInt, uint_to_int},
    {"string", "string_to_string", Kind::kString, Kind::kString, identity},
    {"string", "bool_to_string", Kind::kBool, Kind::kString, bool_to_string},
    {"string", "bytes_to_string", Kind::kBytes, Kind::kString, bytes_to_string, true},
    {"string", "double_to_string", Kind::kDouble, Kind::kString, double_to_string},
    {"string", "duration_to_string", Kind::kDuration, Kind::kString, duration_to_string},
    {"string", "int64_to_string", Kind::kInt, Kind::kString, int_to_string},
    {"string", "timestamp_to_string", Kind::kTimestamp, Kind::kString, timestamp_to_string},
    {"string", "uint64_to_string", Kind::kUint, Kind::kString, uint_to_string},
    {"timestamp", "timestamp_to_timestamp", Kind::kTimestamp, Kind::kTimestamp, identity},
    {"timestamp", "int64_to_timestamp", Kind::kInt, Kind::kTimestamp, int_to_timestamp},
    {"timestamp", "string_to_timestamp", Kind::kString, Kind::kTimestamp, string_to_timestamp},
    {"uint", "uint64_to_uint64", Kind::kUint, Kind::kUint, identity},
    {"uint", "double_to_uint64", Kind::kDouble, Kind::kUint, double_to_uint},
    {"uint", "int64_to_uint64", Kind::kInt, Kind::kUint, int_to_uint},
    {"uint", "string_to_uint64", Kind::kString, Kind::kUint, string_to_uint},
};

}  // namespace

void add_conversions(Registry& registry) {
  for (const Conversion& conversion : kConversions) {
    Overload overload = lib::function(std::string(conversion.id), {Type::simple(conversion.from)},
                                      Type::simple(conversion.to), conversion.run);
    if (conversion.walks) overload.cost = lib::cost_of_walk;
    registry.add(conversion.function, std::move(overload));
  }
}

}  // namespace pawl::cel
