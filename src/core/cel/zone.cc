#include "core/cel/zone.h"

#include <array>
#include <charconv>
#include <string>

#include "core/cel/time.h"

namespace pawl::cel {

namespace {

constexpr std::size_t kHeader = 44;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// One block of the file: counts, then arrays of them.
struct Block {
  std::size_t utc_flags, standard_flags, leaps, times, types, letters;
  std::size_t time_size;

  std::size_t size() const {
    return times * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) + standard_flags + utc_flags;
  }
};

std::optional<Block> block_at(std::string_view rules, std::size_t at, std::size_t time_size) {
  if (rules.size() < at + kHeader || rules.substr(at, 4) != "TZif") return std::nullopt;
  auto count = [&](std::size_t index) {
    return static_cast<std::size_t>(big_endian(rules.substr(at + 20 + 4 * index, 4)));
  };
  Block block{count(0), count(1), count(2), count(3), count(4), count(5), time_size};
  constexpr std::size_t kMost = 100'000;
  for (std::size_t n : {block.utc_flags, block.standard_flags, block.leaps, block.times, block.types, block.letters})
    if (n > kMost) return std::nullopt;
  if (block.types == 0 || rules.size() < at + kHeader + block.size()) return std::nullopt;
  return block;
}

// A rule for the time after the last change: "EST5EDT,M3.2.0,M11.1.0".
class Rule {
 public:
  explicit Rule(std::string_view text) : rest_(text) {}

  std::optional<std::int64_t> offset_at(std::int64_t seconds) {
    if (!name()) return std::nullopt;
    std::optional<std::int64_t> standard = clock();
    if (!standard) return std::nullopt;
    std::int64_t winter = -*standard;
    if (rest_.empty()) return winter;
    if (!name()) return std::nullopt;
    std::int64_t summer = winter + 3600;
    if (!rest_.starts_with(',')) {
      std::optional<std::int64_t> daylight = clock();
      if (!daylight) return std::nullopt;
      summer = -*daylight;
    }
    std::int64_t year = civil_at(seconds, winter).year;
    std::optional<std::int64_t> begin = change(year);
    std::optional<std::int64_t> end = change(year);
    if (!begin || !end) return std::nullopt;
    std::int64_t begins = *begin - winter;
    std::int64_t ends = *end - summer;
    bool is_summer = begins < ends ? seconds >= begins && seconds < ends : seconds >= begins || seconds < ends;
    return is_summer ? summer : winter;
  }

 private:
  bool name() {
    if (rest_.starts_with('<')) {
      std::size_t end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    std::size_t end = 0;
    while (end < rest_.size() && ((rest_[end] | 0x20) >= 'a' && (rest_[end] | 0x20) <= 'z')) ++end;
    rest_.remove_prefix(end);
    return end > 0;
  }

  std::optional<std::int64_t> number() {
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc() || value < 0 || value > 1000) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // "5", "-3:30", "+02:00:00" in seconds.
  std::optional<std::int64_t> clock() {
    bool negative = take('-');
    if (!negative) take('+');
    std::int64_t total = 0;
    std::int64_t unit = 3600;
    do {
      std::optional<std::int64_t> value = number();
      if (!value) return std::nullopt;
      total += *value * unit;
      unit /= 60;
    } while (unit > 0 && take(':'));
    return negative ? -total : total;
  }

  static std::int64_t days_to(std::int64_t year, std::int64_t month) {
    std::int64_t y = month <= 2 ? year - 1 : year;
    std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    std::int64_t in_era = y - era * 400;
    std::int64_t day = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
    return era * 146'097 + in_era * 365 + in_era / 4 - in_era / 100 + day - 719'468;
  }

  // ",M3.2.0/2": local seconds since 1970 at which the clock changes in `year`.
  std::optional<std::int64_t> change(std::int64_t year) {
    if (!take(',')) return std::nullopt;
    std::optional<std::int64_t> day = take('M') ? weekday_of_month(year) : day_of_year(year);
    if (!day) return std::nullopt;
    std::int64_t at = 2 * 3600;
    if (take('/')) {
      std::optional<std::int64_t> time = clock();
      if (!time) return std::nullopt;
      at = *time;
    }
    return *day * 86'400 + at;
  }

  std::optional<std::int64_t> weekday_of_month(std::int64_t year) {
    std::optional<std::int64_t> month = number();
    if (!month || *month < 1 || *month > 12 || !take('.')) return std::nullopt;
    std::optional<std::int64_t> week = number();
    if (!week || *week < 1 || *week > 5 || !take('.')) return std::nullopt;
    std::optional<std::int64_t> weekday = number();
    if (!weekday || *weekday > 6) return std::nullopt;
    std::int64_t first = days_to(year, *month);
    std::int64_t next = *month == 12 ? days_to(year + 1, 1) : days_to(year, *month + 1);
    std::int64_t first_weekday = ((first + 4) % 7 + 7) % 7;
    std::int64_t day = first + (*weekday - first_weekday + 7) % 7 + 7 * (*week - 1);
    return day >= next ? day - 7 : day;
  }

  std::optional<std::int64_t> day_of_year(std::int64_t year) {
    bool without_leap_day = take('J');
    std::optional<std::int64_t> day = number();
    if (!day) return std::nullopt;
    if (!without_leap_day) return days_to(year, 1) + *day;
    bool after_february = days_to(year + 1, 1) - days_to(year, 1) == 366 && *day >= 60;
    return days_to(year, 1) + *day - 1 + (after_february ? 1 : 0);
  }

  std::string_view rest_;
};

}  // namespace

std::optional<std::int64_t> zone_offset(std::string_view rules, std::int64_t seconds) {
  std::optional<Block> old = block_at(rules, 0, 4);
  if (!old || rules[4] < '2') return std::nullopt;
  std::size_t at = kHeader + old->size();
  std::optional<Block> block = block_at(rules, at, 8);
  if (!block) return std::nullopt;
  std::size_t times = at + kHeader;
  std::size_t indices = times + block->times * 8;
  std::size_t types = indices + block->times;
  auto type_offset = [&](std::size_t type) -> std::optional<std::int64_t> {
    if (type >= block->types) return std::nullopt;
    return static_cast<std::int32_t>(big_endian(rules.substr(types + type * 6, 4)));
  };
  auto time = [&](std::size_t i) { return static_cast<std::int64_t>(big_endian(rules.substr(times + i * 8, 8))); };
  if (block->times == 0 || seconds >= time(block->times - 1)) {
    std::string_view footer = rules.substr(at + kHeader + block->size());
    if (footer.size() > 2) {
      footer = footer.substr(1, footer.find('\n', 1) - 1);
      if (std::optional<std::int64_t> offset = Rule(footer).offset_at(seconds)) return offset;
    }
    return type_offset(block->times == 0 ? 0 : static_cast<unsigned char>(rules[indices + block->times - 1]));
  }
  if (seconds < time(0)) return type_offset(0);
  std::size_t low = 0;
  std::size_t high = block->times - 1;
  while (high - low > 1) {
    std::size_t middle = (low + high) / 2;
    (time(middle) <= seconds ? low : high) = middle;
  }
  return type_offset(static_cast<unsigned char>(rules[indices + low]));
}

}  // namespace pawl::cel
