#pragma once

#include <string_view>

#include "base/result.h"

namespace pawl::format {

// Whether the RE2 expression `pattern` matches all of `text`; linear time whatever the pattern. Errors: kInvalid for a
// malformed pattern.
Result<bool> regex_match(std::string_view pattern, std::string_view text);

}  // namespace pawl::format
