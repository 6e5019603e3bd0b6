#include "core/cel/getters.h"

#include <charconv>
#include <chrono>

#include "core/cel/lib/declare.h"
#include "core/cel/time.h"

namespace pawl::cel {

namespace {

using lib::Arguments;

enum class Part : std::uint8_t {
  kYear,
  kMonth,
  kDayOfYear,
  kDayOfMonth,
  kDate,
  kWeekday,
  kHours,
  kMinutes,
  kSeconds,
  kMilliseconds
};

Value part_of(Part part, Instant at, std::int64_t offset) {
  if (part == Part::kMilliseconds) return Value::integer(at.nanos / 1'000'000);
  Civil civil = civil_at(at.seconds, offset);
  switch (part) {
    case Part::kYear:
      return Value::integer(civil.year);
    case Part::kMonth:
      return Value::integer(civil.month - 1);
    case Part::kDayOfYear:
      return Value::integer(civil.day_of_year);
    case Part::kDayOfMonth:
      return Value::integer(civil.day - 1);
    case Part::kDate:
      return Value::integer(civil.day);
    case Part::kWeekday:
      return Value::integer(civil.weekday);
    case Part::kHours:
      return Value::integer(civil.hour);
    case Part::kMinutes:
      return Value::integer(civil.minute);
    case Part::kSeconds:
      return Value::integer(civil.second);
    case Part::kMilliseconds:
      break;
  }
  return Value::null();
}

struct Offset {
  std::int64_t seconds = 0;
  Value error = Value::absent();
};

// A number as Go's strconv.Atoi reads it.
std::optional<std::int64_t> whole(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.starts_with('+') || (digits.size() != text.size() && digits.starts_with('-'))) return std::nullopt;
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool fits = error == std::errc() && end == digits.data() + digits.size();
  return fits && value > -1'000'000 && value < 1'000'000 ? std::optional(value) : std::nullopt;
}

Offset not_a_number(std::string_view text, Call& call) {
  return {0, lib::fault(call, "strconv.Atoi: parsing \"" + std::string(text) + "\": invalid syntax")};
}

// "America/New_York", or "-02:30".
Offset offset_in(std::string_view zone, Instant at, Call& call) {
  std::size_t colon = zone.find(':');
  if (colon != std::string_view::npos) {
    std::optional<std::int64_t> hours = whole(zone.substr(0, colon));
    if (!hours) return not_a_number(zone.substr(0, colon), call);
    std::optional<std::int64_t> minutes = whole(zone.substr(colon + 1));
    if (!minutes) return not_a_number(zone.substr(colon + 1), call);
    return {60 * (*hours * 60 + (zone[0] == '-' ? -*minutes : *minutes))};
  }
  if (zone.empty() || zone == "UTC") return {};
  const format::TimeZone* rules = call.zones == nullptr ? nullptr : call.zones->find(zone);
  if (rules == nullptr) return {0, lib::fault(call, "unknown time zone " + std::string(zone))};
  std::chrono::sys_seconds moment{std::chrono::seconds(at.seconds)};
  return {rules->offset_at(moment).count()};
}

template <Part kPart>
Value in_utc(Call&, Arguments arguments) {
  return part_of(kPart, arguments[0].instant(), 0);
}

template <Part kPart>
Value in_zone(Call& call, Arguments arguments) {
  Instant at = arguments[0].instant();
  Offset offset = offset_in(arguments[1].text(), at, call);
  return offset.error.is_error() ? offset.error : part_of(kPart, at, offset.seconds);
}

template <std::int64_t kNanos>
Value of_duration(Call&, Arguments arguments) {
  return Value::integer(arguments[0].duration_nanos() / kNanos);
}

template <Part kPart>
void add(Registry& registry, std::string_view function, const std::string& id) {
  Type timestamp = Type::simple(Type::Kind::kTimestamp);
  registry.add(function, lib::method(id, {timestamp}, lib::int_type(), in_utc<kPart>));
  registry.add(function,
               lib::method(id + "_with_tz", {timestamp, lib::string_type()}, lib::int_type(), in_zone<kPart>));
}

template <std::int64_t kNanos>
void add_duration(Registry& registry, std::string_view function, std::string id) {
  registry.add(function,
               lib::method(std::move(id), {Type::simple(Type::Kind::kDuration)}, lib::int_type(), of_duration<kNanos>));
}

}  // namespace

void add_getters(Registry& registry) {
  add<Part::kYear>(registry, "getFullYear", "timestamp_to_year");
  add<Part::kMonth>(registry, "getMonth", "timestamp_to_month");
  add<Part::kDayOfYear>(registry, "getDayOfYear", "timestamp_to_day_of_year");
  add<Part::kDayOfMonth>(registry, "getDayOfMonth", "timestamp_to_day_of_month");
  add<Part::kDate>(registry, "getDate", "timestamp_to_day_of_month_1_based");
  add<Part::kWeekday>(registry, "getDayOfWeek", "timestamp_to_day_of_week");
  add<Part::kHours>(registry, "getHours", "timestamp_to_hours");
  add<Part::kMinutes>(registry, "getMinutes", "timestamp_to_minutes");
  add<Part::kSeconds>(registry, "getSeconds", "timestamp_to_seconds");
  add<Part::kMilliseconds>(registry, "getMilliseconds", "timestamp_to_milliseconds");
  add_duration<3'600'000'000'000>(registry, "getHours", "duration_to_hours");
  add_duration<60'000'000'000>(registry, "getMinutes", "duration_to_minutes");
  add_duration<1'000'000'000>(registry, "getSeconds", "duration_to_seconds");
  add_duration<1'000'000>(registry, "getMilliseconds", "duration_to_milliseconds");
}

}  // namespace pawl::cel
