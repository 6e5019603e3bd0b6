#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "format/value.h"

namespace pawl::policy {

// What must hold of one label.
struct Requirement {
  enum class Operator : std::uint8_t { kIn, kNotIn, kExists, kDoesNotExist };
  std::string key;
  Operator op = Operator::kExists;
  std::vector<std::string> values;
  bool operator==(const Requirement&) const = default;
};

// A label selector of Kubernetes: every requirement must hold; without any, everything is selected.
struct LabelSelector {
  std::vector<Requirement> requirements;
  bool operator==(const LabelSelector&) const = default;

  bool empty() const { return requirements.empty(); }
};

// Whether the labels (a map of strings; null: none) meet the selector.
bool matches(const LabelSelector& selector, const format::Value* labels);
// The labels of an object, or null.
const format::Value* labels_of(const format::Value* object);

// The label that an apiserver gives every namespace.
inline constexpr std::string_view kNamespaceNameLabel = "kubernetes.io/metadata.name";
// As matches(), of a namespace's labels, with the label above as an apiserver would have set it. Null: the namespace is
// not known; the selector is then decided only where it asks for nothing but that label.
enum class NamespaceMatch : std::uint8_t { kNo, kYes, kUnknown };
NamespaceMatch matches_namespace(const LabelSelector& selector, std::string_view name, const format::Value* object);

}  // namespace pawl::policy
