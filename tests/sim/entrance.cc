#include "tests/sim/entrance.h"

#include <algorithm>
#include <sstream>

#include "tests/sim/layer_texts.h"
#include "tests/sim/person.h"
#include "tests/sim/setting.h"

namespace pawl::sim {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

bool is_inside(const model::WindowGate& window, Time now) {
  std::istringstream schedule(window.schedule);
  int minute = 0;
  int hour = 0;
  schedule >> minute >> hour;
  Duration of_day = now - std::chrono::floor<std::chrono::days>(now);
  // Since it opened last, today or the day before.
  Duration since = (of_day - hours(hour) - minutes(minute) + hours(24)) % hours(24);
  return since < window.duration;
}

}  // namespace

std::string shut_window(const model::Environment& environment, Time now) {
  for (const model::Gate& gate : environment.gates) {
    const auto* window = std::get_if<model::WindowGate>(&gate);
    if (window != nullptr && is_inside(*window, now) == window->deny)
      return "outside of the window \"" + window->schedule + "\"";
  }
  return "";
}

std::string frozen(const Sight& sight, const model::EnvironmentName& name) {
  Time until = sight.book.frozen_until(name);
  return sight.entry->time < until ? "while " + name.str() + " was frozen until " + render_time(until) : "";
}

namespace {

// What the files of policies say; nothing is bound where they are not there.
std::string policy_texts(const Sight& sight, const model::Configuration& configuration) {
  std::string all;
  for (const model::PolicySource& source : configuration.policies)
    all += sight.outside.documents.bytes(source.digest).value_or("");
  return all;
}

bool has(const std::string& texts, std::string_view rule) { return texts.find(rule) != std::string::npos; }

bool is_refused_value(const std::string& object) {
  constexpr int kOf = 4;
  std::string text = rest_of_line(object, "  value: ");
  std::erase(text, '"');
  return std::atoi(text.c_str()) % kOf == kOf - 1;
}

std::size_t changes_between(const std::map<std::string, std::string>& before,
                            const std::map<std::string, std::string>& after) {
  std::size_t count = 0;
  for (const auto& [name, object] : after) {
    auto old = before.find(name);
    count += old == before.end() || old->second != object ? 1u : 0u;
  }
  for (const auto& [name, object] : before) count += after.contains(name) ? 0u : 1u;
  return count;
}

// What one promotion is about to depart from.
struct Denial {
  std::string policy;
  std::string object;
};

std::vector<Denial> denials(const Sight& sight, const std::string& texts, const plan::PromotionStarted& started) {
  constexpr std::size_t kBudget = 2;
  std::vector<Denial> out;
  std::map<std::string, std::string> after = objects_of(sight, sight.book.promotion(started.number).opened.bundle);
  if (has(texts, kStrictRule) && is_refused_value(after["ConfigMap/app"]))
    out.push_back({kValuePolicy, "ConfigMap/app"});
  bool is_large = started.from && changes_between(objects_of(sight, *started.from), after) > kBudget;
  if (has(texts, kBudgetRule) && is_large)
    out.push_back({kBudgetPolicy, "Promotion/" + std::to_string(started.number)});
  return out;
}

// Those who agreed, are asked and known now, and did not ask themselves.
std::size_t agreed(const Departure& departure, const model::Configuration& configuration) {
  const std::vector<std::string>& asked = configuration.exceptions->from;
  std::optional<std::string> owner = person_behind(configuration, departure.by);
  return static_cast<std::size_t>(
      std::count_if(departure.agreed.begin(), departure.agreed.end(), [&](const model::PersonName& person) {
        bool known = std::any_of(configuration.people.begin(), configuration.people.end(),
                                 [&](const model::Person& one) { return one.name == person; });
        bool own = person.str() == departure.asked.exception.requester || person.str() == owner;
        return known && !own && std::find(asked.begin(), asked.end(), person.str()) != asked.end();
      }));
}

bool holds(const Departure& departure, const model::Configuration& configuration, Time now) {
  const model::PolicyException& exception = departure.asked.exception;
  if (!configuration.exceptions || departure.withdrawn || departure.rejected || now >= exception.expires) return false;
  bool is_short = exception.expires <= departure.at + configuration.exceptions->longest;
  return is_short && agreed(departure, configuration) >= configuration.exceptions->count;
}

bool covers(const model::PolicyException& exception, const Denial& denial, const plan::PromotionOpened& opened) {
  bool about = exception.environment == opened.environment && exception.policy == denial.policy &&
               exception.rule.value_or(0) == 0;
  return about && (exception.object.empty() || exception.object == denial.object) &&
         exception.bundle.value_or(opened.bundle) == opened.bundle;
}

bool is_excepted(const Sight& sight, const model::Configuration& configuration, const Denial& denial,
                 const plan::PromotionOpened& opened) {
  const auto& all = sight.book.departures();
  return std::any_of(all.begin(), all.end(), [&](const auto& one) {
    return covers(one.second.asked.exception, denial, opened) && holds(one.second, configuration, sight.entry->time);
  });
}

}  // namespace

std::string unlawful(const Sight& sight, const model::Configuration& configuration,
                     const model::Environment& environment, const plan::PromotionStarted& started) {
  if (configuration.policies.empty() || !environment.labels.contains(kGuarded)) return "";
  bool asked = std::any_of(started.gates.begin(), started.gates.end(), [](const plan::GateAnswer& answer) {
    return answer.gate == "policy" && answer.state == plan::GateState::kPassed;
  });
  if (!asked) return "and the policies of " + environment.name.str() + " were not asked";
  const plan::PromotionOpened& opened = sight.book.promotion(started.number).opened;
  for (const Denial& denial : denials(sight, policy_texts(sight, configuration), started)) {
    if (!is_excepted(sight, configuration, denial, opened))
      return "against " + denial.policy + ", and no exception lets " + denial.object + " pass";
  }
  return "";
}

bool has_broken_policies(const Sight& sight, const model::Configuration& configuration) {
  return has(policy_texts(sight, configuration), kBrokenRule);
}

}  // namespace pawl::sim
