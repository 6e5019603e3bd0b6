#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl::sqlite {

// The keys that a scan is about: low <= key < high; no `high` means no bound.
struct KeyRange {
  std::string low;
  std::optional<std::string> high;
  bool contains(std::string_view key) const { return key >= low && (!high || key < *high); }
};

// As ports::Reader::scan() describes prefix and after.
KeyRange key_range(std::string_view prefix, std::string_view after, bool descending);

}  // namespace pawl::sqlite
