#include "core/policy/match.h"

#include <algorithm>
#include <array>

#include "core/cel/lib/go_text.h"
#include "core/model/names.h"

namespace pawl::policy {

namespace {

using Answer = Match::Answer;

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::any_of(words, [&](const std::string& known) { return known == "*" || known == word; });
}

bool is_namespace(const Resource& resource) {
  return resource.group.empty() && resource.version == "v1" && resource.plural == "namespaces";
}

// Pawl's own objects are meant only by rules that name their group: an apiserver would never show them to the others.
bool has_group(const std::vector<std::string>& groups, std::string_view group) {
  return group == model::kApiGroup ? std::ranges::find(groups, group) != groups.end() : has(groups, group);
}

bool matches_scope(const ResourceRule& rule, const Review& review, const Resource& resource) {
  bool cluster = is_namespace(resource) || review.space.empty();
  switch (rule.scope) {
    case ResourceRule::Scope::kAll:
      return true;
    case ResourceRule::Scope::kCluster:
      return cluster;
    case ResourceRule::Scope::kNamespaced:
      return !cluster;
  }
  return false;
}

bool matches_resource(std::string_view pattern, const Resource& resource, std::string_view subresource) {
  std::size_t slash = pattern.find('/');
  std::string_view name = pattern.substr(0, slash);
  std::string_view sub = slash == std::string_view::npos ? std::string_view() : pattern.substr(slash + 1);
  return (name == "*" || name == resource.plural) && (sub == "*" || sub == subresource);
}

bool matches_rule(const ResourceRule& rule, const Review& review, const Resource& resource) {
  return matches_scope(rule, review, resource) && has(rule.operations, name_of(review.operation)) &&
         has_group(rule.groups, resource.group) && has(rule.versions, resource.version) &&
         std::ranges::any_of(
             rule.resources,
             [&](const std::string& pattern) { return matches_resource(pattern, resource, review.subresource); }) &&
         (rule.names.empty() || std::ranges::find(rule.names, review.name) != rule.names.end());
}

Match matches_rules(const std::vector<ResourceRule>& rules, bool equivalent, const Review& review, const Facts& facts) {
  for (const ResourceRule& rule : rules)
    if (matches_rule(rule, review, review.of.resource)) return {Answer::kYes, std::nullopt, {}};
  if (!equivalent || rules.empty()) return {};
  const std::vector<ResourceOf> others = facts.resources().equivalents(review.of.resource);
  for (const ResourceRule& rule : rules)
    for (const ResourceOf& other : others)
      if (matches_rule(rule, review, other.resource)) return {Answer::kYes, other, {}};
  return {};
}

NamespaceMatch matches_namespace(const LabelSelector& selector, const Review& review, const Facts& facts) {
  bool of_namespaces = review.of.resource.plural == "namespaces";
  if (selector.empty() || (review.space.empty() && !of_namespaces)) return NamespaceMatch::kYes;
  // What is about to be made or changed says itself how it is labelled.
  if (of_namespaces && review.subresource.empty() && review.object != nullptr)
    return matches_namespace(selector, review.name, review.object);
  const format::Value* known = facts.find_namespace(review.space);
  if (known == nullptr && of_namespaces) known = review.old_object;
  return matches_namespace(selector, review.space, known);
}

bool matches_object(const LabelSelector& selector, const Review& review) {
  auto selected = [&](const format::Value* object) {
    return object != nullptr && matches(selector, labels_of(object));
  };
  return selector.empty() || selected(review.object) || selected(review.old_object);
}

}  // namespace

Match match(const MatchResources& constraints, const Review& review, const Facts& facts) {
  NamespaceMatch of_namespace = matches_namespace(constraints.namespace_selector, review, facts);
  if (of_namespace == NamespaceMatch::kNo || !matches_object(constraints.object_selector, review)) return {};
  if (matches_rules(constraints.excludes, constraints.equivalent, review, facts).answer == Answer::kYes) return {};
  Match found = constraints.rules.empty() ? Match{Answer::kYes, std::nullopt, {}}
                                          : matches_rules(constraints.rules, constraints.equivalent, review, facts);
  if (found.answer == Answer::kYes && of_namespace == NamespaceMatch::kUnknown)
    return {Answer::kError, std::nullopt, "namespaces " + cel::lib::go_quote(review.space) + " not found"};
  return found;
}

bool is_exempt(const Resource& resource) {
  constexpr std::array kAccess = std::to_array<std::string_view>(
      {"localsubjectaccessreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews", "subjectaccessreviews"});
  constexpr std::array kPolicies =
      std::to_array<std::string_view>({"validatingadmissionpolicies", "validatingadmissionpolicybindings",
                                       "mutatingadmissionpolicies", "mutatingadmissionpolicybindings"});
  auto is_one_of = [&](const auto& plurals) { return std::ranges::find(plurals, resource.plural) != plurals.end(); };
  if (resource.group == "admissionregistration.k8s.io") return is_one_of(kPolicies);
  if (resource.group == "authorization.k8s.io") return is_one_of(kAccess);
  return resource.group == "authentication.k8s.io" &&
         (resource.plural == "tokenreviews" || resource.plural == "selfsubjectreviews");
}

}  // namespace pawl::policy
