#pragma once

#include "core/render/field_config.h"
#include "core/render/res_map.h"

namespace pawl::render {

// What a kustomization has gathered so far: objects, the fields its transformers work on, and variables.
struct Accumulator {
  explicit Accumulator(Schema& schema) : map(schema) {}

  ResMap map;
  FieldConfigPtr config = nullptr;
  std::vector<Variable> variables = {};

  // Takes in what another one gathered. Errors: kInvalid for an object or a variable that is there already.
  Status absorb(Accumulator other);
};

}  // namespace pawl::render
