#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "format/value.h"

namespace pawl::model {

// What parameters may be: a map from their names to schemas, each a subset of JSON Schema (draft-07): type, enum,
// minimum, maximum, pattern, items, properties, required, default, description. A parameter without a default must have
// a value in every environment. Nothing is looked up: there is no $ref.

// One thing that is wrong, at its place in the file that was read; at line 0 it has none.
struct SchemaProblem {
  Position at;
  std::size_t length = 1;
  std::string summary;
  std::string help;
  std::string suggestion;
};

// What is wrong with the map of schemas itself: unknown keywords, wrong types, patterns that are none, defaults that
// their own schema refuses.
std::vector<SchemaProblem> problems_of_schemas(const format::Value& schemas);

// Everything in `value` that `schema` does not allow. `where` names the value: "parameters.replicas".
std::vector<SchemaProblem> violations(const format::Value& value, const format::Value& schema,
                                      const std::string& where);

// The values that hold where nobody sets any: a map from names to defaults, those of properties included.
format::Value schema_defaults(format::Arena& arena, const format::Value& schemas);

}  // namespace pawl::model
