#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::cel::lib {

// A decimal of any precision up to kDigits: (-1)^negative * digits * 10^exponent. Not normalised: 1.0 and 1 are equal
// and keep their exponents apart, as gopkg.in/inf.v0 keeps its scales.
struct Decimal {
  static constexpr std::size_t kDigits = 20'000;

  bool negative = false;
  std::string digits = "0";  // without leading zeros; "0" for zero, which is never negative
  std::int64_t exponent = 0;

  static Decimal of(std::int64_t value, std::int64_t exponent = 0);
  // `digits` are decimal digits, at least one; leading zeros are dropped.
  static Decimal of(bool negative, std::string_view digits, std::int64_t exponent);

  bool is_zero() const { return digits == "0"; }
  int sign() const { return is_zero() ? 0 : negative ? -1 : 1; }
  Decimal negated() const;
  // The same value with an exponent that is at most `to`. nullopt past kDigits.
  std::optional<Decimal> with_exponent_at_most(std::int64_t to) const;
  // The nearest multiple of 10^to that is not nearer to zero, with the exponent `to`. nullopt past kDigits.
  std::optional<Decimal> rounded_away(std::int64_t to) const;
  Decimal times(std::uint32_t factor) const;
  // Divides the digits; nullopt unless that leaves no remainder.
  std::optional<Decimal> divided(std::uint32_t divisor) const;
  // The digits alone, without the exponent, rounded to even.
  double digits_as_double() const;

  std::strong_ordering operator<=>(const Decimal& other) const;  // of the values
  bool operator==(const Decimal& other) const { return (*this <=> other) == std::strong_ordering::equal; }
};

// nullopt past Decimal::kDigits.
std::optional<Decimal> sum(const Decimal& a, const Decimal& b);

}  // namespace pawl::cel::lib
