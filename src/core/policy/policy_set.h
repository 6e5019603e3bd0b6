#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/policy/binding.h"
#include "core/policy/policy.h"

namespace pawl::policy {

struct BoundPolicy {
  Policy policy;
  std::vector<Binding> bindings;  // by name; at least one
};

// Policies with their bindings, by name: the order in which they judge. Immutable; read from any thread.
class PolicySet {
 public:
  // Errors: kInvalid for two policies or bindings of one name, and for a binding of a policy that is not there. An
  // apiserver would let the latter hold nothing back, silently.
  static Result<PolicySet> make(std::vector<Policy> policies, std::vector<Binding> bindings);

  const std::vector<BoundPolicy>& bound() const { return bound_; }
  // Policies that no binding puts in force: they judge nothing.
  const std::vector<std::string>& unbound() const { return unbound_; }

 private:
  std::vector<BoundPolicy> bound_;
  std::vector<std::string> unbound_;
};

}  // namespace pawl::policy
