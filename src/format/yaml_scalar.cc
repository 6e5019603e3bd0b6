#include "format/yaml_scalar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace pawl::format {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// Whether `text` is a lower-case `word`: as it is, with a capital, or in capitals.
bool spells(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  auto upper = [](char c) { return static_cast<char>(c - 'a' + 'A'); };
  bool capital = text[0] == upper(word[0]);
  if (!capital && text[0] != word[0]) return false;
  bool all_upper = capital;
  bool rest_lower = true;
  for (std::size_t i = 1; i < word.size(); ++i) {
    all_upper &= text[i] == upper(word[i]);
    rest_lower &= text[i] == word[i];
  }
  return all_upper || rest_lower;
}

// Digits of `base` that fill `text` whole, as an unsigned number.
std::optional<std::uint64_t> parse_digits(std::string_view text, int base) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Value> signed_integer(std::uint64_t magnitude, bool negative) {
  if (!negative) return Value::integer(magnitude);
  constexpr std::uint64_t kLeast = std::uint64_t{1} << 63;
  if (magnitude > kLeast) return std::nullopt;
  return Value::integer(static_cast<std::int64_t>(~magnitude + 1));
}

// A whole number as people write it: digits without a 0 in front, few enough for 64 bits.
std::optional<std::int64_t> simple_integer(std::string_view text) {
  if (text.empty() || text.size() > 18 || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  std::int64_t value = 0;
  for (char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

struct Prefix {
  std::string_view text;
  int base;
};

// As Go's strconv.ParseInt with base 0, which also reads a leading 0 as octal.
std::optional<Value> parse_integer(std::string_view text, std::span<const Prefix> prefixes, int leading_zero_base) {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  int base = 10;
  for (const Prefix& prefix : text.starts_with('0') ? prefixes : std::span<const Prefix>()) {
    if (text.starts_with(prefix.text)) {
      base = prefix.base;
      text.remove_prefix(prefix.text.size());
      break;
    }
  }
  if (base == 10 && text.size() > 1 && text[0] == '0') base = leading_zero_base;
  std::optional<std::uint64_t> magnitude = parse_digits(text, base);
  if (!magnitude) return std::nullopt;
  return signed_integer(*magnitude, negative);
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_like_float(std::string_view text) {
  std::size_t at = 0;
  auto digits = [&] {
    std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - start;
  };
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  std::size_t whole = digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::optional<Value> parse_float(std::string_view text) {
  if (!looks_like_float(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return Value::number(value);
  return std::nullopt;  // 1e400: no double is near, so it stays text
}

std::optional<Value> special_float(std::string_view text) {
  if (text.size() < 4 || text.size() > 5) return std::nullopt;
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return Value::number(std::numeric_limits<double>::quiet_NaN());
  if (is_one_of(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})) return Value::number(HUGE_VAL);
  if (is_one_of(text, {"-.inf", "-.Inf", "-.INF"})) return Value::number(-HUGE_VAL);
  return std::nullopt;
}

// Whether YAML 1.1 reads it as null, true or false.
bool is_old_word(std::string_view text) {
  if (text.size() > kLongestWord) return false;
  if (text.empty()) return true;
  switch (text[0]) {
    case '~':
      return text.size() == 1;
    case 'n':
    case 'N':
      return spells(text, "n") || spells(text, "no") || spells(text, "null");
    case 'y':
    case 'Y':
      return spells(text, "y") || spells(text, "yes");
    case 'o':
    case 'O':
      return spells(text, "on") || spells(text, "off");
    case 't':
    case 'T':
      return spells(text, "true");
    case 'f':
    case 'F':
      return spells(text, "false");
    default:
      return false;
  }
}

bool may_be_number(std::string_view text) {
  return !text.empty() && (is_digit(text[0]) || text[0] == '-' || text[0] == '+' || text[0] == '.');
}

// A text of digits without the underscores between them.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {
    if (text.find('_') == std::string_view::npos) return;
    owned_ = text;
    std::erase(owned_, '_');
    text_ = owned_;
  }
  Digits(const Digits&) = delete;
  Digits& operator=(const Digits&) = delete;
  std::string_view text() const { return text_; }

 private:
  std::string owned_;
  std::string_view text_;
};

constexpr std::array<Prefix, 6> kGoPrefixes = {{{"0x", 16}, {"0X", 16}, {"0o", 8}, {"0O", 8}, {"0b", 2}, {"0B", 2}}};
constexpr std::array<Prefix, 2> kCorePrefixes = {{{"0x", 16}, {"0o", 8}}};

std::optional<Value> kubernetes_number(std::string_view text) {
  if (auto special = special_float(text)) return special;
  Digits digits(text);
  std::string_view plain = digits.text();
  if (plain.starts_with('.')) return parse_float(plain);
  if (auto integer = parse_integer(plain, kGoPrefixes, 8)) return integer;
  return parse_float(plain);
}

std::optional<Value> core_number(std::string_view text) {
  if (auto special = special_float(text)) return special;
  if (auto integer = parse_integer(text, kCorePrefixes, 10)) return integer;
  return parse_float(text);
}

// [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?
bool is_base_60(std::string_view text) {
  std::size_t at = 0;
  if (text[0] == '-' || text[0] == '+') ++at;
  if (at >= text.size() || !is_digit(text[at])) return false;
  while (at < text.size() && (is_digit(text[at]) || text[at] == '_')) ++at;
  std::size_t groups = 0;
  while (at + 1 < text.size() && text[at] == ':' && is_digit(text[at + 1])) {
    bool two = at + 2 < text.size() && is_digit(text[at + 2]) && text[at + 1] <= '5';
    at += two ? 3 : 2;
    ++groups;
  }
  if (groups == 0) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && (is_digit(text[at]) || text[at] == '_')) ++at;
  }
  return at == text.size();
}

struct Scanner {
  std::string_view text;
  std::size_t at = 0;

  // Between `least` and `most` digits; their value, or -1.
  int number(std::size_t least, std::size_t most) {
    int value = 0;
    std::size_t count = 0;
    while (count < most && at < text.size() && is_digit(text[at])) {
      value = value * 10 + (text[at++] - '0');
      ++count;
    }
    return count < least ? -1 : value;
  }
  bool take(char c) {
    if (at >= text.size() || text[at] != c) return false;
    ++at;
    return true;
  }
  bool done() const { return at == text.size(); }
};

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

bool is_date(int year, int month, int day) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap(year) ? 1 : 0);
}

