#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/model/parse.h"

namespace pawl::model {

namespace {

using format::Value;

bool selects_any(const Configuration& all, const PolicyBinding& binding) {
  return std::any_of(all.environments.begin(), all.environments.end(),
                     [&](const Environment& environment) { return selects(binding.environments, environment); });
}

// Messages and exceptions name bindings, so that each has a name of its own.
void check_bindings(FieldReader& reader, const Configuration& all, const Value& at) {
  if (!at.is_list() || at.size() != all.policy_bindings.size()) return;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const PolicyBinding& binding = all.policy_bindings[i];
    const Value& place = at.items()[i];
    if (!binding.name.empty() && !seen.insert(binding.name).second) {
      reader.error(place, "twice", fmt::format("two policy bindings are named \"{}\"", binding.name),
                   "give one of them a `name`");
    }
    if (selects_any(all, binding)) continue;
    const Value* labels = place.find("environments");
    reader.warning(labels == nullptr ? place : *labels, "unused",
                   fmt::format("policyBindings[{}] selects no environment", i), "pawl explain environments.labels");
  }
}

}  // namespace

void lint_policies(FieldReader& reader, const Draft& draft, const Value& spec) {
  if (const Value* bindings = spec.find("policyBindings")) check_bindings(reader, draft.configuration, *bindings);
}

}  // namespace pawl::model
