#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/policy/policy.h"

namespace pawl::policy {

// How often an expression said what. Of a message: `yes` is a refusal that it worded.
struct Outcomes {
  std::uint64_t yes = 0;
  std::uint64_t no = 0;
};

// What the expressions of one policy said, by their index.
struct PolicyCoverage {
  explicit PolicyCoverage(const Policy& policy);
  // Requires both to be of the same policy.
  void add(const PolicyCoverage& other);

  std::vector<Outcomes> conditions;
  std::vector<Outcomes> validations;
  std::vector<Outcomes> messages;  // one a validation
};

// What the expressions of a set of policies said over many requests. Used by one thread.
class Coverage {
 public:
  // Where the outcomes of a policy are counted: of one name there is one. Stays where it is.
  PolicyCoverage& of(const Policy& policy);

 private:
  std::map<std::string, PolicyCoverage, std::less<>> policies_;
};

// A rule that was not tried both ways.
struct Untried {
  std::string policy;
  std::optional<std::size_t> validation;  // none: a condition
  std::string rule;  // "validations[1]", "validations[1].messageExpression", "matchConditions[not-system]"
  std::string lack;  // "never said no", "was never evaluated", "worded no refusal"
};

// Validations and conditions have been tried once they said yes and no, messages once they worded a refusal.
struct CoverageSummary {
  std::size_t rules = 0;
  std::size_t tried = 0;
  std::vector<Untried> untried;

  void add(const Policy& policy, const PolicyCoverage& seen);
  // Rounded down: 100 is all of them. Of no rules 0.
  unsigned percent() const { return rules == 0 ? 0 : static_cast<unsigned>(tried * 100 / rules); }
};

}  // namespace pawl::policy
