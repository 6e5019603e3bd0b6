#pragma once

#include "core/cel/value.h"
#include "format/value.h"

namespace pawl::cel {

// A value as plain data, for documents and for people: bytes in base64, durations, timestamps, types and what libraries
// have of their own as the text that messages show, an optional as what is in it or null. Shares data that was bound.
// Requires a value that is no error.
format::Value to_data(const Value& value, format::Arena& arena);

}  // namespace pawl::cel
