#include "core/cel/lib/text_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "base/text.h"
#include "core/cel/lib/go_text.h"
#include "core/cel/time.h"
#include "format/utf8.h"

namespace pawl::cel::lib {

namespace {

constexpr int kDefaultPrecision = 6;

Error bad(std::string message) { return Error(ErrorCode::kInvalid, std::move(message)); }

std::string fixed_text(double value, int precision) { return fmt::format("{:.{}f}", value, precision); }
std::string scientific_text(double value, int precision) { return fmt::format("{:.{}e}", value, precision); }

std::string infinite_text(double value) { return std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity"; }

// "1234567.5" with commas between the thousands.
std::string with_separators(std::string text) {
  std::size_t first = text.starts_with('-') ? 1 : 0;
  std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t at = point; at > first + 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string superscript(std::string_view digits) {
  static constexpr std::string_view kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out;
  for (char c : digits) {
    if (c >= '0' && c <= '9') out += kDigits[c - '0'];
    if (c == '-') out += "⁻";
  }
  return out;
}

// What golang.org/x/text makes of numbers in English.
std::string english_infinite(double value) { return std::isnan(value) ? "NaN" : value < 0 ? "-∞" : "∞"; }

std::string english_fixed(double value, int precision) {
  if (!std::isfinite(value)) return english_infinite(value);
  return with_separators(fixed_text(value == 0 ? 0 : value, precision));
}

// The precision is taken for a width; there are always six digits.
std::string english_scientific(double value, int width) {
  std::string out = english_infinite(value);
  if (std::isfinite(value)) {
    std::string text = scientific_text(value == 0 ? 0 : value, kDefaultPrecision);
    std::size_t e = text.find('e');
    out = text.substr(0, e) + "×10" + superscript(std::string_view(text).substr(e + 1));
  }
  std::size_t length = code_points(out);
  auto wanted = static_cast<std::size_t>(width);
  return length < wanted ? std::string(wanted - length, ' ') + out : out;
}

std::string digits_in_base(std::uint64_t magnitude, bool negative, int base) {
  char buffer[64];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, magnitude, base);
  return (negative ? "-" : "") + std::string(buffer, end);
}

std::string integer_in_base(const Value& value, int base) {
  if (value.is_uint()) return digits_in_base(value.as_uint(), false, base);
  bool negative = value.as_int() < 0;
  auto bits = static_cast<std::uint64_t>(value.as_int());
  return digits_in_base(negative ? 0 - bits : bits, negative, base);
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

std::string bytes_as_hex(std::string_view bytes) {
  std::string out;
  for (char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

// Go's fmt for a verb that integers do not have: the number padded to the precision, between its marks.
std::string wrong_verb(char verb, const Value& value, int precision) {
  std::string digits = integer_in_base(value, 10);
  bool negative = digits.starts_with('-');
  if (negative) digits.erase(0, 1);
  if (precision == 0 && digits == "0") digits = verb == 'e' ? " " : "";  // "%1.0e": one character wide
  auto width = static_cast<std::size_t>(precision);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return fmt::format("%!{}({}={}{})", verb, value.is_uint() ? "uint64" : "int64", negative ? "-" : "", digits);
}

bool is_integer(const Value& value) { return value.is_int() || value.is_uint(); }

struct Clause {
  char verb = 0;
  int precision = kDefaultPrecision;
};

std::string scalar_text(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (is_integer(value)) return integer_in_base(value, 10);
  if (value.is(Value::Kind::kDuration)) return render_seconds(value.duration_nanos());
  if (value.is(Value::Kind::kTimestamp)) return render_timestamp(value.instant());
  return std::string(value.text());
}

bool is_writable(const Value& value) {
  return !value.is(Value::Kind::kOptional) && !value.is(Value::Kind::kOpaque) && !value.is_error() &&
         !value.is_absent() && !(value.is_map() && value.is_lazy());
}

std::string in_utc(Instant at) {
  at.offset_minutes = 0;
  return render_timestamp(at);
}

Error refuse(std::string_view rule, const Value& value) {
  return bad(fmt::format("{}, was given {}", rule, type_name(value)));
}

// Writes values by clauses, as one of the library's versions does.
class Writer {
 public:
  Writer(StringsVersion version, std::size_t most) : fourth_(version == StringsVersion::kFourth), most_(most) {}

  Result<std::string> write(const Clause& clause, const Value& value) {
    switch (clause.verb) {
      case 's':
        return text(value);
      case 'd':
        return decimal(value);
      case 'f':
        return fixed(value, clause.precision);
      case 'e':
        return scientific(value, clause.precision);
      case 'b':
        return binary(value);
      case 'o':
        return octal(value);
      default:
        return hexadecimal(value, clause.verb == 'X');
    }
  }

 private:
  Status make_room(std::size_t bytes) {
    written_ += bytes;
    if (written_ > most_) return Error(ErrorCode::kUnavailable, std::string(kTooMuchMemory));
    return {};
  }

  std::string number_text(double value) const {
    if (!fourth_) return shortest_general(value);
    return std::isfinite(value) ? shortest_fixed(value) : infinite_text(value);
  }

  Result<std::string> text(const Value& value) {
    if (!is_writable(value))
      return refuse(
          "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and "
          "timestamps",
          value);
    if (value.is_list()) return list(value);
    if (value.is_map()) return map(value);
    if (!fourth_ && value.is_bytes() && !is_valid_utf8(value.text()))
      return bad("could not convert argument \"invalid UTF-8 in bytes, cannot convert to string\" to string");
    std::string out = value.is_double() ? number_text(value.as_double()) : scalar_text(value);
    if (fourth_ && value.is(Value::Kind::kTimestamp)) out = in_utc(value.instant());
    PAWL_TRY(make_room(out.size() + 2));
    return out;
  }

  // Inside of a list or a map. The second version writes literals there.
  Result<std::string> nested(const Value& value) {
    if (fourth_) return text(value);
    if (!is_writable(value)) return bad(fmt::format("no formatting function for {}", type_name(value)));
    if (value.is_double()) {
      double number = value.as_double();
      return std::isfinite(number) ? fixed_text(number, kDefaultPrecision) : go_quote(shortest_general(number));
    }
    PAWL_ASSIGN(std::string out, text(value));
    if (value.is_string()) return go_quote(out);
    if (value.is_bytes()) return "b" + go_quote(out);
    if (value.is(Value::Kind::kDuration)) return "duration(" + go_quote(out) + ")";
    if (value.is(Value::Kind::kTimestamp)) return "timestamp(" + go_quote(out) + ")";
    return out;
  }

  Result<std::string> list(const Value& value) {
    std::string out = "[";
    for (std::size_t i = 0; i < value.size(); ++i) {
      PAWL_ASSIGN(std::string item, nested(value.item(i)));
      out.append(i > 0 ? ", " : "").append(item);
    }
    return out + "]";
  }

  Result<std::string> key_text(const Value& key) {
    if (!fourth_ && key.is_double()) return bad("no formatting function for map key of type double");
    return nested(key);
  }

  // By the texts of the keys.
  Result<std::string> map(const Value& value) {
    std::vector<std::pair<std::string, std::string>> entries;
    for (std::size_t i = 0; i < value.size(); ++i) {
      PAWL_ASSIGN(std::string key, key_text(value.key(i)));
      PAWL_ASSIGN(std::string entry, nested(value.entry(i)));
      entries.emplace_back(std::move(key), std::move(entry));
    }
    std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string out = "{";
    for (std::size_t i = 0; i < entries.size(); ++i)
      out.append(i > 0 ? ", " : "").append(entries[i].first).append(fourth_ ? ": " : ":").append(entries[i].second);
    return out + "}";
  }

  Result<std::string> decimal(const Value& value) const {
    if (is_integer(value)) return integer_in_base(value, 10);
    if (fourth_ && value.is_double()) return number_text(value.as_double());
    return refuse(fourth_ ? "decimal clause can only be used on ints, uints, and doubles"
                          : "decimal clause can only be used on integers",
                  value);
  }

  // The second version takes the names of what is no number for doubles.
  std::optional<double> double_in(const Value& value) const {
    if (value.is_double()) return value.as_double();
    if (fourth_ || !value.is_string()) return std::nullopt;
    if (value.text() == "NaN") return std::nan("");
    if (value.text() == "Infinity") return HUGE_VAL;
    if (value.text() == "-Infinity") return -HUGE_VAL;
    return std::nullopt;
  }

  std::string doubles() const { return fourth_ ? "ints, uints, and doubles" : "doubles"; }

  Result<std::string> fixed(const Value& value, int precision) {
    PAWL_TRY(make_room(static_cast<std::size_t>(precision)));
    if (fourth_ && is_integer(value)) return wrong_verb('f', value, precision);
    std::optional<double> number = double_in(value);
    if (!number) return refuse("fixed-point clause can only be used on " + doubles(), value);
    if (!fourth_) return english_fixed(*number, precision);
    return std::isfinite(*number) ? fixed_text(*number, precision) : infinite_text(*number);
  }

  Result<std::string> scientific(const Value& value, int precision) {
    PAWL_TRY(make_room(static_cast<std::size_t>(precision)));
    if (fourth_ && is_integer(value)) return wrong_verb('e', value, precision);
    std::optional<double> number = double_in(value);
    if (!number) return refuse("scientific clause can only be used on " + doubles(), value);
    if (!fourth_) return english_scientific(*number, precision);
    return std::isfinite(*number) ? scientific_text(*number, precision) : infinite_text(*number);
  }

  Result<std::string> binary(const Value& value) const {
    if (value.is_bool()) return std::string(value.as_bool() ? "1" : "0");
    if (is_integer(value)) return integer_in_base(value, 2);
    return refuse(fourth_ ? "only ints, uints, and bools can be formatted as binary"
                          : "only integers and bools can be formatted as binary",
                  value);
  }

  Result<std::string> octal(const Value& value) const {
    if (is_integer(value)) return integer_in_base(value, 8);
    return refuse(
        fourth_ ? "octal clause can only be used on ints and uints" : "octal clause can only be used on integers",
        value);
  }

  Result<std::string> hexadecimal(const Value& value, bool in_upper) {
    if (!is_integer(value) && !value.is_string() && !value.is_bytes())
      return refuse(fourth_ ? "only ints, uints, bytes, and strings can be formatted as hex"
                            : "only integers, byte buffers, and strings can be formatted as hex",
                    value);
    PAWL_TRY(make_room(is_integer(value) ? 0 : 2 * value.text().size()));
    std::string out = is_integer(value) ? integer_in_base(value, 16) : bytes_as_hex(value.text());
    return in_upper ? upper(std::move(out)) : out;
  }

  bool fourth_;
  std::size_t most_;
  std::size_t written_ = 0;
};

// strconv.Atoi of digits.
Result<int> parse_precision(std::string_view digits) {
  constexpr int kMost = 1'000'000;
  const std::string kWhile = "error while converting precision to integer: strconv.Atoi: parsing ";
  if (digits.empty()) return bad(kWhile + "\"\": invalid syntax");
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc()) return bad(kWhile + go_quote(digits) + ": value out of range");
  if (value > kMost) return Error(ErrorCode::kUnavailable, std::string(kTooMuchMemory));
  return static_cast<int>(value);
}

// Takes the clause behind a "%" from `rest`.
Result<Clause> take_clause(std::string_view& rest) {
  Clause out;
  if (rest[0] == '.') {
    std::size_t end = rest.find_first_not_of("0123456789", 1);
    if (end == std::string_view::npos)
      return bad("error while parsing precision: could not find end of precision specifier");
    Result<int> precision = parse_precision(rest.substr(1, end - 1));
    if (!precision && precision.error().code == ErrorCode::kUnavailable) return precision.error();
    if (!precision) return bad("error while parsing precision: " + precision.error().message);
    out.precision = *precision;
    rest.remove_prefix(end);
  }
  out.verb = rest[0];
  if (std::string_view("sdfebxXo").find(out.verb) == std::string_view::npos) {
    std::string byte;  // taken for a character, whatever it belongs to
    format::append_utf8(byte, static_cast<unsigned char>(out.verb));
    return bad("unrecognized formatting clause \"" + byte + "\"");
  }
  rest.remove_prefix(1);
  return out;
}

Error within(std::string_view what, const Error& error) {
  if (error.code == ErrorCode::kUnavailable) return error;
  return bad(std::string(what) + ": " + error.message);
}

Result<std::string> fill(std::string_view format, const Value& arguments, Writer& writer, std::size_t most) {
  std::string out;
  std::size_t index = 0;
  while (!format.empty()) {
    if (out.size() > most) return Error(ErrorCode::kUnavailable, std::string(kTooMuchMemory));
    if (format[0] != '%' || format.starts_with("%%")) {
      out.push_back(format[0]);
      format.remove_prefix(format[0] == '%' ? 2 : 1);
      continue;
    }
    if (index >= arguments.size()) return bad(fmt::format("index {} out of range", index));
    if (format.size() < 2) return bad("unexpected end of string");
    format.remove_prefix(1);
    Result<Clause> clause = take_clause(format);
    if (!clause) return within("could not parse formatting clause", clause.error());
    Result<std::string> text = writer.write(*clause, arguments.item(index++));
    if (!text) return within("error during formatting", text.error());
    out += *text;
  }
  return out;
}

}  // namespace

Result<std::string> format_text(std::string_view format, const Value& arguments, StringsVersion version,
                                std::size_t most) {
  Writer writer(version, most);
  return fill(format, arguments, writer, most);
}

}  // namespace pawl::cel::lib
