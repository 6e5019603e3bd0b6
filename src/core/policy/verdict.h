#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/policy/binding.h"
#include "core/policy/policy.h"
#include "core/policy/review.h"

namespace pawl::policy {

// One no: a validation that did not hold, an expression that erred, a policy or binding that could not be applied.
struct Finding {
  enum class Cause : std::uint8_t {
    kFailed,         // the validation is false
    kErred,          // an expression erred and the policy fails closed
    kMisconfigured,  // params, namespace or version could not be found
  };
  std::string policy;
  std::string binding;  // "": the policy itself could not be applied
  std::string param;    // "[namespace/]name" of the params, "" without
  Cause cause = Cause::kFailed;
  std::size_t index = 0;  // of the validation in its policy
  Reason reason = Reason::kInvalid;
  std::string message;          // "failed expression: ...", or what the policy says
  std::vector<Action> actions;  // what the binding makes of it
  bool operator==(const Finding&) const = default;

  bool denies() const;
  // "ValidatingAdmissionPolicy 'x' with binding 'y' denied request: ...".
  std::string text() const;
};

// What the policies make of one request.
struct Verdict {
  bool allowed = true;
  std::vector<Finding> findings;      // in the order of policies, bindings, params, validations
  std::vector<std::string> warnings;  // as the apiserver sends them
  std::vector<std::pair<std::string, std::string>> annotations;  // of the audit event, by key
  std::size_t evaluated = 0;                                     // validations that said yes or no
  std::size_t ignored = 0;                                       // errors that failurePolicy Ignore let pass
  std::uint64_t cost = 0;                                        // of all expressions, in CEL's units
  bool operator==(const Verdict&) const = default;

  // The finding that refuses the request: the first that denies; null where it is allowed.
  const Finding* denial() const;
};

// What the apiserver would say of one that denies: 'pods "web" is forbidden: ValidatingAdmissionPolicy ...'.
std::string answer(const Review& review, const Finding& denial);
// The message of the apiserver's answer to a refused request: 'pods "web" is forbidden: ValidatingAdmissionPolicy ...';
// "" where it is allowed.
std::string answer(const Review& review, const Verdict& verdict);

// The verdicts of many requests.
struct Report {
  std::vector<Verdict> verdicts;  // one a review, in their order
  std::size_t evaluated = 0;
  std::uint64_t cost = 0;

  // Whether every request is allowed and something was evaluated: rules that looked at nothing prove nothing.
  bool passed() const;
};

}  // namespace pawl::policy
