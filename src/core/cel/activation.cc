#include "core/cel/activation.h"

#include <map>
#include <string>

namespace pawl::cel {

namespace {

// Remembers what was computed. A field that is asked for while it is being computed reads itself.
class RememberedFields : public LazyFields {
 public:
  explicit RememberedFields(Activation::Field field) : field_(std::move(field)) {}

  Computed read(std::string_view name, Arena& arena) override {
    auto known = fields_.find(name);
    if (known != fields_.end()) return {known->second, 0};
    auto place = fields_.emplace(std::string(name), Value::error("cyclic reference")).first;
    Computed made = field_(name, arena);
    place->second = made.value;
    return made;
  }

 private:
  Activation::Field field_;
  std::map<std::string, Value, std::less<>> fields_;
};

}  // namespace

Activation::Activation(const Environment& environment)
    : variables_(environment.shared_variables()), values_(variables_->size(), Value::absent()) {}

Activation& Activation::bind(std::string_view variable, const format::Value& value) {
  return bind(variable, Value::of(value));
}

Activation& Activation::bind(std::string_view variable, Value value) {
  for (std::size_t i = 0; i < variables_->size(); ++i)
    if ((*variables_)[i].name == variable) values_[i] = value;
  return *this;
}

Activation& Activation::bind_at(std::size_t variable, Value value) {
  values_[variable] = value;
  return *this;
}

Activation& Activation::bind_lazily(std::string_view variable, Field field) {
  lazy_.push_back(std::make_unique<RememberedFields>(std::move(field)));
  return bind(variable, Value::lazy(*lazy_.back()));
}

}  // namespace pawl::cel
