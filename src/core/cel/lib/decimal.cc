#include "core/cel/lib/decimal.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace pawl::cel::lib {

namespace {

std::string_view without_leading_zeros(std::string_view digits) {
  std::size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? "0" : digits.substr(first);
}

// Of digits without leading zeros.
std::strong_ordering compare_digits(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

std::string add_digits(std::string_view a, std::string_view b) {
  std::string out;
  int carry = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry > 0; ++i) {
    int digit = carry + (i < a.size() ? a[a.size() - 1 - i] - '0' : 0) + (i < b.size() ? b[b.size() - 1 - i] - '0' : 0);
    out.push_back(static_cast<char>('0' + digit % 10));
    carry = digit / 10;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

// Requires a >= b.
std::string subtract_digits(std::string_view a, std::string_view b) {
  std::string out(a);
  int borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    int digit = (a[a.size() - 1 - i] - '0') - borrow - (i < b.size() ? b[b.size() - 1 - i] - '0' : 0);
    borrow = digit < 0 ? 1 : 0;
    out[a.size() - 1 - i] = static_cast<char>('0' + digit + 10 * borrow);
  }
  return std::string(without_leading_zeros(out));
}

// Magnitudes of values that are not zero. The place of the first digit decides without writing out what may be billions
// of zeros.
std::strong_ordering compare_magnitudes(const Decimal& a, const Decimal& b) {
  auto place = [](const Decimal& d) { return static_cast<std::int64_t>(d.digits.size()) + d.exponent; };
  if (auto order = place(a) <=> place(b); order != 0) return order;
  std::size_t width = std::max(a.digits.size(), b.digits.size());
  std::string x = a.digits + std::string(width - a.digits.size(), '0');
  std::string y = b.digits + std::string(width - b.digits.size(), '0');
  return x.compare(y) <=> 0;
}

}  // namespace

Decimal Decimal::of(std::int64_t value, std::int64_t exponent) {
  bool negative = value < 0;
  std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  return of(negative, std::to_string(magnitude), exponent);
}

Decimal Decimal::of(bool negative, std::string_view digits, std::int64_t exponent) {
  Decimal out;
  out.digits = without_leading_zeros(digits);
  out.negative = negative && !out.is_zero();
  out.exponent = exponent;
  return out;
}

Decimal Decimal::negated() const { return of(!negative, digits, exponent); }

std::optional<Decimal> Decimal::with_exponent_at_most(std::int64_t to) const {
  if (exponent <= to) return *this;
  if (is_zero()) return of(false, "0", to);
  auto zeros = static_cast<std::size_t>(exponent - to);
  if (zeros > kDigits || digits.size() + zeros > kDigits) return std::nullopt;
  return of(negative, digits + std::string(zeros, '0'), to);
}

std::optional<Decimal> Decimal::rounded_away(std::int64_t to) const {
  if (exponent >= to) return with_exponent_at_most(to);
  auto dropped = static_cast<std::size_t>(to - exponent);
  bool all = dropped >= digits.size();
  std::string_view kept = all ? "0" : std::string_view(digits).substr(0, digits.size() - dropped);
  std::string_view rest = all ? digits : std::string_view(digits).substr(digits.size() - dropped);
  bool exact = rest.find_first_not_of('0') == std::string_view::npos;
  return of(negative, exact ? std::string(kept) : add_digits(kept, "1"), to);
}

Decimal Decimal::times(std::uint32_t factor) const {
  std::string out;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < digits.size() || carry > 0; ++i) {
    if (i < digits.size())
      carry += std::uint64_t{factor} * static_cast<std::uint64_t>(digits[digits.size() - 1 - i] - '0');
    out.push_back(static_cast<char>('0' + carry % 10));
    carry /= 10;
  }
  std::reverse(out.begin(), out.end());
  return of(negative, out.empty() ? "0" : out, exponent);
}

std::optional<Decimal> Decimal::divided(std::uint32_t divisor) const {
  std::string out;
  std::uint64_t rest = 0;
  for (char c : digits) {
    rest = rest * 10 + static_cast<std::uint64_t>(c - '0');
    out.push_back(static_cast<char>('0' + rest / divisor));
    rest %= divisor;
  }
  if (rest != 0) return std::nullopt;
  return of(negative, out, exponent);
}

double Decimal::digits_as_double() const {
  double value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) value = std::numeric_limits<double>::infinity();
  return negative ? -value : value;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  if (sign() != other.sign()) return sign() <=> other.sign();
  if (is_zero()) return std::strong_ordering::equal;
  return negative ? compare_magnitudes(other, *this) : compare_magnitudes(*this, other);
}

std::optional<Decimal> sum(const Decimal& a, const Decimal& b) {
  std::int64_t exponent = std::min(a.exponent, b.exponent);
  std::optional<Decimal> x = a.with_exponent_at_most(exponent);
  std::optional<Decimal> y = b.with_exponent_at_most(exponent);
  if (!x || !y) return std::nullopt;
  if (x->negative == y->negative) return Decimal::of(x->negative, add_digits(x->digits, y->digits), exponent);
  if (compare_digits(x->digits, y->digits) < 0) std::swap(x, y);
  return Decimal::of(x->negative, subtract_digits(x->digits, y->digits), exponent);
}

}  // namespace pawl::cel::lib
