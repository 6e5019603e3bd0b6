#include "core/policy/label_selector.h"

#include <algorithm>
#include <optional>

namespace pawl::policy {

namespace {

bool holds(const Requirement& requirement, std::optional<std::string_view> label) {
  auto listed = [&] { return std::ranges::find(requirement.values, *label) != requirement.values.end(); };
  switch (requirement.op) {
    case Requirement::Operator::kIn:
      return label && listed();
    case Requirement::Operator::kNotIn:
      return !label || !listed();
    case Requirement::Operator::kExists:
      return label.has_value();
    case Requirement::Operator::kDoesNotExist:
      return !label;
  }
  return false;
}

std::optional<std::string_view> label_at(const format::Value* labels, std::string_view key) {
  const format::Value* found = labels == nullptr ? nullptr : labels->find(key);
  if (found == nullptr) return std::nullopt;
  return found->string_or_empty();
}

}  // namespace

bool matches(const LabelSelector& selector, const format::Value* labels) {
  return std::ranges::all_of(selector.requirements, [&](const Requirement& requirement) {
    return holds(requirement, label_at(labels, requirement.key));
  });
}

const format::Value* labels_of(const format::Value* object) {
  return object == nullptr ? nullptr : object->at_path({"metadata", "labels"});
}

NamespaceMatch matches_namespace(const LabelSelector& selector, std::string_view name, const format::Value* object) {
  const format::Value* labels = labels_of(object);
  bool unknown = false;
  for (const Requirement& requirement : selector.requirements) {
    bool by_name = requirement.key == kNamespaceNameLabel;
    if (object == nullptr && !by_name) {
      unknown = true;
      continue;
    }
    std::optional<std::string_view> label = by_name ? name : label_at(labels, requirement.key);
    if (!holds(requirement, label)) return NamespaceMatch::kNo;
  }
  return unknown ? NamespaceMatch::kUnknown : NamespaceMatch::kYes;
}

}  // namespace pawl::policy
