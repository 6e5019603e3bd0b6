#pragma once

#include <source_location>
#include <string_view>

namespace pawl {

// Aborts with the place and the message. For programmer errors only: an expected failure is a Result.
[[noreturn]] void fail_check(std::string_view message, std::source_location where);

// Aborts unless `condition` holds, in every build type.
inline void check(bool condition, std::string_view message,
                  std::source_location where = std::source_location::current()) {
  if (!condition) [[unlikely]]
    fail_check(message, where);
}

}  // namespace pawl
