#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pawl::cel {

// The code point at the start of `text` (not empty) and how many bytes it takes; U+FFFD and 1 where the bytes are no
// UTF-8, as Go decodes.
struct CodePoint {
  char32_t value = 0xFFFD;
  std::size_t size = 1;
};
CodePoint decode_utf8(std::string_view text);
void append_utf8(std::string& out, char32_t code_point);
bool is_utf8(std::string_view text);
// Whether it may stand in text: in range and no surrogate.
constexpr bool is_scalar_value(char32_t c) { return c < 0xD800 || (c > 0xDFFF && c <= 0x10FFFF); }

}  // namespace pawl::cel
