#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pawl::format {

// Characters of text that is known to be UTF-8.

struct Rune {
  char32_t code;
  std::size_t length;  // bytes
};
// The character whose first byte is text[i].
inline Rune rune_at(std::string_view text, std::size_t i) {
  auto first = static_cast<unsigned char>(text[i]);
  if (first < 0x80) return {first, 1};
  std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t code = first & (0x7Fu >> length);
  for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
    code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
  }
  return {code, length};
}

void append_utf8(std::string& out, char32_t c);

}  // namespace pawl::format
