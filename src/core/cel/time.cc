#include "core/cel/time.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "core/cel/lib/go_text.h"

namespace pawl::cel {

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

struct Unit {
  std::string_view name;
  std::uint64_t nanos;
};
constexpr auto kUnits = std::to_array<Unit>({{"ns", 1},
                                             {"us", 1'000},
                                             {"\xC2\xB5s", 1'000},
                                             {"\xCE\xBCs", 1'000},
                                             {"ms", 1'000'000},
                                             {"s", kSecond},
                                             {"m", 60 * kSecond},
                                             {"h", 3600 * kSecond}});

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

const Unit* unit_at(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && text[size] != '.' && !is_digit(text[size])) ++size;
  for (const Unit& unit : kUnits)
    if (unit.name == text.substr(0, size)) return &unit;
  return nullptr;
}

// A fraction of a unit, from its digits: cut, not rounded, and beyond 19 digits ignored.
std::uint64_t fraction_of(std::string_view text, std::uint64_t unit) {
  std::uint64_t value = 0;
  double scale = 1;
  for (char c : text) {
    if (value > (UINT64_MAX >> 1) / 10) break;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
    scale *= 10;
  }
  return static_cast<std::uint64_t>(static_cast<double>(value) * (static_cast<double>(unit) / scale));
}

// One "1.5h" at the start of `text`, which it is cut from.
std::optional<std::uint64_t> take_part(std::string_view& text) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 63;
  std::size_t whole_size = digits(text);
  std::string_view whole = text.substr(0, whole_size);
  text.remove_prefix(whole_size);
  std::string_view fraction;
  if (text.starts_with('.')) {
    fraction = text.substr(1, digits(text.substr(1)));
    text.remove_prefix(1 + fraction.size());
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  std::uint64_t value = 0;
  if (!whole.empty() && std::from_chars(whole.data(), whole.data() + whole.size(), value).ec != std::errc())
    return std::nullopt;
  const Unit* unit = unit_at(text);
  if (unit == nullptr || value > kMost / unit->nanos) return std::nullopt;
  text.remove_prefix(unit->name.size());
  value *= unit->nanos;
  if (!fraction.empty()) value += fraction_of(fraction, unit->nanos);
  return value > kMost ? std::nullopt : std::optional(value);
}

std::string padded(std::uint64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  return std::string(text.size() < width ? width - text.size() : 0, '0') + text;
}

// ".5", or nothing.
std::string fraction_text(std::uint64_t value, std::size_t width) {
  if (value == 0) return "";
  std::string text = "." + padded(value, width);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::optional<int> number(std::string_view text, std::size_t at, std::size_t size) {
  if (at + size > text.size() || digits(text.substr(at, size)) != size) return std::nullopt;
  int value = 0;
  std::from_chars(text.data() + at, text.data() + at + size, value);
  return value;
}

// "Z" or "+02:00", in seconds east of UTC.
std::optional<int> offset_of(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  std::optional<int> hours = number(text, 1, 2);
  std::optional<int> minutes = number(text, 4, 2);
  if (!hours || !minutes || *hours > 24 || *minutes > 60) return std::nullopt;
  int seconds = *hours * 3600 + *minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  std::uint64_t total = 0;
  while (!text.empty()) {
    std::optional<std::uint64_t> part = take_part(text);
    if (!part) return std::nullopt;
    total += *part;
    if (total > std::uint64_t{1} << 63) return std::nullopt;
  }
  if (!negative && total > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - total : total);
}

std::string render_seconds(std::int64_t nanos) {
  // Through floating point, as the original has it.
  double seconds = static_cast<double>(nanos / static_cast<std::int64_t>(kSecond)) +
                   static_cast<double>(nanos % static_cast<std::int64_t>(kSecond)) / 1e9;
  return lib::shortest_fixed(seconds) + "s";
}

std::string render_duration(std::int64_t nanos) {
  if (nanos == 0) return "0s";
  std::string sign = nanos < 0 ? "-" : "";
  std::uint64_t left = nanos < 0 ? 0 - static_cast<std::uint64_t>(nanos) : static_cast<std::uint64_t>(nanos);
  if (left < 1'000) return sign + std::to_string(left) + "ns";
  if (left < 1'000'000) return sign + std::to_string(left / 1'000) + fraction_text(left % 1'000, 3) + "\xC2\xB5s";
  if (left < kSecond) return sign + std::to_string(left / 1'000'000) + fraction_text(left % 1'000'000, 6) + "ms";
  std::uint64_t seconds = left / kSecond;
  std::string text = std::to_string(seconds % 60) + fraction_text(left % kSecond, 9) + "s";
  if (seconds >= 60) text = std::to_string(seconds / 60 % 60) + "m" + text;
  if (seconds >= 3600) text = std::to_string(seconds / 3600) + "h" + text;
  return sign + text;
}

std::optional<Instant> parse_timestamp(std::string_view text) {
  std::optional<int> year = number(text, 0, 4);
  std::optional<int> month = number(text, 5, 2);
  std::optional<int> day = number(text, 8, 2);
  std::optional<int> hour = number(text, 11, 2);
  std::optional<int> minute = number(text, 14, 2);
  std::optional<int> second = number(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                   std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  std::string_view rest = text.substr(19);
  std::uint64_t nanos = 0;
  if (rest.size() > 1 && (rest[0] == '.' || rest[0] == ',') && is_digit(rest[1])) {
    std::string_view fraction = rest.substr(1, digits(rest.substr(1)));
    for (std::size_t i = 0; i < 9; ++i)
      nanos = nanos * 10 + (i < fraction.size() ? static_cast<std::uint64_t>(fraction[i] - '0') : 0);
    rest.remove_prefix(1 + fraction.size());
  }
  std::optional<int> offset = offset_of(rest);
  if (!offset) return std::nullopt;
  std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  std::int64_t seconds = days * 86'400 + *hour * 3'600 + *minute * 60 + *second - *offset;
  return Instant{seconds, static_cast<std::uint32_t>(nanos), static_cast<std::int16_t>(*offset / 60)};
}

std::string render_timestamp(Instant at) {
  Civil civil = civil_at(at.seconds, at.offset_minutes * 60);
  auto two = [](int value) { return padded(static_cast<std::uint64_t>(value), 2); };
  int offset = std::abs(at.offset_minutes);
  std::string zone =
      offset == 0 ? "Z" : (at.offset_minutes < 0 ? "-" : "+") + two(offset / 60) + ":" + two(offset % 60);
  return padded(static_cast<std::uint64_t>(civil.year), 4) + "-" + two(civil.month) + "-" + two(civil.day) + "T" +
         two(civil.hour) + ":" + two(civil.minute) + ":" + two(civil.second) + fraction_text(at.nanos, 9) + zone;
}

Civil civil_at(std::int64_t seconds, std::int64_t offset) {
  using std::chrono::floor;
  std::chrono::sys_seconds local{std::chrono::seconds(seconds + offset)};
  std::chrono::sys_days day = floor<std::chrono::days>(local);
  std::chrono::year_month_day date(day);
  std::chrono::sys_days new_year(date.year() / 1 / 1);
  auto in_day = static_cast<int>((local - day).count());
  Civil civil;
  civil.year = static_cast<int>(date.year());
  civil.month = static_cast<int>(static_cast<unsigned>(date.month()));
  civil.day = static_cast<int>(static_cast<unsigned>(date.day()));
  civil.day_of_year = static_cast<int>((day - new_year).count());
  civil.weekday = static_cast<int>(std::chrono::weekday(day).c_encoding());
  civil.hour = in_day / 3'600;
  civil.minute = in_day / 60 % 60;
  civil.second = in_day % 60;
  return civil;
}

}  // namespace pawl::cel
