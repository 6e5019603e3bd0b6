#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "core/policy/fields.h"
#include "core/policy/policy.h"

namespace pawl::policy {

// Compiles the expressions of one policy as an apiserver does when the policy is created, variables first: each is
// known to those behind it.
class ExpressionCompiler {
 public:
  // Where `zones` is null, expressions know UTC and offsets only; it must outlive the programs.
  ExpressionCompiler(bool has_params, const cel::TimeZones* zones);

  // Each notes what is wrong under `at` and returns nothing then.
  std::optional<cel::Program> condition(Fields& fields, const At& at);
  std::optional<cel::Program> variable(Fields& fields, const At& at, const std::string& name);
  std::optional<cel::Program> validation(Fields& fields, const At& at);
  std::optional<cel::Program> message(Fields& fields, const At& at);
  std::optional<cel::Program> annotation(Fields& fields, const At& at);

  Environments environments() const { return {conditions_, expressions_, messages_}; }

 private:
  void declare_variables();

  cel::Environment conditions_;
  cel::Environment expressions_;
  cel::Environment messages_;
  std::vector<cel::RecordType::Field> variables_;
};

}  // namespace pawl::policy
