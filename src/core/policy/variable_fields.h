#pragma once

#include <cstdint>
#include <vector>

#include "core/cel/activation.h"
#include "core/policy/policy.h"

namespace pawl::policy {

// `variables` of one policy while it judges one request: each is computed when an expression first reads it, by one
// that stands before it if need be.
class VariableFields : public cel::LazyFields {
 public:
  // Both must outlive this.
  VariableFields(const std::vector<Variable>& variables, const cel::Activation& activation)
      : variables_(variables), activation_(activation), values_(variables.size(), cel::Value::absent()) {}

  cel::Computed read(std::string_view name, cel::Arena& arena) override;

  // Forgets what was computed: another request, or the same one for another kind of expressions.
  void reset();
  // What computing has cost since this was last asked. An apiserver counts it against the policy's budget and not
  // against that of the expression.
  std::uint64_t take_cost();

 private:
  cel::Value compute(const Variable& variable, cel::Arena& arena);

  const std::vector<Variable>& variables_;
  const cel::Activation& activation_;
  std::vector<cel::Value> values_;
  std::uint64_t cost_ = 0;
};

}  // namespace pawl::policy
