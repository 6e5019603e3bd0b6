#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/evaluate.h"
#include "core/policy/read.h"
#include "format/yaml.h"

namespace pawl::policy {

// Policies, bindings and facts of one YAML text, for tests.
struct TestWorld {
  format::Arena arena;
  Facts facts;
  std::vector<format::Value> others;
  std::unique_ptr<PolicySet> policies;

  explicit TestWorld(const std::string& yaml) {
    std::vector<format::Value> documents = format::parse_yaml(arena, yaml, {}).value();
    PolicyDocuments read = read_documents(documents).value();
    others = std::move(read.others);
    for (const format::Value& other : others) facts.add(other);
    policies = std::make_unique<PolicySet>(PolicySet::make(std::move(read.policies), std::move(read.bindings)).value());
  }

  format::Value* object(const std::string& yaml) {
    objects_.push_back(std::make_unique<format::Value>(format::parse_yaml(arena, yaml, {}).value().at(0)));
    return objects_.back().get();
  }

  Review review(const std::string& new_yaml, const std::string& old_yaml = {}) {
    const format::Value* made = new_yaml.empty() ? nullptr : object(new_yaml);
    const format::Value* old = old_yaml.empty() ? nullptr : object(old_yaml);
    Kind kind = kind_of(made != nullptr ? *made : *old);
    return review_of(facts.resources().resource_of(kind).value(), old, made);
  }

  Verdict judge(const std::string& new_yaml, const std::string& old_yaml = {}) {
    return judge(review(new_yaml, old_yaml));
  }
  Verdict judge(const Review& review) { return Evaluator(*policies, facts).evaluate(review); }

 private:
  std::vector<std::unique_ptr<format::Value>> objects_;
};

// A policy "p" about ConfigMaps with this `spec` beside its constraints, and a binding "b" that denies.
inline std::string policy_yaml(const std::string& spec, const std::string& binding = "validationActions: [Deny]") {
  return "apiVersion: admissionregistration.k8s.io/v1\n"
         "kind: ValidatingAdmissionPolicy\n"
         "metadata: {name: p}\n"
         "spec:\n"
         "  matchConstraints:\n"
         "    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: [configmaps]}]\n" +
         spec +
         "\n---\n"
         "apiVersion: admissionregistration.k8s.io/v1\n"
         "kind: ValidatingAdmissionPolicyBinding\n"
         "metadata: {name: b}\n"
         "spec:\n"
         "  policyName: p\n"
         "  " +
         binding + "\n";
}

// As above, with one validation.
inline std::string rule_yaml(const std::string& expression) {
  return policy_yaml("  validations: [{expression: \"" + expression + "\"}]");
}

inline const std::string kConfigMap =
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {a: '1'}}";

}  // namespace pawl::policy
