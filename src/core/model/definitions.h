#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::model {

enum class FieldType : std::uint8_t {
  kString,
  kName,      // a DNS label
  kPath,      // relative to pawl.yaml and inside of its folder, or as its field says
  kVersion,   // a tag, a range or a pattern
  kArgument,  // a string that other programs take as an argument
  kGitUrl,
  kGitName,  // a branch or a tag
  kCommit,
  kCron,  // five fields
  kTimeZone,
  kInteger,
  kBoolean,
  kDuration,
  kStrings,          // a list of strings
  kStringOrStrings,  // one, or a list
  kMap,              // with the fields below it
  kMaps,             // a list of such maps
  kUnion,            // a map with exactly one of the fields below it
  kUnions,           // a list of such maps
  kNamed,            // a map from names to what is below it
  kPersons,          // as kNamed; a string or a list of strings stands for the field `keys`
  kStringMap,        // a map from any key to strings
  kStringLists,      // a map from any key (`words`, where there are any) to a string or a list of strings
  kFreeMap,          // a map of anything
  kFreeList,         // a list of anything
};
std::string_view words_for(FieldType type);

// One field that a project file may have. This table is the only description: strict reading, the JSON Schema and
// `pawl explain` are made from it.
struct FieldDefinition {
  std::string_view path;  // "environments.gates.soak"; fields of kind: Project's spec stand at the top
  FieldType type;
  bool required;
  std::string_view summary;
  std::string_view example;
  std::string_view words = {};     // allowed values (of kStringLists: keys), separated by "|"
  std::string_view fallback = {};  // what holds where it is absent
};

std::span<const FieldDefinition> definitions();
const FieldDefinition* find_definition(std::string_view path);
// The definitions one level below `path` ("" for the top), in the table's order. `defaults` and files of kind
// Environment have the fields of `environments`, but for `name`.
std::vector<const FieldDefinition*> fields_below(std::string_view path);
// The last part of a path.
std::string_view leaf_of(std::string_view path);

}  // namespace pawl::model
