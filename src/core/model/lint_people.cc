#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "core/model/parse.h"

namespace pawl::model {

bool is_person(const Configuration& all, const std::string& name) {
  return std::any_of(all.people.begin(), all.people.end(), [&](const Person& p) { return p.name.str() == name; });
}

std::set<std::string> people_named(const Configuration& all, const std::vector<std::string>& names) {
  std::set<std::string> people;
  for (const std::string& name : names) {
    auto group = all.groups.find(GroupName(name));
    if (group == all.groups.end()) {
      people.insert(name);
    } else {
      for (const PersonName& member : group->second) people.insert(member.str());
    }
  }
  return people;
}

namespace {

using format::Value;
using People = std::set<std::string>;

std::string near_name(const Configuration& all, const std::string& name, bool groups_too) {
  std::vector<std::string_view> known;
  for (const Person& person : all.people) known.push_back(person.name.str());
  if (groups_too) {
    for (const auto& [group, members] : all.groups) known.push_back(group.str());
  }
  std::string near = nearest(name, known);
  return near.empty() ? "" : fmt::format("did you mean \"{}\"?", near);
}

void check_known(FieldReader& reader, const Configuration& all, const std::vector<std::string>& names, const Value& at,
                 const std::string& where) {
  for (const std::string& name : names) {
    if (is_person(all, name) || all.groups.contains(GroupName(name))) continue;
    reader.error(find_text(at, name), "unknown-person",
                 fmt::format("{} names \"{}\", who is neither a person nor a group", where, name.substr(0, 80)), {},
                 near_name(all, name, true));
  }
}

void check_allow(FieldReader& reader, const Configuration& all, const Allow& allow, const Value* at,
                 const std::string& where) {
  for (const auto& [verb, names] : allow) {
    const Value* named = at == nullptr ? nullptr : at->find(verb);
    if (named == nullptr) continue;
    check_known(reader, all, names, *named, where + "." + verb);
    if (names.empty())
      reader.error(*named, "nobody", fmt::format("{}.{} names nobody, so nobody could {}", where, verb, verb));
  }
}

// Everybody who may ask for a promotion: an approval gate wants a known person.
People askers(const Configuration& all, const Environment& environment) {
  auto own = environment.allow.find("promote");
  if (own != environment.allow.end()) return people_named(all, own->second);
  auto of_project = all.allow.find("promote");
  if (of_project != all.allow.end()) return people_named(all, of_project->second);
  People everybody;
  for (const Person& person : all.people) everybody.insert(person.name.str());
  return everybody;
}

// Whoever asks never counts. So with as many approvals wanted as there are approvers, only others may ask.
void check_quorum(FieldReader& reader, const Configuration& all, const Environment& environment,
                  const ApprovalGate& gate, const Value& at) {
  People approvers = people_named(all, gate.from);
  const Value* count = at.find("count");
  const Value& place = count == nullptr ? at : *count;
  if (gate.count > approvers.size()) {
    reader.error(place, "quorum",
                 fmt::format("{} approvals are wanted, but only {} may give one", gate.count, approvers.size()),
                 "ask for fewer, or add people to the group");
    return;
  }
  if (gate.count < approvers.size()) return;
  People asking = askers(all, environment);
  People both;
  std::set_intersection(approvers.begin(), approvers.end(), asking.begin(), asking.end(),
                        std::inserter(both, both.end()));
  if (both.empty()) return;
  std::string whom = join(std::vector<std::string>(both.begin(), both.end()), ", ");
  if (both.size() == asking.size()) {
    reader.error(place, "quorum",
                 fmt::format("{} approvals of {} can never be had: whoever asks is one of them and does not count",
                             gate.count, approvers.size()),
                 "ask for fewer, or let somebody else promote");
  } else {
    reader.warning(place, "quorum",
                   fmt::format("all {} approvers must agree, so what {} ask for could never pass", gate.count, whom),
                   "ask for fewer, or let only others promote");
  }
}

void check_approvals(const Draft& draft, std::size_t i) {
  const Environment& environment = draft.configuration.environments[i];
  const Value* gates = draft.read[i].fields.find("gates");
  std::size_t size = gates == nullptr ? 0 : gates->size();
  // A gate that could not be read left no entry; then the indexes say nothing.
  if (size != environment.gates.size()) return;
  for (std::size_t g = 0; g < size; ++g) {
    const auto* approval = std::get_if<ApprovalGate>(&environment.gates[g]);
    const Value* at = gates->items()[g].find("approval");
    const Value* from = at == nullptr ? nullptr : at->find("from");
    if (approval == nullptr || from == nullptr) continue;
    FieldReader& reader = *draft.read[i].reader;
    check_known(reader, draft.configuration, approval->from, *from, "approval.from");
    check_quorum(reader, draft.configuration, environment, *approval, *at);
  }
}

People names_in_use(const Configuration& all) {
  People used;
  auto use = [&](const std::vector<std::string>& names) { used.insert(names.begin(), names.end()); };
  for (const auto& [verb, names] : all.allow) use(names);
  if (all.exceptions) use(all.exceptions->from);
  for (const Environment& environment : all.environments) {
    for (const auto& [verb, names] : environment.allow) use(names);
    for (const Gate& gate : environment.gates) {
      if (const auto* approval = std::get_if<ApprovalGate>(&gate)) use(approval->from);
      if (const auto* evidence = std::get_if<EvidenceGate>(&gate)) use(evidence->from);
    }
  }
  return used;
}

void check_groups(FieldReader& reader, const Configuration& all, const Value& groups) {
  People used = names_in_use(all);
  for (const auto& [group, members] : all.groups) {
    const Value& at = *groups.find(group.str());
    if (!used.contains(group.str()))
      reader.warning(at, "unused", fmt::format("group \"{}\" is used nowhere", group.str()));
    if (is_person(all, group.str())) {
      reader.error(at, "twice", fmt::format("\"{}\" is a person and a group", group.str()), "rename one of them");
    }
    for (const PersonName& member : members) {
      if (is_person(all, member.str())) continue;
      reader.error(find_text(at, member.str()), "unknown-person",
                   fmt::format("groups.{} names \"{}\", who is not in people", group.str(), member.str().substr(0, 80)),
                   {}, near_name(all, member.str(), false));
    }
  }
}

// A role that is misspelt would leave the one that was meant as it is.
void check_roles(FieldReader& reader, const Configuration& all, const Value& trust) {
  static constexpr std::array<std::string_view, 2> kOwn = {"release", "checks"};
  for (const auto& [role, keys] : all.trust.roles) {
    const Value& at = *trust.find(role);
    std::string near = nearest(role, kOwn);
    bool own = std::find(kOwn.begin(), kOwn.end(), role) != kOwn.end();
    if (!is_dns_label(role))
      reader.error(at, "name", fmt::format("\"{}\" cannot be a role's name", role.substr(0, 80)));
    else if (!own && !near.empty())
      reader.error(at, "unknown-field", fmt::format("unknown role \"{}\" in trust", role), {},
                   fmt::format("did you mean \"{}\"?", near));
    else if (is_person(all, role) || all.groups.contains(GroupName(role)))
      reader.error(at, "twice", fmt::format("\"{}\" is a role and a person or a group", role), "rename one of them");
  }
}

}  // namespace

void lint_people(FieldReader& reader, const Draft& draft, const Value& spec) {
  const Configuration& all = draft.configuration;
  if (const Value* groups = spec.find("groups")) check_groups(reader, all, *groups);
  if (const Value* trust = spec.find("trust")) check_roles(reader, all, *trust);
  check_allow(reader, all, all.allow, spec.find("allow"), "allow");
  const Value* from = spec.at_path({"exceptions", "from"});
  if (all.exceptions && from != nullptr) check_known(reader, all, all.exceptions->from, *from, "exceptions.from");
  for (std::size_t i = 0; i < draft.read.size(); ++i) {
    check_approvals(draft, i);
    check_allow(*draft.read[i].reader, all, all.environments[i].allow, draft.read[i].fields.find("allow"), "allow");
  }
}

}  // namespace pawl::model
