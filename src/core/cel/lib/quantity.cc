#include "core/cel/lib/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace pawl::cel::lib {

namespace {

constexpr std::int32_t kNano = -9;
constexpr std::int64_t kMostNegative = std::numeric_limits<std::int64_t>::min();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Error wrong_format() {
  return Error(ErrorCode::kInvalid,
               "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}
Error wrong_number() { return Error(ErrorCode::kInvalid, "unable to parse numeric part of quantity"); }
Error wrong_suffix() { return Error(ErrorCode::kInvalid, "unable to parse quantity's suffix"); }

struct Suffix {
  std::string_view text;
  int base;
  std::int32_t exponent;
};
constexpr std::array<Suffix, 16> kSuffixes = {{{"n", 10, -9},
                                               {"u", 10, -6},
                                               {"m", 10, -3},
                                               {"", 10, 0},
                                               {"k", 10, 3},
                                               {"M", 10, 6},
                                               {"G", 10, 9},
                                               {"T", 10, 12},
                                               {"P", 10, 15},
                                               {"E", 10, 18},
                                               {"Ki", 2, 10},
                                               {"Mi", 2, 20},
                                               {"Gi", 2, 30},
                                               {"Ti", 2, 40},
                                               {"Pi", 2, 50},
                                               {"Ei", 2, 60}}};

// An exponent that has no suffix gets none: 1024Ei prints as "1". Kubernetes does so, too.
std::string_view suffix_for(int base, std::int64_t exponent) {
  for (const Suffix& suffix : kSuffixes) {
    if (suffix.base == base && suffix.exponent == exponent) return suffix.text;
  }
  return "";
}

std::optional<std::int64_t> times(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
  return out;
}

std::optional<std::int64_t> times_power_of_ten(std::int64_t value, std::int64_t power) {
  if (value == 0) return 0;
  for (std::int64_t i = 0; i < power; ++i) {
    std::optional<std::int64_t> next = times(value, 10);
    if (!next) return std::nullopt;
    value = *next;
  }
  return value;
}

// Go's math.Pow10: two exact table entries and one rounding.
double go_power_of_ten(std::int64_t n) {
  if (n < -323) return 0;
  if (n > 308) return std::numeric_limits<double>::infinity();
  auto power = [](std::int64_t e) {
    std::string text = "1e" + std::to_string(e);
    double out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
  };
  if (n >= 0) return power(n / 32 * 32) * power(n % 32);
  return power(n / 32 * 32) / power(-n % 32);
}

}  // namespace

// The parts of one text and how they make an amount.
struct QuantityReader {
  using Format = Quantity::Format;

  bool positive = true;
  std::string_view value;  // sign, digits and point
  std::string_view numerator;
  std::string_view denominator;
  std::string_view suffix;
  int base = 10;
  std::int32_t exponent = 0;
  Format format = Format::kDecimalSi;

  static std::size_t skip_digits(std::string_view text, std::size_t from) {
    while (from < text.size() && is_digit(text[from])) ++from;
    return from;
  }

  // False where the text is no quantity. A lone sign or point is zero, as for Kubernetes.
  bool split(std::string_view text) {
    std::size_t at = 0;
    positive = text[0] != '-';
    if (text[0] == '-' || text[0] == '+') ++at;
    while (at < text.size() && text[at] == '0') ++at;
    numerator = value = "0";
    if (at == text.size()) return true;
    std::size_t end = skip_digits(text, at);
    if (end > at) numerator = text.substr(at, end - at);
    if (end < text.size() && text[end] == '.') {
      at = end + 1;
      end = skip_digits(text, at);
      denominator = text.substr(at, end - at);
    }
    value = text.substr(0, end);
    suffix = text.substr(end);
    at = std::min(suffix.find_first_not_of("eEinumkKMGTP"), suffix.size());
    if (at < suffix.size() && (suffix[at] == '-' || suffix[at] == '+')) ++at;
    return skip_digits(suffix, at) == suffix.size();
  }

  bool interpret_suffix() {
    for (const Suffix& known : kSuffixes) {
      if (known.text != suffix) continue;
      base = known.base;
      exponent = known.exponent;
      format = base == 2 ? Format::kBinarySi : Format::kDecimalSi;
      return true;
    }
    if (suffix.size() < 2 || (suffix[0] != 'E' && suffix[0] != 'e')) return false;
    std::string_view digits = suffix.substr(suffix[1] == '+' ? 2 : 1);
    if (digits.empty() || (suffix[1] == '+' && digits[0] == '-')) return false;
    std::int64_t parsed = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
    if (error != std::errc() || end != digits.data() + digits.size()) return false;
    exponent = static_cast<std::int32_t>(parsed);  // cut to 32 bits, as Kubernetes does
    format = Format::kDecimalExponent;
    return true;
  }

  // How many more digits 64 bits would hold; negative where they might not do.
  std::int64_t spare_digits() const {
    auto digits = static_cast<std::int64_t>(numerator.size() + denominator.size());
    if (base == 10) return 18 - digits;
    if (!denominator.empty()) return -1;
    return 15 - digits - exponent * 3 / 10 - 1;
  }

  std::optional<Quantity> read_small(std::string_view text) const {
    std::int64_t scale = (base == 10 ? exponent : 0) - static_cast<std::int64_t>(denominator.size());
    if (spare_digits() < 0 || scale < kNano) return std::nullopt;
    std::string shifted = std::string(numerator) + std::string(denominator);
    std::int64_t number = 0;
    std::from_chars(shifted.data(), shifted.data() + shifted.size(), number);
    std::optional<std::int64_t> product = times(number, base == 2 ? std::int64_t{1} << exponent : 1);
    if (!product) return std::nullopt;
    Quantity out;
    out.small_ = {positive ? *product : -*product, static_cast<std::int32_t>(scale)};
    out.format_ = format;
    bool canonical = base == 2 ? exponent % 10 == 0 && (number & 7) != 0
                               : scale % 3 == 0 && !shifted.ends_with("000") && shifted[0] != '0';
    if (canonical) out.as_read_ = text;
    return out;
  }

  // Without the sign; nullopt where it has no digit.
  std::optional<Decimal> magnitude() const {
    std::string digits;
    for (char c : value) {
      if (is_digit(c)) digits.push_back(c);
    }
    if (digits.empty() || digits.size() > Decimal::kDigits) return std::nullopt;
    Decimal out = Decimal::of(false, digits, -static_cast<std::int64_t>(denominator.size()));
    if (base == 10) out.exponent += exponent;
    for (int bits = base == 2 ? exponent : 0; bits > 0; bits -= 10) out = out.times(1024);
    return out;
  }

  Result<Quantity> read_large() {
    std::optional<Decimal> amount = magnitude();
    if (amount && !amount->is_zero()) amount = amount->rounded_away(kNano);
    if (!amount) return wrong_number();
    Decimal most = Decimal::of(std::numeric_limits<std::int64_t>::max());
    if (format == Format::kBinarySi && *amount > most) amount = most;
    if (format == Format::kBinarySi && *amount < Decimal::of(1) && !amount->is_zero()) format = Format::kDecimalSi;
    Quantity out;
    out.large_ = positive ? std::move(*amount) : amount->negated();
    out.format_ = format;
    return out;
  }

  static Result<Quantity> sum_of(const Quantity& a, const Quantity& b, const Decimal& exact_b) {
    Quantity out;
    out.format_ = a.is_zero() ? b.format_ : a.format_;
    if (!a.large_ && !b.large_) {
      if (std::optional<Quantity::Scaled> small = a.small_.plus(b.small_)) {
        out.small_ = *small;
        return out;
      }
    }
    out.large_ = sum(a.decimal(), exact_b);
    if (!out.large_) return Error(ErrorCode::kInvalid, "quantity is out of range");
    return out;
  }
};

Result<Quantity> Quantity::parse(std::string_view text) {
  QuantityReader reader;
  if (text.empty() || !reader.split(text)) return wrong_format();
  if (!reader.interpret_suffix()) return wrong_suffix();
  if (std::optional<Quantity> small = reader.read_small(text)) return *std::move(small);
  return reader.read_large();
}

Quantity Quantity::of(std::int64_t value) {
  Quantity out;
  out.small_.value = value;
  out.format_ = Format::kDecimalExponent;
  return out;
}

std::optional<std::int64_t> Quantity::Scaled::whole() const {
  if (scale < 0) return std::nullopt;
  return times_power_of_ten(value, scale);
}

std::optional<Quantity::Scaled> Quantity::Scaled::plus(const Scaled& other) const {
  if (other.value == 0) return *this;
  if (value == 0) return other;
  std::int32_t least = std::min(scale, other.scale);
  std::optional<std::int64_t> a = times_power_of_ten(value, std::int64_t{scale} - least);
  std::optional<std::int64_t> b = times_power_of_ten(other.value, std::int64_t{other.scale} - least);
  Scaled out;
  out.scale = least;
  if (!a || !b || __builtin_add_overflow(*a, *b, &out.value)) return std::nullopt;
  return out;
}

Quantity Quantity::from(const Parts& parts) {
  Quantity out;
  out.small_ = parts.small;
  out.format_ = parts.format;
  if (!parts.digits.empty()) out.large_ = Decimal::of(parts.negative, parts.digits, parts.exponent);
  return out;
}

Quantity::Parts Quantity::parts() const {
  Parts out;
  out.small = small_;
  out.format = format_;
  if (large_) out.digits = large_->digits, out.negative = large_->negative, out.exponent = large_->exponent;
  return out;
}

Decimal Quantity::decimal() const { return large_ ? *large_ : Decimal::of(small_.value, small_.scale); }

std::optional<std::int64_t> Quantity::as_integer() const {
  if (large_) return std::nullopt;
  return small_.whole();
}

double Quantity::as_approximate_double() const {
  double base = large_ ? large_->digits_as_double() : static_cast<double>(small_.value);
  std::int64_t exponent = large_ ? large_->exponent : small_.scale;
  return exponent == 0 ? base : base * go_power_of_ten(exponent);
}

int Quantity::sign() const {
  if (large_) return large_->sign();
  return small_.value == 0 ? 0 : small_.value > 0 ? 1 : -1;
}

Result<Quantity> Quantity::plus(const Quantity& other) const {
  return QuantityReader::sum_of(*this, other, other.decimal());
}

Result<Quantity> Quantity::minus(const Quantity& other) const {
  Quantity negated = other;
  // Kubernetes negates in 64 bits, which leaves the most negative number as it is.
  if (other.small_.value != kMostNegative) negated.small_.value = -other.small_.value;
  return QuantityReader::sum_of(*this, negated, other.decimal().negated());
}

std::strong_ordering Quantity::operator<=>(const Quantity& other) const {
  if (!large_ && !other.large_ && small_.scale == other.small_.scale) return small_.value <=> other.small_.value;
  return decimal() <=> other.decimal();
}

// Binary suffixes only for whole numbers from 1024 on.
Quantity::Format Quantity::written_format() const {
  if (format_ != Format::kBinarySi) return format_;
  Decimal amount = decimal();
  amount.negative = false;
  bool whole = amount.exponent >= 0 || amount.rounded_away(0) == amount;
  return whole && amount >= Decimal::of(1024) ? Format::kBinarySi : Format::kDecimalSi;
}

std::string Quantity::canonical_decimal(Format format) const {
  Decimal amount = decimal();
  std::size_t zeros = amount.digits.size() - 1 - amount.digits.find_last_not_of('0');
  amount.digits.resize(amount.digits.size() - zeros);
  amount.exponent += static_cast<std::int64_t>(zeros);
  for (; amount.exponent % 3 != 0; --amount.exponent) amount.digits.push_back('0');
  std::string out = (amount.negative ? "-" : "") + amount.digits;
  if (format == Format::kDecimalSi) return out.append(suffix_for(10, amount.exponent));
  return amount.exponent == 0 ? out : out + "e" + std::to_string(amount.exponent);
}

std::string Quantity::canonical_binary() const {
  Decimal amount = decimal().rounded_away(0).value_or(Decimal());
  std::int64_t exponent = 0;
  while (std::optional<Decimal> next = amount.divided(1024)) {
    amount = *std::move(next);
    exponent += 10;
  }
  return ((amount.negative ? "-" : "") + amount.digits).append(suffix_for(2, exponent));
}

std::string Quantity::text() const {
  if (!as_read_.empty()) return as_read_;
  if (is_zero()) return "0";
  Format format = written_format();
  return format == Format::kBinarySi ? canonical_binary() : canonical_decimal(format);
}

}  // namespace pawl::cel::lib
