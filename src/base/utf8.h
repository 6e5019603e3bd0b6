#pragma once

#include <cstddef>
#include <string_view>

namespace pawl {

// The code point at the start of text and how many bytes it takes; U+FFFD and 1 where the bytes are no UTF-8, as Go
// decodes.
struct CodePoint {
  char32_t value = 0xFFFD;
  std::size_t size = 1;
  bool is_valid() const { return value != 0xFFFD || size != 1; }
};
CodePoint decode_utf8(std::string_view text);  // not empty

// Whether it may stand in text: in range and no surrogate.
constexpr bool is_scalar_value(char32_t c) { return c < 0xD800 || (c > 0xDFFF && c <= 0x10FFFF); }

}  // namespace pawl
