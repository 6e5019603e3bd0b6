#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "base/text.h"
#include "core/model/parse.h"

namespace pawl::model {

namespace {

using format::Value;

// Judges the whole. Diagnostics stand at the environment or layer they are about.
class Linter {
 public:
  Linter(FieldReader& reader, const EnvironmentReaders& readers, const Draft& draft, const Value& spec)
      : reader_(reader), readers_(readers), draft_(draft), configuration_(draft.configuration), spec_(spec) {}

  void run() {
    check_layers();
    check_names();
    for (const Environment& environment : configuration_.environments) check_environment(environment);
    check_cycles();
    check_targets();
    check_groups();
  }

 private:
  void error(const Environment& environment, std::string_view code, std::string summary, std::string suggestion = {},
             std::string help = {}) {
    auto own = readers_.find(environment.name.str());
    FieldReader& reader = own == readers_.end() ? reader_ : *own->second;
    reader.error(environment.at, 1, code, std::move(summary), std::move(suggestion), std::move(help));
  }

  void check_layers() {
    std::set<std::string> seen;
    std::vector<std::string_view> known;
    auto add = [&](const LayerName& name, Position at) {
      if (name.empty()) return;
      known.push_back(name.str());
      if (!seen.insert(name.str()).second) reader_.error(at, 1, "twice", fmt::format("there are two layers named \"{}\"", name.str()));
    };
    for (const Layer& layer : draft_.content.layers) {
      add(layer.name, layer.at);
      for (const Split& split : layer.split) add(split.name, split.at);
    }
    for (const Layer& layer : draft_.content.layers) {
      for (const LayerName& needed : layer.depends_on) {
        if (seen.contains(needed.str())) continue;
        std::string near = nearest(needed.str(), known);
        reader_.error(layer.at, 1, "unknown-layer:" + needed.str(), fmt::format("dependsOn names \"{}\", which is no layer", needed.str()),
                      near.empty() ? "" : fmt::format("did you mean \"{}\"?", near));
      }
    }
  }

  void check_names() {
    std::set<std::string> seen;
    for (const Environment& environment : configuration_.environments) {
      if (environment.name.empty()) continue;
      if (!seen.insert(environment.name.str()).second) {
        error(environment, "twice", fmt::format("there are two environments named \"{}\"", environment.name.str()));
      }
    }
    if (configuration_.environments.empty()) {
      reader_.error(spec_, "environments", "a project has at least one environment", "pawl explain environments");
    }
  }

  void check_environment(const Environment& environment) {
    check_upstream(environment);
    for (const Gate& gate : environment.gates) {
      if (const auto* approval = std::get_if<ApprovalGate>(&gate)) check_quorum(environment, *approval);
      bool root = environment.promotes_from.empty();
      bool needs_upstream = std::holds_alternative<SoakGate>(gate) || std::holds_alternative<UpstreamGate>(gate);
      if (root && needs_upstream) {
        error(environment, "no-upstream", fmt::format("{} promotes from nowhere, so a gate \"{}\" can never pass", environment.name.str(), name_of(gate)),
              {}, "add promotesFrom, or remove the gate");
      }
    }
    check_checks(environment);
    check_allow(environment.allow, [&](std::string summary, std::string near) { error(environment, "unknown-person", std::move(summary), std::move(near)); });
  }

  void check_upstream(const Environment& environment) {
    std::vector<std::string_view> names;
    for (const Environment& other : configuration_.environments) names.push_back(other.name.str());
    for (const EnvironmentName& from : environment.promotes_from) {
      if (from == environment.name) {
        error(environment, "self", fmt::format("{} promotes from itself", environment.name.str()));
      } else if (configuration_.find(from) == nullptr) {
        std::string near = nearest(from.str(), names);
        error(environment, "unknown-environment:" + from.str(), fmt::format("{} promotes from \"{}\", which is no environment", environment.name.str(), from.str()),
              near.empty() ? "" : fmt::format("did you mean \"{}\"?", near));
      }
    }
  }

  void check_checks(const Environment& environment) {
    std::set<std::string> seen;
    for (const Check& check : environment.verification) {
      if (!check.name.empty() && !seen.insert(check.name).second) {
        error(environment, "twice:" + check.name, fmt::format("{} has two checks named \"{}\"", environment.name.str(), check.name));
      }
    }
  }

  bool is_person(const std::string& name) const {
    return std::any_of(configuration_.people.begin(), configuration_.people.end(), [&](const Person& p) { return p.name.str() == name; });
  }

  std::string near_person_or_group(const std::string& name) const {
    std::vector<std::string_view> known;
    for (const Person& person : configuration_.people) known.push_back(person.name.str());
    for (const auto& [group, members] : configuration_.groups) known.push_back(group.str());
    std::string near = nearest(name, known);
    return near.empty() ? "" : fmt::format("did you mean \"{}\"?", near);
  }

  // The people that `names` stand for.
  std::set<std::string> expand(const std::vector<std::string>& names) const {
    std::set<std::string> people;
    for (const std::string& name : names) {
      if (auto group = configuration_.groups.find(GroupName(name)); group != configuration_.groups.end()) {
        for (const PersonName& member : group->second) people.insert(member.str());
      } else {
        people.insert(name);
      }
    }
    return people;
  }

