#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/cel/lib/decimal.h"

namespace pawl::cel::lib {

// An amount of a resource as Kubernetes writes it: "100m", "1.5Gi", "12e6". What it accepts, when it rounds, and which
// sums are integers is what k8s.io/apimachinery v0.34 pkg/api/resource does; an immutable value.
// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
class Quantity {
 public:
  enum class Format : std::uint8_t { kDecimalExponent, kBinarySi, kDecimalSi };
  // value * 10^scale
  struct Scaled {
    std::int64_t value = 0;
    std::int32_t scale = 0;

    std::optional<std::int64_t> whole() const;
    std::optional<Scaled> plus(const Scaled& other) const;
  };
  // All of it but how it was read, trivially destructible. `digits` views the quantity's own.
  struct Parts {
    Scaled small;
    Format format = Format::kDecimalSi;
    std::string_view digits;  // "" unless kept as a decimal
    bool negative = false;
    std::int64_t exponent = 0;
  };
  static Quantity from(const Parts& parts);
  Parts parts() const;

  // Errors: kInvalid with Kubernetes' text. What needs more than Decimal::kDigits digits is refused as not numeric.
  static Result<Quantity> parse(std::string_view text);
  static Quantity of(std::int64_t value);

  // The canonical form, or the text it was read from where that is canonical enough for Kubernetes ("+1").
  std::string text() const;

  // Amounts that were kept as decimals of any precision are none, even whole ones: "9223372036854775807".
  std::optional<std::int64_t> as_integer() const;
  double as_approximate_double() const;
  int sign() const;
  // Errors: kInvalid where the exponents lie further apart than Decimal::kDigits.
  Result<Quantity> plus(const Quantity& other) const;
  Result<Quantity> minus(const Quantity& other) const;

  std::strong_ordering operator<=>(const Quantity& other) const;  // of the amounts, however written
  bool operator==(const Quantity& other) const { return (*this <=> other) == std::strong_ordering::equal; }

 private:
  friend struct QuantityReader;

  Decimal decimal() const;
  bool is_zero() const { return sign() == 0; }
  Format written_format() const;
  std::string canonical_decimal(Format format) const;
  std::string canonical_binary() const;

  Scaled small_;  // unless large_
  std::optional<Decimal> large_;
  Format format_ = Format::kDecimalSi;
  std::string as_read_;  // "" unless text() repeats it
};

}  // namespace pawl::cel::lib
