#pragma once

#include <string_view>

namespace pawl::format {

// As a == b. Keys of one map that are of one length seldom end alike, so most are told apart without a call.
inline bool same_key(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || (a.back() == b.back() && a == b));
}

}  // namespace pawl::format
