#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "format/utf8.h"
#include "format/yaml.h"
#include "format/yaml_string.h"

// Prints as sigs.k8s.io/yaml does (go-yaml v2 over JSON), which is what kustomize and kubectl print.

namespace pawl::format {

namespace {

constexpr std::size_t kIndent = kYamlIndent;
constexpr std::size_t kLongestSimpleKey = 128;

// A float arrives by way of JSON: whole numbers below 1e21 have become integers; the rest is Go's 'g'.
void append_double(std::string& out, double value) {
  if (std::isnan(value)) {
    out += ".nan";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-.inf" : ".inf";
    return;
  }
  std::array<char, 512> buffer{};
  char* begin = buffer.data();
  char* limit = begin + buffer.size();
  if (value == std::trunc(value) && std::abs(value) < 1e21) {
    out.append(begin, std::to_chars(begin, limit, value, std::chars_format::fixed, 0).ptr);
    return;
  }
  char* end = std::to_chars(begin, limit, value, std::chars_format::scientific).ptr;
  int exponent = std::atoi(std::find(begin, end, 'e') + 1);
  bool scientific = exponent < -4 || exponent >= 6;
  if (!scientific) end = std::to_chars(begin, limit, value, std::chars_format::fixed).ptr;
  out.append(begin, end);
}

template <class Integer>
void append_integer(std::string& out, Integer value) {
  std::array<char, 24> buffer{};
  out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

void append_scalar(std::string& out, const Value& value, std::size_t indent) {
  switch (value.kind()) {
    case Kind::kNull:
      out += "null";
      break;
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      break;
    case Kind::kInt:
      append_integer(out, value.as_int());
      break;
    case Kind::kUint:
      append_integer(out, value.as_uint());
      break;
    case Kind::kFloat:
      append_double(out, value.as_double());
      break;
    case Kind::kString:
      append_yaml_string(out, value.as_string(), indent, false);
      break;
    case Kind::kList:
      out += "[]";
      break;
    case Kind::kMap:
      out += "{}";
      break;
  }
}

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
// Near enough beyond ASCII: keys there are rare.
bool is_letter(char32_t c) { return is_ascii_letter(c) || c >= 0xC0; }

// go-yaml's order of keys: letters after everything else, runs of digits by their value.
bool key_less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t both = std::min(a.size(), b.size());
  while (i < both && a[i] == b[i]) ++i;
  if (i < both && is_ascii_letter(static_cast<unsigned char>(a[i])) &&
      is_ascii_letter(static_cast<unsigned char>(b[i])))
    return a[i] < b[i];
  while (i > 0 && i < a.size() && (static_cast<unsigned char>(a[i]) & 0xC0) == 0x80) --i;
  if (i >= a.size() || i >= b.size()) return a.size() < b.size();
  char32_t x = rune_at(a, i).code;
  char32_t y = rune_at(b, i).code;
  bool x_letter = is_letter(x);
  bool y_letter = is_letter(y);
  if (x_letter && y_letter) return x < y;
  if (x_letter || y_letter) return y_letter;
  std::int64_t x_number = 0;
  std::int64_t y_number = 0;
  if (x == '0' || y == '0') {
    // Behind a digit other than 0 a 0 is part of a longer number, and must not read as a smaller one.
    for (std::size_t j = i; j > 0 && is_digit(static_cast<unsigned char>(a[j - 1])); --j) {
      if (a[j - 1] != '0') {
        x_number = y_number = 1;
        break;
      }
    }
  }
  auto run = [](std::string_view text, std::size_t from, std::int64_t& number) {
    std::size_t at = from;
    for (; at < text.size() && is_digit(static_cast<unsigned char>(text[at])); ++at) {
      number = static_cast<std::int64_t>(static_cast<std::uint64_t>(number) * 10 +
                                         static_cast<std::uint64_t>(text[at] - '0'));
    }
    return at;
  };
  std::size_t x_end = run(a, i, x_number);
  std::size_t y_end = run(b, i, y_number);
  if (x_number != y_number) return x_number < y_number;
  if (x_end != y_end) return x_end < y_end;
  return x < y;
}

// Gathers short pieces, so that a string grows by a few long ones.
class Chunk {
 public:
  explicit Chunk(std::string& out) : out_(out) {}

