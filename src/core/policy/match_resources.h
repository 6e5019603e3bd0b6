#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/policy/label_selector.h"

namespace pawl::policy {

enum class Operation : std::uint8_t { kCreate, kUpdate, kDelete, kConnect };
std::string_view name_of(Operation operation);  // "CREATE"

// One entry of resourceRules or excludeResourceRules.
struct ResourceRule {
  enum class Scope : std::uint8_t { kAll, kCluster, kNamespaced };
  std::vector<std::string> operations;  // "*" or CREATE, UPDATE, DELETE, CONNECT
  std::vector<std::string> groups;      // "*": any
  std::vector<std::string> versions;    // "*": any
  std::vector<std::string> resources;   // "pods", "pods/log", "*", "*/scale", "*/*"
  std::vector<std::string> names;       // none: any
  Scope scope = Scope::kAll;
  bool operator==(const ResourceRule&) const = default;
};

// Which requests a policy (matchConstraints) or a binding (matchResources) is about.
struct MatchResources {
  LabelSelector namespace_selector;
  LabelSelector object_selector;
  std::vector<ResourceRule> rules;  // none: every resource (of a binding only)
  std::vector<ResourceRule> excludes;
  bool equivalent = true;  // matchPolicy: also by another version of the same resource
  bool operator==(const MatchResources&) const = default;
};

}  // namespace pawl::policy
