#pragma once

#include <string_view>

namespace pawl::model {

// Whether `text` may be a statement's predicate type: a URI of printable ASCII, at most 512 bytes.
bool is_predicate_type(std::string_view text);

}  // namespace pawl::model
