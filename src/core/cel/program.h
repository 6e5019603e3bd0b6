#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/cel/activation.h"
#include "core/cel/environment.h"
#include "core/cel/type.h"
#include "core/cel/value.h"

namespace pawl::cel {

struct Limits {
  // Runtime cost as cel-go counts it with Kubernetes' estimator; Kubernetes allows an expression 1'000'000 and a policy
  // 10'000'000. Evaluation stops as soon as it is exceeded.
  std::uint64_t cost = 1'000'000;
};

// What came of one evaluation.
struct Evaluation {
  Value value;             // an error value where the expression erred: value.is_error(), value.error_text()
  std::uint64_t cost = 0;  // as cel-go's CostTracker would have counted
  bool over_cost = false;  // stopped at the limit; `value` is the error cel-go gives then
};

// An expression that parsed and checked. Immutable, cheap to copy, safe to evaluate from several threads at once
// (each with an Activation and an Arena of its own).
class Program {
 public:
  // Errors name every fault as cel-go writes it: "ERROR: <input>:1:3: undeclared reference to 'x' (in container '')",
  // the line and a caret, all of them in Error::message, joined by newlines. Bounds: 100,000 code points, nesting 250.
  static Result<Program> compile(const Environment& environment, std::string_view expression);
  // Resolves names but checks no types: what does not fit is an error of the evaluation. type() is dyn.
  static Result<Program> compile_unchecked(const Environment& environment, std::string_view expression);

  const Type& type() const;  // that the checker inferred
  const std::string& text() const;
  // Whether the expression reads this variable.
  bool reads(std::string_view variable) const;

  // Requires an activation of the environment (or of a copy of it with the same variables) that this was compiled in.
  // Values of the result live in `arena`, in what was bound, or in the program. Never throws, never fails but by an
  // error value; stops by itself where it would take more memory than the arena's limit.
  Evaluation evaluate(const Activation& activation, Arena& arena, Limits limits = {}) const;

 private:
  struct Compiled;
  static Result<Program> compile(const Environment& environment, std::string_view expression, bool checked);
  explicit Program(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::cel
