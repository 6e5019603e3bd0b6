#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/cel/value.h"

namespace pawl::cel {

// Time as cel-go, and so Go, reads and writes it.

// "1h30m", "-1.5s", "100us"; nothing where it is no duration or more than 292 years.
std::optional<std::int64_t> parse_duration(std::string_view text);
// Seconds, with as many digits as it takes: "5400s", "0.0001s".
std::string render_seconds(std::int64_t nanos);
// As Go shows one: "1h30m0s".
std::string render_duration(std::int64_t nanos);

// RFC 3339 with any offset and up to nine digits of a second.
std::optional<Instant> parse_timestamp(std::string_view text);
// With the offset it was written with: "2009-02-13T23:31:30.5Z".
std::string render_timestamp(Instant at);

// What a calendar and a clock show.
struct Civil {
  std::int64_t year = 1970;
  int month = 1;        // from 1
  int day = 1;          // from 1
  int day_of_year = 0;  // from 0
  int weekday = 4;      // from 0, which is Sunday
  int hour = 0;
  int minute = 0;
  int second = 0;
};
// `offset`: seconds east of UTC.
Civil civil_at(std::int64_t seconds, std::int64_t offset);

}  // namespace pawl::cel
