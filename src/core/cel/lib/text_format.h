#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/cel/lib/extensions.h"
#include "core/cel/value.h"

namespace pawl::cel::lib {

// Fills `arguments`, a list, into `format`: %s %d %f %e %b %x %X %o, with a precision for %f and %e. As string.format
// of cel-go's strings library does it in this version.
// https://github.com/google/cel-spec/blob/master/doc/extensions/strings.md#format
// Errors: kInvalid with cel-go's text; kUnavailable where `most` bytes would not do.
Result<std::string> format_text(std::string_view format, const Value& arguments, StringsVersion version,
                                std::size_t most);

}  // namespace pawl::cel::lib
