#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/policy/match_resources.h"

namespace pawl::policy {

enum class Action : std::uint8_t { kDeny, kWarn, kAudit };
std::string_view name_of(Action action);  // "Deny"
std::optional<Action> action_named(std::string_view word);

// Which objects a policy is evaluated with as `params`.
struct ParamRef {
  std::string name;   // "": selector
  std::string space;  // "": the request's namespace, where the kind has namespaces
  std::optional<LabelSelector> selector;
  bool deny_if_not_found = true;  // parameterNotFoundAction
  bool operator==(const ParamRef&) const = default;
};

// A ValidatingAdmissionPolicyBinding: where a policy holds, with which params, and what its no means.
struct Binding {
  std::string name;
  std::string policy;
  std::optional<ParamRef> params;
  std::optional<MatchResources> resources;  // none: all that the policy is about
  std::vector<Action> actions;
  // Labels of the environments that it holds in, as the annotation pawl.dev/environments says them ("tier=production");
  // none: all environments.
  std::map<std::string, std::string> environments;
  bool operator==(const Binding&) const = default;
};

}  // namespace pawl::policy
