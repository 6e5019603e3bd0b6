#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "format/value.h"

namespace pawl::model {

// What $(environment), $(parameters.x) and $(sources.x) stand for; the last is the folder that holds a source's files.
struct Variables {
  std::string environment;
  format::Value parameters;               // a map or null
  std::set<std::string>* used = nullptr;  // top-level parameter names that were asked for
  std::set<std::string> sources = {};     // those that have files
};

// `text` with its variables replaced; any other $(...), and $$(...), stays as it is. Errors: kInvalid for a parameter or
// source that is missing, or a parameter that is no scalar where text is needed.
Result<std::string> substitute_text(std::string_view text, const Variables& variables);

// A deep copy of `value` with variables replaced in every string; a string that is one variable and nothing else
// becomes the parameter's typed value. Errors: as above, with a diagnostic at the string (its file is the caller's to
// fill in).
Result<format::Value> substitute(format::Arena& arena, const format::Value& value, const Variables& variables);

// Whether any string below `value` holds a variable.
bool has_variables(const format::Value& value);

}  // namespace pawl::model
