#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl {

// A moment in UTC. Pawl's own records carry whole milliseconds.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

// RFC 3339 in UTC: "2026-11-24T09:30:00Z", with ".123" only where there are milliseconds.
std::string render_time(Time time);
// Reads RFC 3339, any offset. Errors: kInvalid. Years 0000 to 9999.
Result<Time> parse_time(std::string_view text);

// "90s", "2m", "1h30m", "7d" (a day is 24 hours); "500ms". Errors: kInvalid; negative and empty ones are refused.
Result<Duration> parse_duration(std::string_view text);
// The shortest exact form: "1h30m".
std::string render_duration(Duration duration);
// For people: the largest unit, rounded down: "2m", "1d".
std::string render_age(Duration duration);

}  // namespace pawl
