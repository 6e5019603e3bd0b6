#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/value.h"

namespace pawl::render {

// Paths as replacements and variables have them: "spec.containers.[name=web].image", "spec.ports.0", "a.[b.c].d" for a
// key with dots in it. A part is a field, an index, "-" (the last element), "[field=value]" or "*".
std::vector<std::string> split_field_path(std::string_view path);
// As above for variables, which also write "ports[0]".
std::vector<std::string> split_variable_path(std::string_view path);

// The value at a path; nullptr when there is none. Errors: kInvalid where the path does not fit what it meets.
Result<format::Value*> look_up(format::Value& object, const std::vector<std::string>& path);
// As above; makes what is missing, text at the end. nullptr where a null stands in the way.
Result<format::Value*> look_up_or_make(format::Arena& arena, format::Value& object,
                                       const std::vector<std::string>& path);

enum class NodeKind : std::uint8_t { kNone, kScalar, kList, kMap };
NodeKind node_kind(const format::Value& value);

// Every value at a path: "*" is any element, and the value in "[field=value]" a regular expression that is looked for.
// With `make`, what is missing is made, a value of that kind at the end; a new scalar is Value::null(). The value in a
// scalar of YAML is a copy. Errors: kInvalid.
Result<std::vector<format::Value*>> match_path(format::Arena& arena, format::Value& object,
                                               const std::vector<std::string>& path, NodeKind make);

}  // namespace pawl::render
