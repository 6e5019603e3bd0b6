#include "core/policy/coverage.h"

namespace pawl::policy {

namespace {

// "": it was tried both ways.
std::string lack_of(const Outcomes& seen) {
  if (seen.yes == 0 && seen.no == 0) return "was never evaluated";
  if (seen.no == 0) return "never said no";
  return seen.yes == 0 ? "never said yes" : "";
}

void add_each(std::vector<Outcomes>& into, const std::vector<Outcomes>& other) {
  for (std::size_t i = 0; i < into.size(); ++i) {
    into[i].yes += other[i].yes;
    into[i].no += other[i].no;
  }
}

void count(Untried rule, CoverageSummary& into) {
  ++into.rules;
  if (rule.lack.empty())
    ++into.tried;
  else
    into.untried.push_back(std::move(rule));
}

}  // namespace

PolicyCoverage::PolicyCoverage(const Policy& policy)
    : conditions(policy.conditions.size()),
      validations(policy.validations.size()),
      messages(policy.validations.size()) {}

void PolicyCoverage::add(const PolicyCoverage& other) {
  add_each(conditions, other.conditions);
  add_each(validations, other.validations);
  add_each(messages, other.messages);
}

PolicyCoverage& Coverage::of(const Policy& policy) { return policies_.try_emplace(policy.name, policy).first->second; }

void CoverageSummary::add(const Policy& policy, const PolicyCoverage& seen) {
  for (std::size_t i = 0; i < policy.conditions.size(); ++i)
    count({policy.name, {}, "matchConditions[" + policy.conditions[i].name + "]", lack_of(seen.conditions[i])}, *this);
  for (std::size_t i = 0; i < policy.validations.size(); ++i) {
    std::string rule = "validations[" + std::to_string(i) + "]";
    count({policy.name, i, rule, lack_of(seen.validations[i])}, *this);
    if (policy.validations[i].message_program)
      count({policy.name, i, rule + ".messageExpression", seen.messages[i].yes == 0 ? "worded no refusal" : ""}, *this);
  }
}

}  // namespace pawl::policy
