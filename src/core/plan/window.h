#pragma once

#include <optional>

#include "base/time.h"
#include "core/model/cron.h"
#include "format/time_zone.h"

namespace pawl::plan {

// Times that come again and again: it opens whenever the schedule says so on the clocks of its zone, and stays open for
// a time that passes, whatever the clocks do meanwhile. What a clock shows twice opens it once, the first time; what
// it never shows opens it where the clock is put forward.
struct Window {
  model::Cron schedule;
  Duration duration{};
  format::TimeZone zone;
};

// When it opened, if it is open now: the last opening.
std::optional<Time> opened_at(const Window& window, Time now);
// The first opening behind `now`; nullopt where there is none within nine years.
std::optional<Time> next_opening(const Window& window, Time now);
// Of one that is open now: when it closes, with all openings that come before it did; nullopt where that is not within
// a year.
std::optional<Time> closes_at(const Window& window, Time now);

}  // namespace pawl::plan
