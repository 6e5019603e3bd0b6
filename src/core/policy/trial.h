#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "format/value.h"

namespace pawl::policy {

// What an expression is over a document, for people who try it out before it becomes a rule.
struct Trial {
  format::Value value;     // what it evaluates to, as data; null where it erred
  std::string error;       // what stood in the way, in an apiserver's words; "" where nothing did
  std::string type;        // that the checker found
  std::uint64_t cost = 0;  // runtime cost, of which a rule may have 1'000'000
};

// Evaluates `expression` as a ValidatingAdmissionPolicy's. A Kubernetes object is bound as `object`; of any other map
// every member is a variable of its own (object, oldObject, params, request ...). What is returned lives in `arena` and
// in `document`. Errors: kInvalid for an expression that does not compile, and for a document that is no map.
Result<Trial> try_out(format::Arena& arena, std::string_view expression, const format::Value& document);

}  // namespace pawl::policy
