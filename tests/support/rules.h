#pragma once

#include <string>

namespace pawl::testing_support {

// A policy "rule" that denies config maps with this value, bound everywhere.
inline std::string rule_against(const std::string& value) {
  return R"(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: rule }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: ['*'], operations: ['*'], resources: [configmaps] }]
  validations: [{ expression: "object.data.value != ')" +
         value + R"('" }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: rule }
spec: { policyName: rule, validationActions: [Deny] }
)";
}

}  // namespace pawl::testing_support
