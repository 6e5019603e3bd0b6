#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::cel {

// What a string or bytes literal holds, without its prefix `b` but with `r` and its quotes. In bytes, octal and hex
// escapes are single bytes; in text they are code points. Errors carry cel-go's words.
Result<std::string> unescape(std::string_view literal, bool bytes);

}  // namespace pawl::cel
