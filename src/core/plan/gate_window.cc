#include <fmt/format.h>

#include <array>

#include "core/plan/gate.h"
#include "core/plan/window.h"

namespace pawl::plan {

namespace {

// As the clocks there show it: "Mon 09:00 Europe/Berlin", with the date where it is not within a week.
std::string on_the_clock(Time time, Time now, const model::WindowGate& gate, const format::TimeZone& zone) {
  using namespace std::chrono;
  static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  local_seconds local = zone.to_local(floor<seconds>(time));
  local_days day = floor<days>(local);
  year_month_day date(day);
  hh_mm_ss clock(local - day);
  std::string_view name = kDays.at(weekday(day).c_encoding());
  std::string when = time - now < days(6)
                         ? std::string(name)
                         : fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return fmt::format("{} {:02}:{:02} {}", when, clock.hours().count(), clock.minutes().count(), gate.time_zone);
}

std::string in(Time time, Time now) { return ", in " + render_age(time - now); }

GateAnswer answer_allow(const model::WindowGate& gate, const Window& window, Time now, GateAnswer out) {
  if (opened_at(window, now)) {
    std::optional<Time> closes = closes_at(window, now);
    out.state = GateState::kPassed;
    out.found = closes ? "open until " + on_the_clock(*closes, now, gate, window.zone) : "always open";
    return out;
  }
  out.until = next_opening(window, now);
  out.state = out.until ? GateState::kWaiting : GateState::kFailed;
  out.found = out.until ? "opens " + on_the_clock(*out.until, now, gate, window.zone) + in(*out.until, now)
                        : "\"" + gate.schedule + "\" never opens";
  return out;
}

GateAnswer answer_deny(const model::WindowGate& gate, const Window& window, Time now, GateAnswer out) {
  if (!opened_at(window, now)) {
    std::optional<Time> next = next_opening(window, now);
    out.state = GateState::kPassed;
    out.found = next ? "open until " + on_the_clock(*next, now, gate, window.zone) : "always open";
    return out;
  }
  out.until = closes_at(window, now);
  out.state = out.until ? GateState::kWaiting : GateState::kFailed;
  out.found = out.until ? "closed until " + on_the_clock(*out.until, now, gate, window.zone) + in(*out.until, now)
                        : "\"" + gate.schedule + "\" is closed for a year and more";
  return out;
}

}  // namespace

GateAnswer answer(const model::WindowGate& gate, const GateFacts& facts) {
  GateAnswer out{.gate = "window", .subject = GateSubject::kPromotion, .state = GateState::kErrored};
  auto zone = facts.zones.find(gate.time_zone);
  if (zone == facts.zones.end()) {
    out.found = "the time zone " + gate.time_zone + " is not known to this machine";
    out.who = "install the time zone database (tzdata)";
    return out;
  }
  Result<model::Cron> schedule = model::parse_cron(gate.schedule);
  if (!schedule) {
    out.found = schedule.error().message;
    out.who = "pawl explain environments.gates.window.schedule";
    return out;
  }
  Window window{*schedule, gate.duration, zone->second};
  return gate.deny ? answer_deny(gate, window, facts.now, out) : answer_allow(gate, window, facts.now, out);
}

}  // namespace pawl::plan
