#include "core/plan/approval.h"

#include <algorithm>

namespace pawl::plan {

std::string_view name_of(ApprovalFlaw flaw) {
  switch (flaw) {
    case ApprovalFlaw::kNoRecord:
      return "noRecord";
    case ApprovalFlaw::kUnknownKey:
      return "unknownKey";
    case ApprovalFlaw::kOtherPerson:
      return "otherPerson";
    case ApprovalFlaw::kOtherLedger:
      return "otherLedger";
    case ApprovalFlaw::kOtherProject:
      return "otherProject";
    case ApprovalFlaw::kOtherEnvironment:
      return "otherEnvironment";
    case ApprovalFlaw::kOtherPromotion:
      return "otherPromotion";
    case ApprovalFlaw::kOtherBundle:
      return "otherBundle";
    case ApprovalFlaw::kOtherPlan:
      return "otherPlan";
    case ApprovalFlaw::kOtherVerdict:
      return "otherVerdict";
    case ApprovalFlaw::kOwnRequest:
      return "ownRequest";
    case ApprovalFlaw::kNotAsked:
      return "notAsked";
    case ApprovalFlaw::kExpired:
      return "expired";
  }
  return "";
}

std::string words_for(ApprovalFlaw flaw) {
  switch (flaw) {
    case ApprovalFlaw::kNoRecord:
      return "its signed record is gone or damaged";
    case ApprovalFlaw::kUnknownKey:
      return "its key is nobody's now";
    case ApprovalFlaw::kOtherPerson:
      return "its key is another person's now";
    case ApprovalFlaw::kOtherLedger:
      return "it is about a promotion of another store";
    case ApprovalFlaw::kOtherProject:
      return "it is about another project";
    case ApprovalFlaw::kOtherEnvironment:
      return "it is about another environment";
    case ApprovalFlaw::kOtherPromotion:
      return "it is about another promotion";
    case ApprovalFlaw::kOtherBundle:
      return "it is about another bundle";
    case ApprovalFlaw::kOtherPlan:
      return "the plan is another one now";
    case ApprovalFlaw::kOtherVerdict:
      return "its record says something else";
    case ApprovalFlaw::kOwnRequest:
      return "whoever asked never counts";
    case ApprovalFlaw::kNotAsked:
      return "not among those who are asked";
    case ApprovalFlaw::kExpired:
      return "it expired";
  }
  return "";
}

std::optional<ApprovalFlaw> flaw_of_subject(const model::ApprovalSubject& signed_one,
                                            const model::ApprovalSubject& asked) {
  if (signed_one.ledger != asked.ledger) return ApprovalFlaw::kOtherLedger;
  if (signed_one.project != asked.project) return ApprovalFlaw::kOtherProject;
  if (signed_one.environment != asked.environment) return ApprovalFlaw::kOtherEnvironment;
  if (signed_one.promotion != asked.promotion) return ApprovalFlaw::kOtherPromotion;
  if (signed_one.bundle != asked.bundle) return ApprovalFlaw::kOtherBundle;
  if (signed_one.plan != asked.plan) return ApprovalFlaw::kOtherPlan;
  return std::nullopt;
}

std::set<model::PersonName> people_of(std::span<const std::string> names, const std::set<model::PersonName>& people,
                                      const std::map<model::GroupName, std::vector<model::PersonName>>& groups) {
  std::set<model::PersonName> out;
  auto add = [&](const model::PersonName& person) {
    if (people.contains(person)) out.insert(person);
  };
  for (const std::string& name : names) {
    auto group = groups.find(model::GroupName(name));
    if (group == groups.end()) add(model::PersonName(name));
    if (group != groups.end()) std::for_each(group->second.begin(), group->second.end(), add);
  }
  return out;
}

std::set<model::PersonName> people_of(const model::Configuration& configuration, std::span<const std::string> names) {
  std::set<model::PersonName> people;
  for (const model::Person& person : configuration.people) people.insert(person.name);
  return people_of(names, people, configuration.groups);
}

std::optional<ApprovalFlaw> flaw_for(const ApprovalFact& fact, const model::ApprovalGate& gate,
                                     const ApprovalFacts& facts, Time now) {
  if (fact.flaw) return fact.flaw;
  if (facts.own.contains(fact.person)) return ApprovalFlaw::kOwnRequest;
  if (!people_of(gate.from, facts.people, facts.groups).contains(fact.person)) return ApprovalFlaw::kNotAsked;
  bool too_old = gate.expires && now >= fact.given + *gate.expires;
  if (too_old || (fact.expires && now >= *fact.expires)) return ApprovalFlaw::kExpired;
  return std::nullopt;
}

}  // namespace pawl::plan
