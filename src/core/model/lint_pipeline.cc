#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "core/model/parse.h"

namespace pawl::model {

using format::Value;

const Value& find_text(const Value& value, std::string_view text) {
  if (value.is_string()) return value;
  for (const Value& item : value.items()) {
    if (item.string_or_empty() == text) return item;
  }
  for (const format::Member& member : value.members()) {
    if (member.value.string_or_empty() == text) return member.value;
    const Value& inside = find_text(member.value, text);
    if (inside.string_or_empty() == text) return inside;
  }
  return value;
}

namespace {

void check_names(const Draft& draft) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < draft.read.size(); ++i) {
    const std::string& name = draft.configuration.environments[i].name.str();
    if (name.empty() || seen.insert(name).second) continue;
    draft.read[i].reader->error(*draft.read[i].fields.find("name"), "twice",
                                fmt::format("there are two environments named \"{}\"", name));
  }
}

void check_upstreams(const Draft& draft, std::size_t i) {
  const Environment& environment = draft.configuration.environments[i];
  std::vector<std::string_view> names;
  for (const Environment& other : draft.configuration.environments) names.push_back(other.name.str());
  std::set<std::string> seen;
  for (const EnvironmentName& from : environment.promotes_from) {
    const Value& at = find_text(*draft.read[i].fields.find("promotesFrom"), from.str());
    if (!seen.insert(from.str()).second) {
      draft.read[i].reader->error(*draft.read[i].fields.find("promotesFrom"), "twice",
                                  fmt::format("promotesFrom names \"{}\" twice", from.str()));
    } else if (draft.configuration.find(from) == nullptr) {
      std::string near = nearest(from.str(), names);
      draft.read[i].reader->error(
          at, "unknown-environment",
          fmt::format("promotesFrom names \"{}\", which is no environment", from.str().substr(0, 80)), {},
          near.empty() ? "" : fmt::format("did you mean \"{}\"?", near));
    }
  }
}

// A gate that looks upstream where there is none would wait for ever.
void check_gates(const Draft& draft, std::size_t i) {
  const Environment& environment = draft.configuration.environments[i];
  if (!environment.promotes_from.empty()) return;
  const Value* gates = draft.read[i].fields.find("gates");
  for (const Gate& gate : environment.gates) {
    bool looks_upstream = std::holds_alternative<SoakGate>(gate) || std::holds_alternative<UpstreamGate>(gate);
    if (!looks_upstream || gates == nullptr) continue;
    const Value* at = gates;
    for (const Value& item : gates->items()) {
      if (const Value* found = item.find(name_of(gate))) at = found;
    }
    draft.read[i].reader->error(*at, "no-upstream",
                                fmt::format("{} promotes from nowhere, so its gate \"{}\" could never pass",
                                            environment.name.str(), name_of(gate)),
                                "add promotesFrom, or remove the gate");
  }
}

void check_checks(const Draft& draft, std::size_t i) {
  std::set<std::string> seen;
  for (const Check& check : draft.configuration.environments[i].verification) {
    if (check.name.empty() || seen.insert(check.name).second) continue;
    draft.read[i].reader->error(*draft.read[i].fields.find("verification"), "twice",
                                fmt::format("there are two checks named \"{}\"", check.name));
  }
}

// What one of them says is found by its name.
void check_externals(const Draft& draft, std::size_t i) {
  std::set<std::string> seen;
  for (const Gate& gate : draft.configuration.environments[i].gates) {
    const auto* external = std::get_if<ExternalGate>(&gate);
    if (external == nullptr || external->name.empty() || seen.insert(external->name).second) continue;
    draft.read[i].reader->error(*draft.read[i].fields.find("gates"), "twice",
                                fmt::format("there are two external gates named \"{}\"", external->name));
  }
}

bool finds_circle(const Configuration& all, const Environment& environment, std::vector<std::string>& path,
                  std::set<std::string>& done) {
  const std::string& name = environment.name.str();
  if (done.contains(name)) return false;
  bool again = std::find(path.begin(), path.end(), name) != path.end();
  path.push_back(name);
  if (again) return true;
  for (const EnvironmentName& from : environment.promotes_from) {
    const Environment* upstream = all.find(from);
    if (upstream != nullptr && finds_circle(all, *upstream, path, done)) return true;
  }
  path.pop_back();
  done.insert(name);
  return false;
}

void check_circles(const Draft& draft) {
  std::set<std::string> done;
  for (const Environment& environment : draft.configuration.environments) {
    std::vector<std::string> path;
    if (!finds_circle(draft.configuration, environment, path, done)) continue;
    path.erase(path.begin(), std::find(path.begin(), path.end(), path.back()));
    const Environment* first = draft.configuration.find(EnvironmentName(path[0]));
    auto index = static_cast<std::size_t>(first - draft.configuration.environments.data());
    const Value& at = find_text(*draft.read[index].fields.find("promotesFrom"), path[1]);
    std::reverse(path.begin(), path.end());
    draft.read[index].reader->error(at, "cycle", "environments promote in a circle: " + join(path, " -> "),
                                    "one of them must be the first");
    return;
  }
}

// A second root that leads nowhere is most likely an environment whose promotesFrom was forgotten.
void check_isolated(const Draft& draft) {
  std::set<EnvironmentName> feeding;
  for (const Environment& environment : draft.configuration.environments) {
    for (const EnvironmentName& from : environment.promotes_from) {
      // A misspelt one says enough by itself.
      if (draft.configuration.find(from) == nullptr) return;
      feeding.insert(from);
    }
  }
  if (feeding.empty() && draft.configuration.environments.size() < 2) return;
  for (std::size_t i = 0; i < draft.read.size(); ++i) {
    const Environment& environment = draft.configuration.environments[i];
    if (!environment.promotes_from.empty() || feeding.contains(environment.name) || environment.name.empty()) continue;
    draft.read[i].reader->warning(
        *draft.read[i].fields.find("name"), "isolated",
        fmt::format("nothing leads to {} or away from it: it takes any release", environment.name.str()),
        "say promotesFrom if it belongs to the pipeline");
  }
}

bool is_bounded(const Draft& draft) {
  if (draft.read.size() <= kMostEnvironments) return true;
  const Draft::Read& first_too_many = draft.read[kMostEnvironments];
  first_too_many.reader->error(
      first_too_many.fields, "bound",
      fmt::format("{} environments; at most {} are read", draft.read.size(), kMostEnvironments));
  return false;
}

}  // namespace

void lint_pipeline(const Draft& draft) {
  if (!is_bounded(draft)) return;
  check_names(draft);
  for (std::size_t i = 0; i < draft.read.size(); ++i) {
    check_upstreams(draft, i);
    check_gates(draft, i);
    check_checks(draft, i);
    check_externals(draft, i);
  }
  check_circles(draft);
  check_isolated(draft);
}

}  // namespace pawl::model
