#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/cel/environment.h"
#include "core/cel/type.h"
#include "core/cel/value.h"
#include "format/value.h"

namespace pawl::cel {

// What an expression reads while it is evaluated: one binding for each variable of its Environment, in that order.
// A variable that is not bound is an error of the expression that reads it, not of evaluate().
class Activation {
 public:
  explicit Activation(const Environment& environment);

  // `value` must outlive the activation and every value that came of it. Nothing is converted or copied.
  Activation& bind(std::string_view variable, const format::Value& value);
  Activation& bind(std::string_view variable, Value value);
  // A structure whose fields are computed when an expression first reads them, and at most once; the cost of computing
  // one counts for the expression that reads it first. (Kubernetes' `variables`.)
  struct Computed {
    Value value;
    std::uint64_t cost = 0;
  };
  using Field = std::function<Computed(std::string_view name, Arena& arena)>;
  Activation& bind_lazily(std::string_view variable, Field field);

 private:
  // (the representation is the evaluator's)
};

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
  // the line and a caret, all of them in Error::text, joined by newlines. Bounds: 100,000 code points, nesting 250.
  static Result<Program> compile(const Environment& environment, std::string_view expression);

  const Type& type() const;  // that the checker inferred
  const std::string& text() const;
  // Whether the expression reads this variable.
  bool reads(std::string_view variable) const;

  // Values of the result live in `arena` or in what was bound. Never throws, never fails but by an error value.
  Evaluation evaluate(const Activation& activation, Arena& arena, Limits limits = {}) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace pawl::cel
