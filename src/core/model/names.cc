#include "core/model/names.h"

#include <algorithm>

namespace pawl::model {

namespace {

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_lower_alnum(c) || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool is_dns_label(std::string_view name) {
  constexpr std::size_t kLongest = 63;
  if (name.empty() || name.size() > kLongest) return false;
  bool ends = is_lower_alnum(name.front()) && is_lower_alnum(name.back());
  return ends && std::all_of(name.begin(), name.end(), [](char c) { return is_lower_alnum(c) || c == '-'; });
}

bool is_version_label(std::string_view label) {
  constexpr std::size_t kLongest = 128;
  if (label.empty() || label.size() > kLongest || !is_alnum(label[0])) return false;
  bool is_serial = label.size() > 1 && label[0] == 'r' && std::all_of(label.begin() + 1, label.end(), is_digit);
  if (is_serial) return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_alnum(c) || c == '.' || c == '_' || c == '+' || c == '-'; });
}

}  // namespace pawl::model
