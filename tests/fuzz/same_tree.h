#pragma once

#include <string>

#include "format/value.h"

namespace pawl::fuzz {

inline std::string at_line(const format::Value& value) {
  return std::to_string(value.at().line) + ":" + std::to_string(value.at().column);
}

inline bool same_scalar(const format::Value& a, const format::Value& b) {
  bool nan = a.kind() == format::Kind::kFloat && b.kind() == format::Kind::kFloat && a.as_double() != a.as_double() &&
             b.as_double() != b.as_double();
  return nan || format::equal(a, b);
}

// What differs between two trees: data, order of keys, positions, quoting. "" for nothing.
inline std::string difference_of(const format::Value& a, const format::Value& b) {
  std::string where = at_line(a);
  if (a.kind() != b.kind() || a.size() != b.size()) return "another kind or size at " + where;
  if (a.at() != b.at()) return "positions " + where + " and " + at_line(b);
  if (a.quoted() != b.quoted()) return "quoting at " + where;
  if (a.is_scalar()) return same_scalar(a, b) ? "" : "another value at " + where;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const format::Member* x = a.is_map() ? &a.members()[i] : nullptr;
    const format::Member* y = b.is_map() ? &b.members()[i] : nullptr;
    if (x != nullptr && (x->key != y->key || x->key_at != y->key_at)) return "another key in the map at " + where;
    std::string inner = x != nullptr ? difference_of(x->value, y->value) : difference_of(a.items()[i], b.items()[i]);
    if (!inner.empty()) return inner;
  }
  return "";
}

}  // namespace pawl::fuzz
