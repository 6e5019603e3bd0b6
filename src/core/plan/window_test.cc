#include "core/plan/window.h"

#include <gtest/gtest.h>

#include <random>

#include "core/plan/gate.h"
#include "tests/support/tzif.h"

namespace pawl::plan {
namespace {

using namespace std::chrono;

Time at(std::string_view text) { return parse_time(text).value(); }

format::TimeZone zone(const std::string& rule) { return format::TimeZone::parse(testing_support::tzif(rule)).value(); }
const char* const kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";
const char* const kNewYork = "EST5EDT,M3.2.0,M11.1.0";
const char* const kAuckland = "NZST-12NZDT,M9.5.0,M4.1.0/3";

Window window(const std::string& schedule, Duration duration, const char* rule = "UTC0") {
  return {model::parse_cron(schedule).value(), duration, zone(rule)};
}

TEST(Window, OfficeHoursOnWeekdays) {
  Window office = window("0 9 * * 1-5", hours(7), kBerlin);
  EXPECT_TRUE(opened_at(office, at("2026-01-05T08:00:00Z"))) << "Monday 09:00";
  EXPECT_FALSE(opened_at(office, at("2026-01-05T07:59:59Z")));
  EXPECT_FALSE(opened_at(office, at("2026-01-05T15:00:00Z"))) << "16:00, when it closes";
  EXPECT_TRUE(opened_at(office, at("2026-07-06T07:00:00Z"))) << "09:00 in summer";
  EXPECT_EQ(next_opening(office, at("2026-01-09T15:00:00Z")), at("2026-01-12T08:00:00Z")) << "Friday evening";
  EXPECT_EQ(closes_at(office, at("2026-01-05T10:00:00Z")), at("2026-01-05T15:00:00Z"));
}

TEST(Window, P6_AcrossMidnight) {
  Window night = window("0 22 * * 5", hours(10), kBerlin);
  EXPECT_TRUE(opened_at(night, at("2026-01-09T21:00:00Z"))) << "Friday 22:00";
  EXPECT_TRUE(opened_at(night, at("2026-01-10T06:59:00Z"))) << "Saturday 07:59";
  EXPECT_FALSE(opened_at(night, at("2026-01-10T07:00:00Z")));
  EXPECT_FALSE(opened_at(night, at("2026-01-08T23:00:00Z"))) << "Thursday night";
  EXPECT_EQ(closes_at(night, at("2026-01-09T23:00:00Z")), at("2026-01-10T07:00:00Z"));
}

TEST(Window, P6_WhereTheClockIsPutForwardItOpensThere) {
  Window missing = window("30 2 * * *", hours(1), kBerlin);
  EXPECT_EQ(next_opening(missing, at("2026-03-28T12:00:00Z")), at("2026-03-29T01:00:00Z"));
  Window before = window("0 1 * * *", hours(3), kBerlin);
  EXPECT_EQ(closes_at(before, at("2026-03-29T00:30:00Z")), at("2026-03-29T03:00:00Z")) << "three hours that pass";
}

TEST(Window, P6_WhereTheClockIsPutBackItOpensOnce) {
  Window twice = window("30 2 * * *", minutes(30), kBerlin);
  EXPECT_EQ(next_opening(twice, at("2026-10-24T12:00:00Z")), at("2026-10-25T00:30:00Z"));
  EXPECT_FALSE(opened_at(twice, at("2026-10-25T01:30:00Z"))) << "02:30 for the second time";
  Window evening = window("0 22 * * 0", hours(2), kNewYork);
  EXPECT_EQ(next_opening(evening, at("2026-11-01T12:00:00Z")), at("2026-11-02T03:00:00Z"));
}

TEST(Window, LongOnesOverlapAndNeverOnesNeverOpen) {
  EXPECT_FALSE(closes_at(window("0 * * * *", hours(2)), at("2026-01-05T10:30:00Z"))) << "always open";
  EXPECT_EQ(closes_at(window("0 0 * * 1-3", hours(24)), at("2026-01-05T10:00:00Z")), at("2026-01-08T00:00:00Z"));
  EXPECT_FALSE(next_opening(window("0 0 30 2 *", hours(1)), at("2026-01-05T10:00:00Z")));
  EXPECT_EQ(next_opening(window("0 0 29 2 *", hours(1)), at("2096-03-01T00:00:00Z")), at("2104-02-29T00:00:00Z"));
  EXPECT_TRUE(opened_at(window("0 0 1 1 *", days(60)), at("2026-02-20T00:00:00Z"))) << "weeks later";
}

TEST(Window, DaysAndWeekdaysTogetherAreEither) {
  Window either = window("0 0 13 * 5", hours(1));
  EXPECT_TRUE(opened_at(either, at("2026-01-13T00:30:00Z"))) << "a Tuesday, the 13th";
  EXPECT_TRUE(opened_at(either, at("2026-01-09T00:30:00Z"))) << "a Friday";
  EXPECT_FALSE(opened_at(either, at("2026-01-14T00:30:00Z")));
}

// Minute by minute, as one would do it by hand: it is open where some minute within the duration before is one at which
// the clocks first show what the schedule says.
bool open_by_hand(const Window& w, Time now) {
  for (Time minute = floor<minutes>(now); now < minute + w.duration; minute -= minutes(1)) {
    auto moment = floor<seconds>(minute);
    local_seconds local = w.zone.to_local(moment);
    local_days day = floor<days>(local);
    hh_mm_ss clock(local - day);
    bool shown = w.schedule.on(year_month_day(day)) &&
                 w.schedule.hours.test(static_cast<std::size_t>(clock.hours().count())) &&
                 w.schedule.minutes.test(static_cast<std::size_t>(clock.minutes().count()));
    if (shown && w.zone.to_first(local) == moment) return true;
    // Where the clock was put forward, what it passed over opens here.
    seconds gap = w.zone.offset_at(moment) - w.zone.offset_at(moment - seconds(1));
    for (local_seconds passed = local - gap; gap > seconds(0) && passed < local; passed += minutes(1)) {
      local_days then = floor<days>(passed);
      hh_mm_ss at_then(passed - then);
      if (w.schedule.on(year_month_day(then)) &&
          w.schedule.hours.test(static_cast<std::size_t>(at_then.hours().count())) &&
          w.schedule.minutes.test(static_cast<std::size_t>(at_then.minutes().count())))
        return true;
    }
  }
  return false;
}

TEST(Window, P6_AgreesWithCountingMinutesInEveryZoneAndSeason) {
  std::mt19937 random(6);
  auto below = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  const std::vector<const char*> zones = {kBerlin, kNewYork, kAuckland, "UTC0", "<+0545>-5:45"};
  const std::vector<std::string> days_of = {"* * *", "* * 1-5", "25 * *", "* 3,10 0", "1-7 * 6", "*/2 * *"};
  const std::vector<Time> around = {at("2026-03-28T12:00:00Z"), at("2026-10-24T12:00:00Z"), at("2026-03-07T12:00:00Z"),
                                    at("2026-10-31T12:00:00Z"), at("2026-12-31T00:00:00Z"), at("2026-09-26T00:00:00Z")};
  for (int i = 0; i < 150; ++i) {
    std::string schedule =
        std::to_string(below(60)) + " " + std::to_string(below(24)) + " " + days_of[static_cast<std::size_t>(below(6))];
    Window w = window(schedule, minutes(1 + below(900)), zones[static_cast<std::size_t>(below(5))]);
    for (int j = 0; j < 6; ++j) {
      Time now = around[static_cast<std::size_t>(below(6))] + seconds(below(2 * 86400));
      bool open = opened_at(w, now).has_value();
      ASSERT_EQ(open, open_by_hand(w, now)) << schedule << " at " << render_time(now);
      if (open) {
        std::optional<Time> closes = closes_at(w, now);
        ASSERT_TRUE(closes && *closes > now);
        ASSERT_FALSE(opened_at(w, *closes)) << schedule << " at " << render_time(*closes);
      } else if (std::optional<Time> next = next_opening(w, now)) {
        ASSERT_TRUE(opened_at(w, *next)) << schedule;
        ASSERT_FALSE(opened_at(w, *next - milliseconds(1))) << schedule;
      }
    }
  }
}

GateAnswer ask(const model::WindowGate& gate, Time now) {
  GateFacts facts{.now = now};
  facts.zones.emplace("Europe/Berlin", zone(kBerlin));
  return answer(gate, facts);
}

TEST(WindowGate, SaysWhenOnTheClocksThere) {
  model::WindowGate office{"0 9 * * 1-5", hours(7), "Europe/Berlin", false};
  GateAnswer open = ask(office, at("2026-01-05T10:00:00Z"));
  EXPECT_EQ(open.state, GateState::kPassed);
  EXPECT_EQ(open.found, "open until Mon 16:00 Europe/Berlin");
  GateAnswer closed = ask(office, at("2026-01-05T20:00:00Z"));
  EXPECT_EQ(closed.state, GateState::kWaiting);
  EXPECT_EQ(closed.found, "opens Tue 09:00 Europe/Berlin, in 12h");
  EXPECT_EQ(closed.until, at("2026-01-06T08:00:00Z"));
}

TEST(WindowGate, DenyTurnsItRound) {
  model::WindowGate weekend{"0 16 * * 5", hours(64), "Europe/Berlin", true};
  GateAnswer closed = ask(weekend, at("2026-01-10T12:00:00Z"));
  EXPECT_EQ(closed.state, GateState::kWaiting);
  EXPECT_EQ(closed.found, "closed until Mon 08:00 Europe/Berlin, in 1d");
  EXPECT_EQ(ask(weekend, at("2026-01-12T07:00:00Z")).state, GateState::kPassed);
}

TEST(WindowGate, WhatCannotBeToldLetsNothingIn) {
  EXPECT_EQ(ask({"0 9 * * *", hours(1), "Europe/Atlantis", true}, at("2026-01-05T10:00:00Z")).state,
            GateState::kErrored);
  EXPECT_EQ(ask({"nonsense", hours(1), "Europe/Berlin", true}, at("2026-01-05T10:00:00Z")).state, GateState::kErrored);
  EXPECT_EQ(ask({"0 0 30 2 *", hours(1), "Europe/Berlin", false}, at("2026-01-05T10:00:00Z")).state,
            GateState::kFailed);
}

}  // namespace
}  // namespace pawl::plan
