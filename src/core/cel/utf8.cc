#include "core/cel/utf8.h"

namespace pawl::cel {

CodePoint decode_utf8(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  std::size_t size = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  char32_t value = lead & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || !is_scalar_value(value)) return {};
  return {value, size};
}

void append_utf8(std::string& out, char32_t c) {
  if (!is_scalar_value(c)) c = 0xFFFD;
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  auto tail = [&](unsigned shift) { out += static_cast<char>(0x80u | ((c >> shift) & 0x3Fu)); };
  if (c < 0x800) {
    out += static_cast<char>(0xC0u | c >> 6);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0u | c >> 12);
    tail(6);
  } else {
    out += static_cast<char>(0xF0u | c >> 18);
    tail(12);
    tail(6);
  }
  tail(0);
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    CodePoint next = decode_utf8(text);
    if (next.value == 0xFFFD && next.size == 1) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

}  // namespace pawl::cel
