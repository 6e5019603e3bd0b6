#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/cel/environment.h"
#include "core/cel/value.h"
#include "format/value.h"

namespace pawl::cel {

// What an expression reads while it is evaluated: one binding for each variable of its Environment, in that order. A
// variable that is not bound is an error of the expression that reads it, not of evaluate(). Used by one thread at a
// time.
class Activation {
 public:
  explicit Activation(const Environment& environment);

  // Names that the environment does not declare are ignored.
  // `value` must outlive the activation and every value that came of it. Nothing is converted or copied.
  Activation& bind(std::string_view variable, const format::Value& value);
  Activation& bind(std::string_view variable, Value value);
  // The same by Environment::index_of, for who binds often.
  Activation& bind_at(std::size_t variable, Value value);

  // A structure whose fields are computed when an expression first reads them, and at most once; the cost of computing
  // one counts for the expression that reads it first. (Kubernetes' `variables`.) What `field` returns lives in the
  // arena it is given, which is that of the evaluation that read the field first: keep that as long as the activation.
  using Field = std::function<Computed(std::string_view name, Arena& arena)>;
  Activation& bind_lazily(std::string_view variable, Field field);

  const Value* values() const { return values_.data(); }
  std::size_t size() const { return values_.size(); }

 private:
  std::shared_ptr<const std::vector<Environment::Variable>> variables_;
  std::vector<Value> values_;
  std::vector<std::unique_ptr<LazyFields>> lazy_;
};

}  // namespace pawl::cel
