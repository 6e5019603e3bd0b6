#include "core/cel/lib/go_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/check.h"
#include "base/text.h"
#include "base/utf8.h"
#include "format/regex.h"
#include "format/utf8.h"

namespace pawl::cel::lib {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";

bool is_broken(CodePoint rune) { return rune.value == 0xFFFD && rune.size == 1; }

void append_hex(std::string& out, char32_t code, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out.push_back(kHex[(code >> shift) & 0xFu]);
}

// strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the space of ASCII. RE2 brings Unicode's tables.
bool is_printable(char32_t code, std::string_view encoded) {
  if (code < 0x7F) return code >= 0x20;
  Result<format::Regex> printable = format::Regex::compile("[\\pL\\pM\\pN\\pP\\pS]");
  check(printable.ok(), "the class of printable characters");
  return printable->matches(encoded);
}

char short_escape(char32_t code) {
  switch (code) {
    case '\a':
      return 'a';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\v':
      return 'v';
    case '\\':
      return '\\';
    case '"':
      return '"';
    default:
      return 0;
  }
}

void append_quoted(std::string& out, CodePoint rune, std::string_view encoded) {
  if (is_broken(rune)) {
    out += "\\x";
    append_hex(out, static_cast<unsigned char>(encoded[0]), 2);
  } else if (char escape = short_escape(rune.value); escape != 0) {
    out.push_back('\\');
    out.push_back(escape);
  } else if (is_printable(rune.value, encoded)) {
    out += encoded;
  } else if (rune.value < 0x20 || rune.value == 0x7F) {
    out += "\\x";
    append_hex(out, rune.value, 2);
  } else {
    out += rune.value < 0x10000 ? "\\u" : "\\U";
    append_hex(out, rune.value, rune.value < 0x10000 ? 4 : 8);
  }
}

bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::size_t last_rune_begin(std::string_view text) {
  std::size_t at = text.size() - 1;
  for (std::size_t back = 1; back <= 4 && back <= text.size(); ++back) {
    CodePoint rune = decode_utf8(text.substr(text.size() - back));
    if (!is_broken(rune) && rune.size == back) return text.size() - back;
  }
  return at;
}

std::string format_double(double value, std::chars_format format) {
  std::array<char, 400> buffer;
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
  check(error == std::errc(), "the text of a double");
  return {buffer.data(), end};
}

}  // namespace

std::vector<char32_t> go_runes(std::string_view text) {
  std::vector<char32_t> out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    CodePoint rune = decode_utf8(text.substr(at));
    out.push_back(rune.value);
    at += rune.size;
  }
  return out;
}

std::string from_runes(const char32_t* begin, const char32_t* end) {
  std::string out;
  for (; begin != end; ++begin) format::append_utf8(out, *begin);
  return out;
}

std::string valid_text(std::string_view text) {
  if (is_valid_utf8(text)) return std::string(text);
  std::vector<char32_t> runes = go_runes(text);
  return from_runes(runes.data(), runes.data() + runes.size());
}

std::string go_quote(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    CodePoint rune = decode_utf8(text.substr(at));
    append_quoted(out, rune, text.substr(at, rune.size));
    at += rune.size;
  }
  return out + "\"";
}

std::string_view go_trim_space(std::string_view text) {
  while (!text.empty()) {
    CodePoint rune = decode_utf8(text);
    if (!is_space(rune.value)) break;
    text.remove_prefix(rune.size);
  }
  while (!text.empty()) {
    std::size_t last = last_rune_begin(text);
    if (!is_space(decode_utf8(text.substr(last)).value)) break;
    text = text.substr(0, last);
  }
  return text;
}

std::string shortest_fixed(double value) {
  std::string text = format_double(value, std::chars_format::scientific);
  std::size_t e = text.find('e');
  int exponent = 0;
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
  std::string sign = text.starts_with('-') ? "-" : "";
  std::string digits = text.substr(sign.size(), e - sign.size());
  std::erase(digits, '.');
  auto whole = static_cast<std::size_t>(std::max(exponent, 0)) + 1;  // digits before the point
  if (exponent < 0) digits.insert(0, static_cast<std::size_t>(-exponent), '0');
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  if (digits.size() > whole) digits.insert(whole, ".");
  return sign + digits;
}

std::string shortest_general(double value, int exponent_from) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  std::string scientific = format_double(value, std::chars_format::scientific);
  std::size_t e = scientific.find('e');
  int exponent = 0;
  bool minus = scientific[e + 1] == '-';
  std::from_chars(scientific.data() + e + 2, scientific.data() + scientific.size(), exponent);
  bool far = minus ? exponent > 4 : exponent >= exponent_from;
  return far ? scientific : shortest_fixed(value);
}

}  // namespace pawl::cel::lib
