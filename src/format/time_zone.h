#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::format {

// A day of the year on which a clock is changed (POSIX TZ, RFC 9636 section 3.3.1).
struct ChangeDay {
  enum class Kind : std::uint8_t { kWeekday, kJulian, kZeroBased };
  Kind kind = Kind::kWeekday;
  int month = 1;                // of kWeekday
  int week = 1;                 // 1 to 5; 5 is the last
  int day = 0;                  // weekday, or day of the year: 1 to 365 without 29 February, or 0 to 365
  std::chrono::seconds time{};  // of day, local; may lie outside of it
};

// What holds behind the last transition of a file: standard time, and where there is one its summer time.
struct ZoneRule {
  std::chrono::seconds standard{};
  std::chrono::seconds summer{};
  bool has_summer = false;
  ChangeDay begins;
  ChangeDay ends;
};

// One time zone: what its clocks show at every moment. A value.
class TimeZone {
 public:
  TimeZone() = default;  // UTC
  // Reads a compiled zone (TZif, versions 1 to 4). Errors: kInvalid.
  static Result<TimeZone> parse(std::string_view tzif);

  // What a clock there is ahead of UTC.
  std::chrono::seconds offset_at(std::chrono::sys_seconds time) const;
  std::chrono::local_seconds to_local(std::chrono::sys_seconds time) const;
  // The moment at which a clock there first shows `local`: of one that is shown twice the first, of one that is never
  // shown the moment at which it is passed over. Grows with `local`.
  std::chrono::sys_seconds to_first(std::chrono::local_seconds local) const;

 private:
  struct Transition {
    std::chrono::sys_seconds at;
    std::chrono::seconds offset;
  };
  std::chrono::seconds first_{};  // before the first transition
  std::vector<Transition> transitions_;
  std::optional<ZoneRule> rule_;  // behind the last one
};

// Reads a POSIX TZ string: "CET-1CEST,M3.5.0,M10.5.0/3". Errors: kInvalid.
Result<ZoneRule> parse_zone_rule(std::string_view text);

}  // namespace pawl::format