  void put(std::string_view text) {
    if (text.size() > bytes_.size() - used_) {
      flush();
      if (text.size() > bytes_.size()) {
        out_ += text;
        return;
      }
    }
    std::memcpy(bytes_.data() + used_, text.data(), text.size());
    used_ += text.size();
  }
  void put(char c) {
    if (used_ == bytes_.size()) flush();
    bytes_[used_++] = c;
  }
  void pad(std::size_t spaces) {
    for (; spaces > 0; --spaces) put(' ');
  }
  // The string, with all that was put.
  std::string& flush() {
    out_.append(bytes_.data(), used_);
    used_ = 0;
    return out_;
  }

 private:
  std::string& out_;
  std::size_t used_ = 0;
  std::array<char, 4096> bytes_;
};

class YamlWriter {
 public:
  YamlWriter(std::string& out, KeyOrder order) : out_(out), order_(order) {}

  void document(const Value& value) {
    if (value.empty()) {
      scalar(value, kIndent);
      out_.put('\n');
    } else if (value.is_map()) {
      map(value, 0, true);
    } else {
      list(value, 0, true);
    }
    out_.flush();
  }

 private:
  // Writes the members at `indent`. `continued`: the cursor stands where the first one goes ("- a: 1").
  void map(const Value& value, std::size_t indent, bool continued) {
    std::size_t base = open_.size();
    put_in_order(value);
    for (std::size_t i = base; i < base + value.size(); ++i) {
      if (!continued) out_.pad(indent);
      continued = false;
      member(*open_[i], indent);
    }
    open_.resize(base);
  }

  void put_in_order(const Value& value) {
    auto base = static_cast<std::ptrdiff_t>(open_.size());
    for (const Member& entry : value.members()) open_.push_back(&entry);
    if (order_ == KeyOrder::kAsWritten) return;
    auto less = [](const Member* a, const Member* b) { return key_less(a->key, b->key); };
    if (!std::is_sorted(open_.begin() + base, open_.end(), less)) std::sort(open_.begin() + base, open_.end(), less);
  }

  void member(const Member& entry, std::size_t indent) {
    bool plain = stands_plain(entry.key) && entry.key.size() <= kLongestSimpleKey;
    bool simple = plain || (entry.key.size() <= kLongestSimpleKey && entry.key.find('\n') == std::string_view::npos);
    if (plain) {
      out_.put(entry.key);
    } else {
      if (!simple) out_.put("? ");
      append_yaml_string(out_.flush(), entry.key, indent + kIndent, simple);
    }
    if (simple) {
      out_.put(':');
      member_value(entry.value, indent);
    } else {
      out_.put('\n');
      out_.pad(indent);
      out_.put(": ");
      item(entry.value, indent);
    }
  }

  // What follows "key:" of a map at `indent`.
  void member_value(const Value& value, std::size_t indent) {
    if (value.empty()) {
      out_.put(' ');
      scalar(value, indent + kIndent);
      out_.put('\n');
    } else if (value.is_map()) {
      out_.put('\n');
      map(value, indent + kIndent, false);
    } else {
      out_.put('\n');
      list(value, indent, false);
    }
  }

  void list(const Value& value, std::size_t indent, bool continued) {
    for (const Value& element : value.items()) {
      if (!continued) out_.pad(indent);
      continued = false;
      out_.put("- ");
      item(element, indent);
    }
  }

  // What follows "- " of a list at `indent`.
  void item(const Value& value, std::size_t indent) {
    if (value.empty()) {
      scalar(value, indent + kIndent);
      out_.put('\n');
    } else if (value.is_map()) {
      map(value, indent + kIndent, true);
    } else {
      list(value, indent + kIndent, true);
    }
  }

  void scalar(const Value& value, std::size_t indent) {
    if (value.is_string() && stands_plain(value.as_string()))
      out_.put(value.as_string());
    else
      append_scalar(out_.flush(), value, indent);
  }

  Chunk out_;
  KeyOrder order_;
  std::vector<const Member*> open_;  // the members of every map that is being written, the innermost last
};

}  // namespace

void render_yaml(const Value& value, std::string& out, KeyOrder order) { YamlWriter(out, order).document(value); }

std::string render_yaml(const Value& value, KeyOrder order) {
  std::string out;
  render_yaml(value, out, order);
  return out;
}

}  // namespace pawl::format
