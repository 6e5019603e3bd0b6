#pragma once

#include <string_view>

namespace pawl::format {

// Whether `text` matches the shell-style `pattern`: "*" any run, "?" any one byte, everything else itself. Linear in
// both but for one "*" at a time: no pattern is exponential.
bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace pawl::format
