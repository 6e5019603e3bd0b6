#pragma once

#include <bitset>
#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::model {

// A schedule of five fields (crontab(5)): minute hour day month weekday. Names of months and weekdays, lists, ranges
// and steps; where both days are restricted one of them is enough.
struct Cron {
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days;
  std::bitset<13> months;
  std::bitset<8> weekdays;  // 0 and 7 are both Sunday
  bool any_day = false;
  bool any_weekday = false;

  bool on(std::chrono::year_month_day day) const;
};

// What is wrong with it; "" where nothing is.
std::string problem_with_cron(std::string_view text);
// Errors: kInvalid.
Result<Cron> parse_cron(std::string_view text);

}  // namespace pawl::model
