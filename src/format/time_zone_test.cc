#include "format/time_zone.h"

#include <gtest/gtest.h>

#include "base/time.h"
#include "tests/support/tzif.h"

namespace pawl::format {
namespace {

using namespace std::chrono;
using testing_support::tzif;

sys_seconds at(std::string_view text) { return floor<seconds>(parse_time(text).value()); }
local_seconds local(std::string_view text) { return local_seconds(at(text).time_since_epoch()); }

TimeZone berlin() { return TimeZone::parse(tzif("CET-1CEST,M3.5.0,M10.5.0/3")).value(); }

TEST(TimeZone, ARuleHoldsForEver) {
  TimeZone zone = berlin();
  EXPECT_EQ(zone.offset_at(at("2026-01-15T12:00:00Z")), hours(1));
  EXPECT_EQ(zone.offset_at(at("2026-03-29T00:59:59Z")), hours(1));
  EXPECT_EQ(zone.offset_at(at("2026-03-29T01:00:00Z")), hours(2));
  EXPECT_EQ(zone.offset_at(at("2126-07-15T12:00:00Z")), hours(2));
  EXPECT_EQ(zone.offset_at(at("2026-10-25T01:00:00Z")), hours(1));
}

TEST(TimeZone, SummerSpansTheNewYearInTheSouth) {
  TimeZone zone = TimeZone::parse(tzif("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0")).value();
  EXPECT_EQ(zone.offset_at(at("2026-01-01T00:00:00Z")), hours(11));
  EXPECT_EQ(zone.offset_at(at("2026-07-01T00:00:00Z")), hours(10) + minutes(30));
}

TEST(TimeZone, TransitionsGoBeforeTheRule) {
  std::int64_t changed = at("2020-01-01T00:00:00Z").time_since_epoch().count();
  TimeZone zone = TimeZone::parse(tzif("<-03>3", {{changed, 3600 * 5}, {changed + 86400, -3600 * 3}})).value();
  EXPECT_EQ(zone.offset_at(at("2019-12-31T23:59:59Z")), seconds(0));
  EXPECT_EQ(zone.offset_at(at("2020-01-01T12:00:00Z")), hours(5));
  EXPECT_EQ(zone.offset_at(at("2026-01-01T00:00:00Z")), hours(-3));
}

TEST(TimeZone, P6_WhatIsShownTwiceIsTheFirstAndWhatIsNeverShownIsWhereItIsPassedOver) {
  TimeZone zone = berlin();
  EXPECT_EQ(zone.to_first(local("2026-10-25T02:30:00Z")), at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(zone.to_first(local("2026-03-29T02:30:00Z")), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(zone.to_first(local("2026-03-29T03:00:00Z")), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(zone.to_first(local("2026-06-01T09:00:00Z")), at("2026-06-01T07:00:00Z"));
}

TEST(TimeZone, P6_EveryMomentComesBackFromTheClockAndTheOrderIsKept) {
  TimeZone zone = berlin();
  sys_seconds previous = at("2025-12-31T00:00:00Z");
  for (local_seconds one = local("2026-01-01T00:00:00Z"); one < local("2027-01-01T00:00:00Z"); one += minutes(17)) {
    sys_seconds moment = zone.to_first(one);
    ASSERT_GE(moment, previous);
    bool skipped = zone.to_local(moment) != one;
    if (skipped) {
      ASSERT_EQ(moment, at("2026-03-29T01:00:00Z"));
    }
    previous = moment;
  }
}

TEST(TimeZone, WhatIsCutOffOrIsNoZoneIsRefused) {
  std::string whole = tzif("CET-1CEST,M3.5.0,M10.5.0/3", {{0, 3600}});
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(TimeZone::parse(whole.substr(0, size)).ok()) << size;
  for (const char* rule : {"CET", "C-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1X"})
    EXPECT_FALSE(parse_zone_rule(rule).ok()) << rule;
}

}  // namespace
}  // namespace pawl::format
