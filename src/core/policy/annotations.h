#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/policy/verdict.h"

namespace pawl::policy {

// The key under which the apiserver's audit event tells of a validation that failed where the binding says Audit.
inline constexpr std::string_view kFailureAnnotation = "validation.policy.admission.k8s.io/validation_failure";
// Its value, as Go's JSON writes it.
std::string failure_annotation(const Finding& finding, const Binding& binding);

// Adds an annotation to the verdict; of a key that is there already the first value stays, as in an audit event.
void annotate(Verdict& verdict, std::string key, std::string value);

// What the audit annotations of one policy came to, over its bindings and params.
class AnnotationCollector {
 public:
  void add(const std::string& key, std::string value);
  // "policy/key": the distinct values, joined by ", ".
  void publish(const std::string& policy, Verdict& verdict) const;

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> values_;
};

}  // namespace pawl::policy
