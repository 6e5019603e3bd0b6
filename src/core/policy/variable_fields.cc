#include "core/policy/variable_fields.h"

#include <algorithm>
#include <string>

#include "core/cel/lib/go_text.h"

namespace pawl::policy {

cel::Computed VariableFields::read(std::string_view name, cel::Arena& arena) {
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    if (variables_[i].name != name) continue;
    // Of a name that stands twice, the first expression may read the second, which reads itself then.
    if (values_[i].is_absent()) {
      values_[i] = cel::Value::error("cyclic reference");
      values_[i] = compute(variables_[i], arena);
    }
    return {values_[i], 0};
  }
  return {cel::Value::absent(), 0};
}

cel::Value VariableFields::compute(const Variable& variable, cel::Arena& arena) {
  cel::Evaluation made = variable.program.evaluate(activation_, arena);
  cost_ += made.cost;
  if (!made.value.is_error()) return made.value;
  return cel::Value::error(arena, "composited variable " + cel::lib::go_quote(variable.name) +
                                      " fails to evaluate: " + std::string(made.value.error_text()));
}

void VariableFields::reset() {
  std::ranges::fill(values_, cel::Value::absent());
  cost_ = 0;
}

std::uint64_t VariableFields::take_cost() {
  std::uint64_t cost = cost_;
  cost_ = 0;
  return cost;
}

}  // namespace pawl::policy
