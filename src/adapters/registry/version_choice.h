#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace pawl::registry {

// How a source's version is meant; its form alone decides.
enum class VersionForm { kExact, kPattern, kRange };  // "1.2.3-alpine", "6.*", ">=6.12 <7"
VersionForm form_of(const std::string& wanted);

// Errors: kInvalid for what has the form of a range and is none.
Status check_version(const std::string& wanted);

// The greatest of `tags` that a pattern or a range wants: semantic versions by precedence, above everything that is
// none; else byte order. Errors: kNotFound, naming `where`; kInvalid for what is no range.
Result<std::string> choose_version(const std::string& wanted, const std::vector<std::string>& tags,
                                   const std::string& where);

}  // namespace pawl::registry
