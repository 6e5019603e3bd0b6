#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/check.h"
#include "format/json.h"
#include "format/utf8.h"

namespace pawl::format {

namespace {

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[static_cast<unsigned char>(c) >> 4];
          out += kHex[static_cast<unsigned char>(c) & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// ECMAScript Number::toString (RFC 8785 section 3.2.2.3): the shortest digits that read back, laid out its way.
void append_double(std::string& out, double value) {
  if (value == 0) {
    out += '0';
    return;
  }
  std::array<char, 32> buffer{};
  auto [end, ec] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value), std::chars_format::scientific);
  check(ec == std::errc(), "a double fits 32 characters");
  std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  std::size_t e = text.find('e');
  int exponent = std::atoi(text.data() + e + 1);
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  int count = static_cast<int>(digits.size());
  int point = exponent + 1;  // where the decimal point stands, counted from the first digit
  if (value < 0) out += '-';
  if (count <= point && point <= 21) {
    out += digits + std::string(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out += digits.substr(0, static_cast<std::size_t>(point)) + "." + digits.substr(static_cast<std::size_t>(point));
  } else if (-6 < point && point <= 0) {
    out += "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  } else {
    out += digits.substr(0, 1);
    if (count > 1) out += "." + digits.substr(1);
    out += exponent < 0 ? "e-" : "e+";
    out += std::to_string(std::abs(exponent));
  }
}

void append_scalar(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      out += "null";
      break;
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      break;
    case Kind::kInt:
      out += std::to_string(value.as_int());
      break;
    case Kind::kUint:
      out += std::to_string(value.as_uint());
      break;
    case Kind::kFloat:
      check(std::isfinite(value.as_double()), "JSON has no NaN and no infinity");
      append_double(out, value.as_double());
      break;
    case Kind::kString:
      append_escaped(out, value.as_string());
      break;
    case Kind::kList:
    case Kind::kMap:
      break;
  }
}

void append_line(std::string& out, const Value& value) {
  if (value.is_list()) {
    out += '[';
    bool first = true;
    for (const Value& item : value.items()) {
      if (!std::exchange(first, false)) out += ',';
      append_line(out, item);
    }
    out += ']';
  } else if (value.is_map()) {
    out += '{';
    bool first = true;
    for (const Member& member : value.members()) {
      if (!std::exchange(first, false)) out += ',';
      append_escaped(out, member.key);
      out += ':';
      append_line(out, member.value);
    }
    out += '}';
  } else {
    append_scalar(out, value);
  }
}

void append_pretty(std::string& out, const Value& value, std::size_t indent) {
  if (value.empty()) {
    append_line(out, value);
    return;
  }
  std::string inner(indent + 2, ' ');
  bool first = true;
  out += value.is_list() ? '[' : '{';
  auto begin_item = [&] { out += (std::exchange(first, false) ? "\n" : ",\n") + inner; };
  for (const Value& item : value.items()) {
    begin_item();
    append_pretty(out, item, indent + 2);
  }
  for (const Member& member : value.members()) {
    begin_item();
    append_escaped(out, member.key);
    out += ": ";
    append_pretty(out, member.value, indent + 2);
  }
  out += "\n" + std::string(indent, ' ');
  out += value.is_list() ? ']' : '}';
}

// The next UTF-16 code unit of valid UTF-8; characters beyond the BMP give two.
struct Utf16 {
  std::string_view text;
  std::uint32_t low = 0;

  // -1 at the end.
  std::int32_t next() {
    if (low != 0) return static_cast<std::int32_t>(std::exchange(low, 0));
    if (text.empty()) return -1;
    Rune rune = rune_at(text, 0);
    text.remove_prefix(std::min(rune.length, text.size()));
    auto code = static_cast<std::uint32_t>(rune.code);
    if (code < 0x10000) return static_cast<std::int32_t>(code);
    low = 0xDC00 + ((code - 0x10000) & 0x3FF);
    return static_cast<std::int32_t>(0xD800 + ((code - 0x10000) >> 10));
  }
};

bool utf16_less(std::string_view a, std::string_view b) {
  Utf16 left{a};
  Utf16 right{b};
  for (;;) {
    std::int32_t x = left.next();
    std::int32_t y = right.next();
    if (x != y) return x < y;
    if (x < 0) return false;
  }
}

Status append_canonical(std::string& out, const Value& value) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  switch (value.kind()) {
    case Kind::kUint:
      return Error(ErrorCode::kInvalid, "an integer beyond 2^53 has no canonical JSON form");
    case Kind::kInt:
      if (value.as_int() > kExact || value.as_int() < -kExact) {
        return Error(ErrorCode::kInvalid, "an integer beyond 2^53 has no canonical JSON form");
      }
      append_scalar(out, value);
      return {};
    case Kind::kFloat:
      if (!std::isfinite(value.as_double())) return Error(ErrorCode::kInvalid, "JSON has no NaN and no infinity");
      append_scalar(out, value);
      return {};
    case Kind::kList: {
      out += '[';
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (i != 0) out += ',';
        PAWL_TRY(append_canonical(out, value.items()[i]));
      }
      out += ']';
      return {};
    }
    case Kind::kMap: {
      std::vector<const Member*> sorted;
      for (const Member& member : value.members()) sorted.push_back(&member);
      std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return utf16_less(a->key, b->key); });
      out += '{';
      for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i != 0) out += ',';
        append_escaped(out, sorted[i]->key);
        out += ':';
        PAWL_TRY(append_canonical(out, sorted[i]->value));
      }
      out += '}';
      return {};
    }
    case Kind::kNull:
    case Kind::kBool:
    case Kind::kString:
      append_scalar(out, value);
      return {};
  }
  return {};
}

}  // namespace

std::string render_json(const Value& value) {
  std::string out;
  append_line(out, value);
  return out;
}

std::string render_json_pretty(const Value& value) {
  std::string out;
  append_pretty(out, value, 0);
  return out + "\n";
}

Result<std::string> canonical_json(const Value& value) {
  std::string out;
  PAWL_TRY(append_canonical(out, value));
  return out;
}

}  // namespace pawl::format
