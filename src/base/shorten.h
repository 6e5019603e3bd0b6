#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pawl {

// `text` as it is up to that many bytes; else its beginning, cut between characters, and "...". Requires UTF-8: what is
// cut stays it, and may stand in a document.
std::string shortened(std::string_view text, std::size_t bytes);

}  // namespace pawl
