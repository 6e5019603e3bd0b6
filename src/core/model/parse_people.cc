#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/model/parse.h"
#include "crypto/key.h"

namespace pawl::model {

using format::Member;
using format::Value;

namespace {

void read_keys(FieldReader& reader, const Value& value, const std::string& where, const ReadReferenced& read,
               std::vector<std::string>& keys) {
  for (const std::string& path : reader.texts_of(value, where)) {
    std::string checked = checked_path(reader, find_text(value, path), path, where);
    if (checked.empty()) continue;
    Result<std::string> pem = read(checked);
    if (!pem) {
      reader.error(value, "key", fmt::format("{}: {}", where, pem.error().text()), "pawl key new makes a pair");
      continue;
    }
    Result<crypto::PublicKey> key = crypto::PublicKey::from_pem(*pem);
    if (key)
      keys.push_back(key->pem());
    else
      reader.error(value, "key", fmt::format("{}: {}: {}", where, path, key.error().message), key.error().hint);
  }
}

void parse_person(FieldReader& reader, const Member& member, const ReadReferenced& read, Configuration& configuration) {
  Node node{&member.value, "people." + std::string(member.key), "people"};
  Person person{.name = PersonName(std::string(member.key))};
  if (!is_dns_label(member.key)) {
    reader.error(member.key_at, member.key.size(), "name",
                 fmt::format("\"{}\" cannot be a person's name", escape_terminal(member.key.substr(0, 80))));
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

// What a person shows to be known must not be another's too.
void check_one_person_each(FieldReader& reader, const Value& people, const Configuration& configuration) {
  std::map<std::string, PersonName> owners;
  auto check = [&](const std::string& shown, const Person& person, std::string_view what) {
    auto [owner, fresh] = owners.emplace(shown, person.name);
    if (fresh || owner->second == person.name) return;
    reader.error(*people.find(person.name.str()), "twice",
                 fmt::format("{} and {} have the same {}", owner->second.str(), person.name.str(), what),
                 fmt::format("a {} belongs to one person", what));
  };
  for (const Person& person : configuration.people) {
    for (const std::string& key : person.keys) check(key, person, "key");
    for (const std::string& subject : person.subjects) check(subject, person, "subject");
  }
}

void parse_groups(FieldReader& reader, const Node& spec, Configuration& configuration) {
  for (auto& [name, names] : reader.lists(spec, "groups")) {
    const Value& at = *spec.value->find("groups")->find(name);
    if (!is_dns_label(name))
      reader.error(at, "name", fmt::format("\"{}\" cannot be a group's name", name.substr(0, 80)));
    std::vector<PersonName>& members = configuration.groups[GroupName(name)];
    for (std::string& member : names) members.emplace_back(std::move(member));
  }
}

void parse_trust(FieldReader& reader, const Node& spec, const ReadReferenced& read, Configuration& configuration) {
  Node trust = reader.child(spec, "trust");
  for (const auto& [role, paths] : reader.lists(spec, "trust")) {
    read_keys(reader, *trust.value->find(role), "trust." + role, read, configuration.trust.roles[role]);
  }
}

}  // namespace

void parse_people(FieldReader& reader, const Node& spec, const ReadReferenced& read, Configuration& configuration) {
  Node people = reader.child(spec, "people");
  if (people.value != nullptr) {
    if (!people.value->is_map()) reader.error(*people.value, "type", "people is not a map from names");
    for (const Member& member : people.value->members()) parse_person(reader, member, read, configuration);
    // A map has no order, so none may reach a digest.
    std::sort(configuration.people.begin(), configuration.people.end(),
              [](const Person& a, const Person& b) { return a.name < b.name; });
    check_one_person_each(reader, *people.value, configuration);
  }
  parse_groups(reader, spec, configuration);
  parse_trust(reader, spec, read, configuration);
  configuration.allow = reader.lists(spec, "allow");
}

}  // namespace pawl::model
