#include "core/policy/policy_set.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::policy {

namespace {

Diagnostic fault(std::string code, std::string summary, std::string suggestion = {}) {
  Diagnostic made;
  made.code = std::move(code);
  made.summary = std::move(summary);
  made.suggestion = std::move(suggestion);
  return made;
}

template <class T>
void note_twins(const std::vector<T>& sorted, std::string_view kind, std::vector<Diagnostic>& faults) {
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (sorted[i].name == sorted[i - 1].name)
      faults.push_back(fault("duplicate", "two " + std::string(kind) + " are named \"" + sorted[i].name + "\""));
}

void note_strays(const std::vector<Policy>& policies, const std::vector<Binding>& bindings,
                 std::vector<Diagnostic>& faults) {
  std::vector<std::string_view> names;
  for (const Policy& policy : policies) names.push_back(policy.name);
  for (const Binding& binding : bindings) {
    if (std::ranges::binary_search(names, binding.policy)) continue;
    std::string known = nearest(binding.policy, names);
    faults.push_back(fault("unknown-policy",
                           "ValidatingAdmissionPolicyBinding \"" + binding.name +
                               "\" binds a policy that is not there: \"" + binding.policy + "\"",
                           known.empty() ? "" : "did you mean \"" + known + "\"?"));
  }
}

}  // namespace

Result<PolicySet> PolicySet::make(std::vector<Policy> policies, std::vector<Binding> bindings) {
  std::ranges::stable_sort(policies, {}, &Policy::name);
  std::ranges::stable_sort(bindings, {}, &Binding::name);
  std::vector<Diagnostic> faults;
  note_twins(policies, "ValidatingAdmissionPolicies", faults);
  note_twins(bindings, "ValidatingAdmissionPolicyBindings", faults);
  note_strays(policies, bindings, faults);
  if (!faults.empty()) return invalid_files(std::move(faults));
  PolicySet made;
  for (Policy& policy : policies) {
    BoundPolicy bound{std::move(policy), {}};
    std::ranges::copy_if(bindings, std::back_inserter(bound.bindings),
                         [&](const Binding& binding) { return binding.policy == bound.policy.name; });
    if (bound.bindings.empty())
      made.unbound_.push_back(bound.policy.name);
    else
      made.bound_.push_back(std::move(bound));
  }
  return made;
}

}  // namespace pawl::policy
