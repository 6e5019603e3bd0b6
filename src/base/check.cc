#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace pawl {

void fail_check(std::string_view message, std::source_location where) {
  std::fprintf(stderr, "pawl: internal error: %.*s (%s:%u)\n", static_cast<int>(message.size()), message.data(),
               where.file_name(), static_cast<unsigned>(where.line()));
  std::abort();
}

}  // namespace pawl
