#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/model/parse.h"
#include "format/json.h"

namespace pawl::model {

namespace {

using format::Value;

std::string params_of(FieldReader& reader, const Node& node) {
  const Value* params = node.value->find("params");
  if (params == nullptr || !params->is_map()) return {};
  Result<std::string> text = format::canonical_json(*params);
  if (text) return std::move(*text);
  reader.error(*params, "params", fmt::format("{}.params: {}", node.where, text.error().message), text.error().hint);
  return {};
}

std::optional<PolicyBinding> parse_binding(FieldReader& reader, const Node& node) {
  if (!reader.open(node)) return std::nullopt;
  std::string policy = reader.text(node, "policy");
  PolicyBinding binding{reader.text(node, "name", policy), policy, reader.strings(node, "environments"),
                        params_of(reader, node), reader.texts(node, "actions")};
  if (binding.actions.empty()) binding.actions = {"Deny"};
  return binding;
}

std::optional<ExceptionRules> parse_exceptions(FieldReader& reader, const Node& spec) {
  Node node = reader.child(spec, "exceptions");
  if (node.value == nullptr || !reader.open(node)) return std::nullopt;
  return ExceptionRules{reader.count(node, "count", 1), reader.texts(node, "from"), reader.duration(node, "longest")};
}

}  // namespace

void parse_policies(FieldReader& reader, const Node& spec, Draft& draft) {
  static constexpr std::array<std::string_view, 3> kKinds = {"files", "git", "oci"};
  draft.policy_sources = parse_sources(reader, spec, "policySources", kKinds);
  for (const Node& node : reader.maps(spec, "policyBindings")) {
    Node named{node.value, node.where, "policyBindings"};
    if (auto binding = parse_binding(reader, named)) draft.configuration.policy_bindings.push_back(*binding);
  }
  draft.configuration.exceptions = parse_exceptions(reader, spec);
}

}  // namespace pawl::model