// The zone of "2006-1-2T15:4:5Z07:00" as it is written back; nullopt when it is none.
std::optional<std::string> take_zone(Scanner& scan) {
  if (scan.take('Z')) return "Z";
  std::size_t start = scan.at;
  if (!scan.take('+') && !scan.take('-')) return std::nullopt;
  int hours = scan.number(2, 2);
  bool colon = scan.take(':');
  int minutes = scan.number(2, 2);
  if (hours < 0 || hours > 24 || !colon || minutes < 0 || minutes > 59) return std::nullopt;
  if (hours == 0 && minutes == 0) return "Z";
  return std::string(scan.text.substr(start, scan.at - start));
}

// ".5" of a second without its trailing zeros, "" where there is none; nullopt when it is malformed.
std::optional<std::string> take_fraction(Scanner& scan) {
  if (!scan.take('.')) return "";
  std::size_t start = scan.at;
  if (scan.number(1, 9) < 0) return std::nullopt;
  std::string digits(scan.text.substr(start, scan.at - start));
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits.empty() ? "" : "." + digits;
}

// Reads the formats that go-yaml tries (2006-1-2, 2006-1-2T15:4:5.9Z07:00, the same with "t", 2006-1-2 15:4:5.9) and
// returns the time as Go writes it into JSON, which is what becomes of a plain date in a manifest.
std::optional<std::string> timestamp(std::string_view text) {
  Scanner scan{text};
  int year = scan.number(4, 4);
  if (year < 0 || !scan.take('-')) return std::nullopt;
  int month = scan.number(1, 2);
  if (month < 0 || !scan.take('-')) return std::nullopt;
  int day = scan.number(1, 2);
  if (!is_date(year, month, day)) return std::nullopt;
  std::string date = fmt::format("{:04}-{:02}-{:02}T", year, month, day);
  if (scan.done()) return date + "00:00:00Z";
  bool spaced = scan.take(' ');
  if (!spaced && !scan.take('T') && !scan.take('t')) return std::nullopt;
  int hour = scan.number(1, 2);
  if (hour < 0 || hour > 23 || !scan.take(':')) return std::nullopt;
  int minute = scan.number(1, 2);
  if (minute < 0 || minute > 59 || !scan.take(':')) return std::nullopt;
  int second = scan.number(1, 2);
  if (second < 0 || second > 59) return std::nullopt;
  std::optional<std::string> fraction = take_fraction(scan);
  std::optional<std::string> zone = spaced ? std::optional<std::string>("Z") : take_zone(scan);
  if (!fraction || !zone || !scan.done()) return std::nullopt;
  return date + fmt::format("{:02}:{:02}:{:02}{}{}", hour, minute, second, *fraction, *zone);
}

}  // namespace

bool is_null_word(std::string_view text) { return text.empty() || text == "~" || spells(text, "null"); }

Value resolve_plain(Arena& arena, std::string_view text, YamlSchema schema) {
  if (schema == YamlSchema::kText) return Value::string_ref(text);
  if (!may_be_number(text)) {
    if (text.size() > kLongestWord) return Value::string_ref(text);
    if (is_null_word(text)) return Value::null();
    if (spells(text, "true")) return Value::boolean(true);
    if (spells(text, "false")) return Value::boolean(false);
    return Value::string_ref(text);
  }
  if (std::optional<std::int64_t> simple = simple_integer(text)) return Value::integer(*simple);
  if (schema == YamlSchema::kStrict12) return core_number(text).value_or(Value::string_ref(text));
  if (std::optional<std::string> time = timestamp(text)) return Value::string(arena, *time);
  return kubernetes_number(text).value_or(Value::string_ref(text));
}

bool needs_quotes(std::string_view text) {
  if (!may_be_number(text)) return is_old_word(text);
  if (simple_integer(text)) return true;
  if (special_float(text)) return true;
  Digits digits(text);
  std::string_view plain = digits.text();
  if (text[0] == '.') return parse_float(plain).has_value();
  return timestamp(text) || is_base_60(text) || parse_integer(plain, kGoPrefixes, 8) || parse_float(plain);
}

}  // namespace pawl::format
