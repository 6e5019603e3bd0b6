#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/model/parse.h"
#include "crypto/key.h"

namespace pawl::model {

using format::Member;
using format::Value;

Allow parse_allow(FieldReader& reader, const Node& node) {
  Allow allow;
  Node at = reader.child(node, "allow");
  if (at.value == nullptr) return allow;
  if (!at.value->is_map()) reader.error(*at.value, "type", fmt::format("{} is not a map from verbs", at.where));
  static constexpr std::array<std::string_view, 3> kVerbs = {"promote", "rollback", "apply"};
  for (const Member& member : at.value->members()) {
    if (std::find(kVerbs.begin(), kVerbs.end(), member.key) == kVerbs.end()) {
      std::string near = nearest(member.key, kVerbs);
      reader.error(member.key_at, member.key.size(), "unknown-field", fmt::format("unknown verb \"{}\" in {}", member.key.substr(0, 64), at.where),
                   near.empty() ? "" : fmt::format("did you mean \"{}\"?", near), "verbs: promote, rollback, apply");
      continue;
    }
    allow[std::string(member.key)] = reader.texts_of(member.value, at.where + "." + std::string(member.key));
  }
  return allow;
}

namespace {

void read_keys(FieldReader& reader, const Value& value, const std::string& where, const ReadReferenced& read,
               std::vector<std::string>& keys) {
  for (const std::string& path : reader.texts_of(value, where)) {
    std::string checked = checked_path(reader, value, path, where);
    Result<std::string> pem = read(checked);
    if (!pem) {
      reader.error(value, "key", fmt::format("{}: {}", where, pem.error().text()), "pawl key new makes a pair");
      continue;
    }
    Result<crypto::PublicKey> key = crypto::PublicKey::from_pem(*pem);
    if (key) keys.push_back(key->pem());
    else reader.error(value, "key", fmt::format("{}: {}: {}", where, path, key.error().message), key.error().hint);
  }
}

void parse_person(FieldReader& reader, const Member& member, const ReadReferenced& read, Configuration& configuration) {
  Node node{&member.value, "people." + std::string(member.key), "people"};
  Person person{.name = PersonName(std::string(member.key))};
  if (!is_dns_label(member.key)) {
    reader.error(member.key_at, member.key.size(), "name", fmt::format("\"{}\" cannot be a person's name", escape_terminal(member.key.substr(0, 80))));
  }
  if (member.value.is_map()) {
    if (!reader.open(node)) return;
    if (const Value* keys = node.value->find("keys")) read_keys(reader, *keys, node.where + ".keys", read, person.keys);
    person.subjects = reader.texts(node, "subjects");
  } else {
    read_keys(reader, member.value, node.where, read, person.keys);
  }
  configuration.people.push_back(std::move(person));
}

void check_keys_have_one_person(FieldReader& reader, const Value& people, const Configuration& configuration) {
  std::map<std::string, PersonName> owners;
  for (const Person& person : configuration.people) {
    for (const std::string& key : person.keys) {
      auto [owner, fresh] = owners.emplace(key, person.name);
      if (!fresh && owner->second != person.name) {
        reader.error(people, "key-twice", fmt::format("{} and {} have the same key", owner->second.str(), person.name.str()),
                     "a key belongs to one person");
      }
    }
  }
}

void parse_groups(FieldReader& reader, const Node& spec, Configuration& configuration) {
  Node groups = reader.child(spec, "groups");
  if (groups.value == nullptr) return;
  if (!groups.value->is_map()) reader.error(*groups.value, "type", "groups is not a map from names");
  for (const Member& member : groups.value->members()) {
    std::vector<PersonName> members;
    for (std::string& name : reader.texts_of(member.value, "groups." + std::string(member.key))) members.emplace_back(std::move(name));
    configuration.groups.emplace(GroupName(std::string(member.key)), std::move(members));
  }
}

void parse_trust(FieldReader& reader, const Node& spec, const ReadReferenced& read, Configuration& configuration) {
  Node trust = reader.child(spec, "trust");
  if (trust.value == nullptr) return;
  if (!trust.value->is_map()) reader.error(*trust.value, "type", "trust is not a map from roles");
  for (const Member& member : trust.value->members()) {
    std::string role(member.key);
    if (role != "release" && role != "checks") {
      reader.error(member.key_at, role.size(), "role", fmt::format("unknown role \"{}\" in trust", role.substr(0, 64)), {}, "roles: release, checks");
      continue;
    }
    read_keys(reader, member.value, "trust." + role, read, configuration.trust.roles[role]);
  }
}

}  // namespace

void parse_people(FieldReader& reader, const Node& spec, const ReadReferenced& read, Configuration& configuration) {
  Node people = reader.child(spec, "people");
  if (people.value != nullptr) {
    if (!people.value->is_map()) reader.error(*people.value, "type", "people is not a map from names");
    for (const Member& member : people.value->members()) parse_person(reader, member, read, configuration);
    check_keys_have_one_person(reader, *people.value, configuration);
  }
  parse_groups(reader, spec, configuration);
  parse_trust(reader, spec, read, configuration);
  configuration.allow = parse_allow(reader, spec);
}

}  // namespace pawl::model
