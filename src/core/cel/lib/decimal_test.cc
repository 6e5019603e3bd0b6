#include "core/cel/lib/decimal.h"

#include <gtest/gtest.h>

#include <limits>

namespace pawl::cel::lib {
namespace {

Decimal decimal(std::int64_t value, std::int64_t exponent = 0) { return Decimal::of(value, exponent); }

TEST(Decimal, ComparesValuesNotDigits) {
  EXPECT_EQ(decimal(10), decimal(1, 1));
  EXPECT_EQ(decimal(0), decimal(0, 5));
  EXPECT_LT(decimal(-1), decimal(0));
  EXPECT_LT(decimal(-11), decimal(-1, 1));
  EXPECT_LT(decimal(9), decimal(1, 1'000'000'000'000));
  EXPECT_LT(decimal(std::numeric_limits<std::int64_t>::min()), decimal(std::numeric_limits<std::int64_t>::max()));
}

TEST(Decimal, AddsExactly) {
  EXPECT_EQ(sum(decimal(999), decimal(1))->digits, "1000");
  EXPECT_EQ(sum(decimal(1, 20), decimal(-1))->digits, "99999999999999999999");
  EXPECT_EQ(sum(decimal(-5), decimal(3))->sign(), -1);
  EXPECT_EQ(sum(decimal(5), decimal(-5))->sign(), 0);
  EXPECT_EQ(sum(decimal(1, 100'000), decimal(1)), std::nullopt);
}

TEST(Decimal, RoundsAwayFromZero) {
  EXPECT_EQ(*decimal(11, -1).rounded_away(0), decimal(2));
  EXPECT_EQ(*decimal(-11, -1).rounded_away(0), decimal(-2));
  EXPECT_EQ(*decimal(10, -1).rounded_away(0), decimal(1));
  EXPECT_EQ(*decimal(1, -1'000'000'000).rounded_away(-9), decimal(1, -9));
  EXPECT_EQ(decimal(3, 2).rounded_away(0)->digits, "300");
}

TEST(Decimal, MultipliesAndDivides) {
  EXPECT_EQ(Decimal::of(false, "123456789012345678901234567890", 0).times(1024).digits,
            "126419751948641975194864197519360");
  EXPECT_EQ(decimal(4096).divided(1024), decimal(4));
  EXPECT_EQ(decimal(4097).divided(1024), std::nullopt);
  EXPECT_EQ(decimal(0).times(7), decimal(0));
}

TEST(Decimal, BecomesTheNearestDouble) {
  EXPECT_EQ(Decimal::of(true, "9007199254740993", 0).digits_as_double(), -9007199254740992.0);
  EXPECT_EQ(Decimal::of(false, std::string(400, '9'), 0).digits_as_double(), std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace pawl::cel::lib
