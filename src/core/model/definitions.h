#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::model {

enum class FieldType : std::uint8_t {
  kString,
  kInteger,
  kDuration,
  kStrings,          // a list of strings
  kStringOrStrings,  // one, or a list
  kMap,              // with the fields below it
  kMaps,             // a list of such maps
  kUnion,            // a map with exactly one of the fields below it
  kUnions,           // a list of such maps
  kNamed,            // a map from names to what is below it
  kAny,
};
std::string_view words_for(FieldType type);

// One field that a project file may have. This table is the only description: strict reading, the JSON Schema and
// `pawl explain` are made from it.
struct FieldDefinition {
  std::string_view path;     // "environments.gates.soak"; fields of kind: Project's spec stand at the top
  FieldType type;
  bool required;
  std::string_view summary;
  std::string_view example;
  std::string_view words = {};  // allowed values, separated by "|"
};

std::span<const FieldDefinition> definitions();
const FieldDefinition* find_definition(std::string_view path);
// The definitions one level below `path` ("" for the top), in the table's order. `defaults` and files of kind Environment
// have the fields of `environments`.
std::vector<const FieldDefinition*> fields_below(std::string_view path);
// The last part of a path.
std::string_view leaf_of(std::string_view path);

}  // namespace pawl::model
