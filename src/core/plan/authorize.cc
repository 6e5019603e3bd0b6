#include "core/plan/authorize.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/key.h"

namespace pawl::plan {

namespace {

bool has_key(const model::Person& person, const std::string& key_id) {
  return std::any_of(person.keys.begin(), person.keys.end(), [&](const std::string& pem) {
    Result<crypto::PublicKey> key = crypto::PublicKey::from_pem(pem);
    return key.ok() && key->id() == key_id;
  });
}

bool is_member(const model::Configuration& configuration, const model::PersonName& person, const std::string& name) {
  if (person.str() == name) return true;
  auto group = configuration.groups.find(model::GroupName(name));
  if (group == configuration.groups.end()) return false;
  return std::find(group->second.begin(), group->second.end(), person) != group->second.end();
}

const std::vector<std::string>* allowed(const model::Configuration& configuration, std::string_view verb,
                                        const model::Environment* environment) {
  std::string name(verb);
  if (environment != nullptr) {
    if (auto own = environment->allow.find(name); own != environment->allow.end()) return &own->second;
  }
  auto all = configuration.allow.find(name);
  return all == configuration.allow.end() ? nullptr : &all->second;
}

std::string who_is(const std::optional<model::PersonName>& person, const model::Actor& actor) {
  return person ? person->str() : actor.subject + ", " + actor.method;
}

}  // namespace

std::optional<model::PersonName> person_of(const model::Configuration& configuration, const model::Actor& actor) {
  if (actor.method == "unauthenticated") return std::nullopt;
  for (const model::Person& person : configuration.people) {
    bool by_key = actor.issuer == "key" && has_key(person, actor.subject);
    std::string subject = actor.issuer + " " + actor.subject;
    bool by_subject = std::find(person.subjects.begin(), person.subjects.end(), subject) != person.subjects.end();
    if (by_key || by_subject) return person.name;
  }
  return std::nullopt;
}

Status authorize(const model::Configuration& configuration, const model::Actor& actor, std::string_view verb,
                 const model::Environment* environment) {
  std::optional<model::PersonName> person = person_of(configuration, actor);
  std::string where = environment == nullptr ? "" : " in " + environment->name.str();
  const std::vector<std::string>* names = allowed(configuration, verb, environment);
  if (names == nullptr) {
    bool needs_person = verb == "apply" && !configuration.people.empty();
    if (!needs_person || person) return {};
    return Error(ErrorCode::kDenied,
                 "only a person that the configuration knows may apply it; you are " + who_is(person, actor),
                 "sign with your key: PAWL_KEY=FILE");
  }
  if (person) {
    for (const std::string& name : *names) {
      if (is_member(configuration, *person, name)) return {};
    }
  }
  return Error(ErrorCode::kDenied,
               std::string(verb) + where + " is for " + join(*names, ", ") + "; you are " + who_is(person, actor),
               person ? "ask one of them" : "sign with your key: PAWL_KEY=FILE");
}

}  // namespace pawl::plan
