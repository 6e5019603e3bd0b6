#pragma once

#include <string_view>

#include "base/result.h"
#include "format/semver.h"

namespace pawl::cel::lib {

// Reads "1.2.3-rc.1+build" as Kubernetes' CEL does, which is stricter than format::parse_version: all three numbers, no
// "v". With `normalize`, a leading "v" and leading zeroes go, and missing numbers are 0 ("v01.2").
// Errors: kInvalid with the texts of github.com/blang/semver/v4.
Result<format::Version> parse_semver(std::string_view text, bool normalize = false);

}  // namespace pawl::cel::lib
