#include "adapters/sqlite/range.h"

#include <algorithm>

namespace pawl::sqlite {

namespace {

// The least string that is greater than everything that begins with `prefix`.
std::optional<std::string> successor(std::string_view prefix) {
  std::string next(prefix);
  while (!next.empty() && next.back() == '\xff') next.pop_back();
  if (next.empty()) return std::nullopt;
  next.back() = static_cast<char>(static_cast<unsigned char>(next.back()) + 1);
  return next;
}

}  // namespace

KeyRange key_range(std::string_view prefix, std::string_view after, bool descending) {
  KeyRange range{std::string(prefix), successor(prefix)};
  if (after.empty()) return range;
  if (!descending) {
    std::string next = std::string(after) + '\0';
    range.low = std::max(range.low, next);
  } else if (!range.high || after < *range.high) {
    range.high = std::string(after);
  }
  return range;
}

}  // namespace pawl::sqlite
