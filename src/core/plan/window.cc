#include "core/plan/window.h"

#include <vector>

namespace pawl::plan {

namespace {

using namespace std::chrono;

// Moments of one day on the zone's clocks, in order.
std::vector<Time> openings_on(const Window& window, local_days day) {
  std::vector<Time> out;
  if (!window.schedule.on(year_month_day(day))) return out;
  for (std::size_t h = 0; h < window.schedule.hours.size(); ++h) {
    if (!window.schedule.hours.test(h)) continue;
    for (std::size_t m = 0; m < window.schedule.minutes.size(); ++m) {
      if (window.schedule.minutes.test(m)) out.emplace_back(window.zone.to_first(day + hours(h) + minutes(m)));
    }
  }
  return out;
}

local_days day_of(const Window& window, Time now) { return floor<days>(window.zone.to_local(floor<seconds>(now))); }

}  // namespace

std::optional<Time> opened_at(const Window& window, Time now) {
  // A day more on both sides: zones differ by more than a day, and a clock may be put over midnight.
  local_days first = day_of(window, now - window.duration) - days(1);
  for (local_days day = day_of(window, now) + days(1); day >= first; day -= days(1)) {
    std::vector<Time> openings = openings_on(window, day);
    for (std::size_t i = openings.size(); i-- > 0;) {
      if (openings[i] > now) continue;
      bool open = now < openings[i] + window.duration;
      return open ? std::optional(openings[i]) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<Time> next_opening(const Window& window, Time now) {
  constexpr auto kFar = days(9 * 366);  // the 29th of February comes once in eight years where a century begins
  local_days first = day_of(window, now) - days(1);
  for (local_days day = first; day < first + kFar; day += days(1)) {
    for (Time opening : openings_on(window, day)) {
      if (opening > now) return opening;
    }
  }
  return std::nullopt;
}

std::optional<Time> closes_at(const Window& window, Time now) {
  constexpr auto kYear = days(366);
  constexpr int kMost = 2000;
  std::optional<Time> opening = opened_at(window, now);
  for (int i = 0; opening && i < kMost; ++i) {
    Time end = *opening + window.duration;
    if (end > now + kYear) return std::nullopt;
    std::optional<Time> next = next_opening(window, *opening);
    if (!next || *next > end) return end;
    opening = next;
  }
  return std::nullopt;
}

}  // namespace pawl::plan
