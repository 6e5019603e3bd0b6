#pragma once

#include <string_view>
#include <unordered_set>

#include "format/value.h"

namespace pawl::render {

// kustomize puts one and the same node into all the places of an object to which a label transformer adds a key. So
// what sets it in one place later (a label of an overlay, a patch, a replacement) sets it in all of them, selectors
// too. Such values are known by the address of their text, which no others have.
class SharedValues {
 public:
  // Text that may be put into several places of an object as one value.
  format::Value make(format::Arena& arena, std::string_view text);
  bool holds(const format::Value& value) const {
    return value.is_string() && texts_.contains(value.as_string().data());
  }
  // Puts `value` into all places of `object` that hold `old`, as one value again, and returns that.
  format::Value replace(format::Arena& arena, format::Value& object, const format::Value& old,
                        const format::Value& value);
  // Makes each of an object's values one of its own.
  void part(format::Arena& arena, format::Value& object) const;

 private:
  std::unordered_set<const char*> texts_;
};

}  // namespace pawl::render