  template <class Report>
  void check_known(const std::vector<std::string>& names, const std::string& where, Report report) {
    for (const std::string& name : names) {
      bool known = is_person(name) || configuration_.groups.contains(GroupName(name));
      if (!known) report(fmt::format("{} names \"{}\", who is neither a person nor a group", where, name.substr(0, 64)), near_person_or_group(name));
    }
  }

  template <class Report>
  void check_allow(const Allow& allow, Report report) {
    for (const auto& [verb, names] : allow) {
      check_known(names, "allow." + verb, report);
      if (names.empty()) report(fmt::format("allow.{} names nobody, so nobody could {}", verb, verb), "");
    }
  }

  void check_quorum(const Environment& environment, const ApprovalGate& gate) {
    check_known(gate.from, environment.name.str() + "'s approval", [&](std::string summary, std::string near) {
      error(environment, "unknown-person", std::move(summary), std::move(near));
    });
    std::set<std::string> approvers = expand(gate.from);
    if (gate.count > approvers.size()) {
      error(environment, "quorum", fmt::format("{} asks for {} approvals, but only {} may give one", environment.name.str(), gate.count, approvers.size()));
      return;
    }
    // Whoever asks never counts. Where only approvers may ask, one of them is always missing.
    auto allowed = environment.allow.find("promote");
    const std::vector<std::string>* askers = allowed == environment.allow.end() ? nullptr : &allowed->second;
    if (auto project = configuration_.allow.find("promote"); askers == nullptr && project != configuration_.allow.end()) askers = &project->second;
    if (askers == nullptr || gate.count < approvers.size()) return;
    std::set<std::string> asking = expand(*askers);
    bool only_approvers_ask = std::includes(approvers.begin(), approvers.end(), asking.begin(), asking.end());
    if (only_approvers_ask) {
      error(environment, "quorum",
            fmt::format("{} asks for {} of {} approvers, but whoever asks is one of them and never counts", environment.name.str(), gate.count, approvers.size()),
            {}, "ask for fewer, or let somebody else promote");
    }
  }

  void check_cycles() {
    std::map<std::string, int> state;  // 1: on the path, 2: done
    std::vector<std::string> path;
    std::function<bool(const Environment&)> visit = [&](const Environment& environment) {
      const std::string& name = environment.name.str();
      if (state[name] == 2) return false;
      path.push_back(name);
      if (state[name] == 1) return true;
      state[name] = 1;
      for (const EnvironmentName& from : environment.promotes_from) {
        const Environment* upstream = from == environment.name ? nullptr : configuration_.find(from);
        if (upstream != nullptr && visit(*upstream)) return true;
      }
      state[name] = 2;
      path.pop_back();
      return false;
    };
    for (const Environment& environment : configuration_.environments) {
      if (!visit(environment)) continue;
      path.erase(path.begin(), std::find(path.begin(), path.end(), path.back()));
      std::reverse(path.begin(), path.end());
      error(environment, "cycle", "environments promote in a circle: " + join(path, " -> "));
      return;
    }
  }

  void check_targets() {
    std::map<std::string, const Environment*> seen;
    for (const Environment& environment : configuration_.environments) {
      std::string place = identity(environment.target);
      if (place.empty()) continue;
      auto [other, fresh] = seen.emplace(place, &environment);
      if (!fresh) {
        error(environment, "target-twice", fmt::format("{} and {} have one target, {}", other->second->name.str(), environment.name.str(), place), {},
              "give each a target of its own");
      }
    }
    // Sorted, a folder stands right before what is inside it.
    for (const auto& [place, environment] : seen) {
      auto inside = seen.upper_bound(place + "/");
      bool nested = inside != seen.end() && inside->first.starts_with(place + "/") && place.starts_with("directory:");
      if (nested) {
        error(*inside->second, "target-nested", fmt::format("the target of {} lies inside that of {}", inside->second->name.str(), environment->name.str()));
      }
    }
  }

  void check_groups() {
    std::set<std::string> used;
    auto use = [&](const std::vector<std::string>& names) { used.insert(names.begin(), names.end()); };
    for (const auto& [verb, names] : configuration_.allow) use(names);
    for (const Environment& environment : configuration_.environments) {
      for (const auto& [verb, names] : environment.allow) use(names);
      for (const Gate& gate : environment.gates) {
        if (const auto* approval = std::get_if<ApprovalGate>(&gate)) use(approval->from);
      }
    }
    const Value* groups = spec_.find("groups");
    for (const auto& [group, members] : configuration_.groups) {
      const Value& at = *groups->find(group.str());
      if (!used.contains(group.str())) reader_.warning(at, "unused-group", fmt::format("group \"{}\" is used nowhere", group.str()));
      for (const PersonName& member : members) {
        if (!is_person(member.str())) {
          reader_.error(at, "unknown-person:" + member.str(), fmt::format("group \"{}\" names \"{}\", who is not in people", group.str(), member.str()));
        }
      }
    }
    const Value* allow = spec_.find("allow");
    if (allow != nullptr) {
      check_allow(configuration_.allow, [&](std::string summary, std::string) { reader_.error(*allow, "unknown-person", std::move(summary)); });
    }
  }

  FieldReader& reader_;
  const EnvironmentReaders& readers_;
  const Draft& draft_;
  const Configuration& configuration_;
  const Value& spec_;
};

}  // namespace

void lint(FieldReader& reader, const EnvironmentReaders& readers, const Draft& draft, const Value& spec) {
  Linter(reader, readers, draft, spec).run();
}

}  // namespace pawl::model
