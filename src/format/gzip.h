#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::format {

// What a gzip stream holds. Errors: kInvalid for damaged or truncated streams, bytes behind the end, and more than
// `max_bytes` of content, which is noticed before they are made.
Result<std::string> gunzip(std::string_view bytes, std::size_t max_bytes);

}  // namespace pawl::format
