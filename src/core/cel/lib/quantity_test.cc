#include "core/cel/lib/quantity.h"

#include <gtest/gtest.h>

#include <optional>

namespace pawl::cel::lib {
namespace {

Quantity read(const std::string& text) {
  Result<Quantity> quantity = Quantity::parse(text);
  EXPECT_TRUE(quantity.ok()) << text;
  return quantity.ok() ? *quantity : Quantity::of(0);
}

// Expectations are what k8s.io/apimachinery v0.34.4 pkg/api/resource answers.

struct Reading {
  const char* text;
  const char* canonical;
  std::optional<std::int64_t> integer;
  int sign;
  double approximate;
};

TEST(Quantity, ReadsAsKubernetesDoes) {
  const Reading readings[] = {
      {"0", "0", 0, 0, 0},
      {"1", "1", 1, 1, 1},
      {"-1", "-1", -1, -1, -1},
      {"+1", "+1", 1, 1, 1},
      {".", "0", 0, 0, 0},
      {"-", "0", 0, 0, 0},
      {"1.5", "1500m", std::nullopt, 1, 1.5},
      {"0.1", "100m", std::nullopt, 1, 0.10000000000000001},
      {"100m", "100m", std::nullopt, 1, 0.10000000000000001},
      {"1500m", "1500m", std::nullopt, 1, 1.5},
      {"1k", "1k", 1000, 1, 1000},
      {"1000k", "1M", 1000000, 1, 1000000},
      {"1234567", "1234567", 1234567, 1, 1234567},
      {"12e6", "12e6", 12000000, 1, 12000000},
      {"12E6", "12E6", 12000000, 1, 12000000},
      {"1e3", "1e3", 1000, 1, 1000},
      {"1Ki", "1Ki", 1024, 1, 1024},
      {"1024Ki", "1Mi", 1048576, 1, 1048576},
      {"1.5Gi", "1536Mi", std::nullopt, 1, 1610612736},
      {"0.5Ki", "512", std::nullopt, 1, 512},
      {"0.0005Ki", "512m", std::nullopt, 1, 0.51200000000000001},
      {"1Ei", "1Ei", std::nullopt, 1, 1.152921504606847e+18},
      {"9Ei", "9223372036854775807", std::nullopt, 1, 9.2233720368547758e+18},
      {"16Ei", "9223372036854775807", std::nullopt, 1, 9.2233720368547758e+18},
      {"-16Ei", "-9223372036854775807", std::nullopt, -1, -9.2233720368547758e+18},
      {"999999999999999999", "999999999999999999", 999999999999999999, 1, 1e+18},
      {"9223372036854775807", "9223372036854775807", std::nullopt, 1, 9.2233720368547758e+18},
      {"9223372036854775808", "9223372036854775808", std::nullopt, 1, 9.2233720368547758e+18},
      {"1n", "1n", std::nullopt, 1, 1.0000000000000001e-09},
      {"0.1n", "1n", std::nullopt, 1, 1.0000000000000001e-09},
      {"0.0000000001", "1n", std::nullopt, 1, 1.0000000000000001e-09},
      {"1e-10", "1e-9", std::nullopt, 1, 1.0000000000000001e-09},
      {"-1e-10", "-1e-9", std::nullopt, -1, -1.0000000000000001e-09},
      {"123456789.987654321", "123456789.987654321", std::nullopt, 1, 123456789.98765433},
      {"1000E", "1", std::nullopt, 1, 1e+21},
      {"1e100", "10e99", std::nullopt, 1, 1e+100},
      {"00012", "00012", 12, 1, 12},
      {"1.0", "1", std::nullopt, 1, 1},
      {"1.G", "1.G", 1000000000, 1, 1000000000},
      {"1e+3", "1e+3", 1000, 1, 1000},
      {"3.0000000001u", "3001n", std::nullopt, 1, 3.0010000000000002e-06},
      {"100000000000000000000", "100E", std::nullopt, 1, 1e+20},
  };
  for (const Reading& reading : readings) {
    Quantity quantity = read(reading.text);
    EXPECT_EQ(quantity.text(), reading.canonical) << reading.text;
    EXPECT_EQ(quantity.as_integer(), reading.integer) << reading.text;
    EXPECT_EQ(quantity.sign(), reading.sign) << reading.text;
    EXPECT_EQ(quantity.as_approximate_double(), reading.approximate) << reading.text;
  }
}

void expect_fault(std::initializer_list<const char*> texts, const char* fault) {
  for (const char* text : texts) {
    Result<Quantity> quantity = Quantity::parse(text);
    ASSERT_FALSE(quantity.ok()) << text;
    EXPECT_EQ(quantity.error().message, fault) << text;
  }
}

TEST(Quantity, RefusesInKubernetesWords) {
  expect_fault({"", "x", "1x", "1KI", "1 ", "1e1.5", "0x1"},
               "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  expect_fault({"--1", "1e", "1ki", "1i", "1e-", "1e99999999999999999999", "1Kii", "1mm"},
               "unable to parse quantity's suffix");
  expect_fault({".e-10"}, "unable to parse numeric part of quantity");
}

struct Sum {
  const char* a;
  const char* operation;
  const char* b;
  const char* result;
};

TEST(Quantity, AddsAndSubtracts) {
  const Sum sums[] = {
      {"1", "add", "1", "2"},
      {"50k", "add", "20k", "70k"},
      {"50k", "sub", "100k", "-50k"},
      {"1Gi", "add", "1Mi", "1025Mi"},
      {"1", "add", "100m", "1100m"},
      {"0", "add", "1Ki", "1Ki"},
      {"9223372036854775807", "add", "1", "9223372036854775808"},
      {"8Ei", "sub", "1n", "9223372036854775806999999999n"},
      {"1.5", "sub", "1.5", "0"},
      {"999999999999999999", "add", "999999999999999999", "1999999999999999998"},
      {"1e3", "add", "1k", "2e3"},
      {"512Ki", "add", "512Ki", "1Mi"},
      {"1Ki", "sub", "1Mi", "-1023Ki"},
      {"0.1n", "add", "0.1n", "2n"},
      {"1E", "add", "1n", "1000000000000000000000000001n"},
  };
  for (const Sum& sum : sums) {
    bool adds = std::string(sum.operation) == "add";
    Result<Quantity> result = adds ? read(sum.a).plus(read(sum.b)) : read(sum.a).minus(read(sum.b));
    ASSERT_TRUE(result.ok()) << sum.a;
    EXPECT_EQ(result->text(), sum.result) << sum.a << sum.operation << sum.b;
  }
}

TEST(Quantity, TakesIntegers) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(read("1k").plus(Quantity::of(20))->text(), "1020");
  EXPECT_EQ(read("1Ki").minus(Quantity::of(24))->text(), "1k");
  // Kubernetes negates the least integer in 64 bits.
  EXPECT_EQ(read("0").minus(Quantity::of(kLeast))->text(), "-9223372036854775808");
  EXPECT_EQ(read("1").minus(Quantity::of(kLeast))->text(), "-9223372036854775807");
}

TEST(Quantity, ComparesAmounts) {
  EXPECT_EQ(read("200M"), read("0.2G"));
  EXPECT_LT(read("50M"), read("50Mi"));
  EXPECT_LT(read("-1e1000000000"), read("1e-1000000000"));
  EXPECT_GT(read("1e1000000000"), read("999999999999999999e999999980"));
  EXPECT_EQ(read("9223372036854775807"), read("9Ei"));
}

TEST(Quantity, RefusesWhatWouldTakeTooManyDigits) {
  EXPECT_FALSE(read("1e1000000000").plus(read("1")).ok());
  EXPECT_FALSE(Quantity::parse("1.5555555555555555555555e1000000000").ok());
}

TEST(Quantity, IsMadeAgainOfItsParts) {
  for (const char* text : {"1500m", "-12e6", "1Gi", "100000000000000000000", "-0.5n"}) {
    Quantity quantity = read(text);
    EXPECT_EQ(Quantity::from(quantity.parts()), quantity) << text;
  }
}

}  // namespace
}  // namespace pawl::cel::lib
