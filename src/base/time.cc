#include "base/time.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace pawl {

namespace {

using std::chrono::days;
using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  std::int64_t ms;
};

constexpr std::array<Unit, 5> kUnits = {{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads exactly `count` digits at `*at`; -1 when they are not there.
int digits(std::string_view text, std::size_t* at, std::size_t count) {
  if (text.size() < *at + count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    char c = text[*at + i];
    if (!is_digit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  *at += count;
  return value;
}

bool take(std::string_view text, std::size_t* at, char c) {
  if (*at >= text.size() || text[*at] != c) return false;
  ++*at;
  return true;
}

int take_fraction_ms(std::string_view text, std::size_t* at) {
  int ms = 0;
  int scale = 100;
  std::size_t start = *at;
  while (*at < text.size() && is_digit(text[*at])) {
    ms += (text[*at] - '0') * scale;
    scale /= 10;
    ++*at;
  }
  return *at == start ? -1 : ms;
}

}  // namespace

std::string render_time(Time time) {
  auto day = std::chrono::floor<days>(time);
  std::chrono::year_month_day date(day);
  std::chrono::hh_mm_ss clock(time - day);
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) out += fmt::format(".{:03}", clock.subseconds().count());
  return out + "Z";
}

Result<Time> parse_time(std::string_view text) {
  Error bad(ErrorCode::kInvalid, fmt::format("\"{}\" is not an RFC 3339 time", text.substr(0, 64)),
            "write it as 2026-11-24T09:30:00Z");
  std::size_t at = 0;
  int year = digits(text, &at, 4);
  if (year < 0 || !take(text, &at, '-')) return bad;
  int month = digits(text, &at, 2);
  if (month < 0 || !take(text, &at, '-')) return bad;
  int day = digits(text, &at, 2);
  if (day < 0 || !(take(text, &at, 'T') || take(text, &at, 't') || take(text, &at, ' '))) return bad;
  int hour = digits(text, &at, 2);
  if (hour < 0 || !take(text, &at, ':')) return bad;
  int minute = digits(text, &at, 2);
  if (minute < 0 || !take(text, &at, ':')) return bad;
  int second = digits(text, &at, 2);
  if (second < 0) return bad;
  int ms = 0;
  if (take(text, &at, '.') && (ms = take_fraction_ms(text, &at)) < 0) return bad;
  int offset_minutes = 0;
  if (!take(text, &at, 'Z') && !take(text, &at, 'z')) {
    int sign = take(text, &at, '+') ? 1 : take(text, &at, '-') ? -1 : 0;
    int hours = digits(text, &at, 2);
    if (sign == 0 || hours < 0 || !take(text, &at, ':')) return bad;
    int minutes = digits(text, &at, 2);
    if (minutes < 0 || hours > 23 || minutes > 59) return bad;
    offset_minutes = sign * (hours * 60 + minutes);
  }
  std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                   std::chrono::day(static_cast<unsigned>(day))};
  // A leap second (60) is read as the first of the next minute: ordering is by sequence, never by time.
  if (at != text.size() || !date.ok() || hour > 23 || minute > 59 || second > 60) return bad;
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute - offset_minutes) +
         std::chrono::seconds(second) + milliseconds(ms);
}

Result<Duration> parse_duration(std::string_view text) {
  Error bad(ErrorCode::kInvalid, fmt::format("\"{}\" is not a duration", text.substr(0, 64)),
            "write it as 30s, 10m, 24h, 7d or 1h30m");
  constexpr std::int64_t kMost = 36'500ll * 86'400'000;  // a hundred years
  std::int64_t total = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::int64_t number = 0;
    std::size_t start = at;
    while (at < text.size() && is_digit(text[at]) && number < kMost) number = number * 10 + (text[at++] - '0');
    std::size_t name_start = at;
    while (at < text.size() && !is_digit(text[at])) ++at;
    std::string_view name = text.substr(name_start, at - name_start);
    std::int64_t unit = 0;
    for (const Unit& u : kUnits) {
      if (u.name == name) unit = u.ms;
    }
    if (name_start == start || unit == 0 || number > kMost / unit) return bad;
    total += number * unit;
    if (total > kMost) return bad;
  }
  if (text.empty()) return bad;
  return Duration(total);
}

std::string render_duration(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest <= 0) return "0s";
  std::string out;
  for (const Unit& unit : kUnits) {
    if (rest >= unit.ms) out += fmt::format("{}{}", rest / unit.ms, unit.name);
    rest %= unit.ms;
  }
  return out;
}

std::string render_age(Duration duration) {
  std::int64_t rest = duration.count();
  for (const Unit& unit : kUnits) {
    if (rest >= unit.ms && unit.name != "ms") return fmt::format("{}{}", rest / unit.ms, unit.name);
  }
  return "0s";
}

}  // namespace pawl
