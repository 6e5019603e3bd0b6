#include "core/cel/lib/semver.h"

#include <gtest/gtest.h>

#include <array>

namespace pawl::cel::lib {
namespace {

// Expectations are what github.com/blang/semver/v4 and k8s.io/apiserver v0.34.4 answer.

struct Reading {
  const char* text;
  bool normalize;
  std::array<std::uint64_t, 3> numbers;
};

TEST(KubernetesSemver, Reads) {
  const Reading readings[] = {
      {"1.2.3", false, {1, 2, 3}},
      {"1.2.3-alpha.1+b.2", false, {1, 2, 3}},
      {"0.0.0", false, {0, 0, 0}},
      {"1.2.3+01", false, {1, 2, 3}},
      {"18446744073709551615.0.0", false, {18446744073709551615u, 0, 0}},
      {"v1", true, {1, 0, 0}},
      {"v01.002.03", true, {1, 2, 3}},
      {"1.2", true, {1, 2, 0}},
      {"1.2.03-01a", true, {1, 2, 3}},
      {"00.00.00", true, {0, 0, 0}},
  };
  for (const Reading& reading : readings) {
    Result<format::Version> version = parse_semver(reading.text, reading.normalize);
    ASSERT_TRUE(version.ok()) << reading.text;
    EXPECT_EQ((std::array<std::uint64_t, 3>{version->major, version->minor, version->patch}), reading.numbers);
  }
}

struct Refusal {
  const char* text;
  bool normalize;
  const char* fault;
};

TEST(KubernetesSemver, Refuses) {
  const Refusal refusals[] = {
      {"v", true, "strconv.ParseUint: parsing \"\": invalid syntax"},
      {"", false, "Version string empty"},
      {"1", false, "No Major.Minor.Patch elements found"},
      {"v1.2.3", false, "Invalid character(s) found in major number \"v1\""},
      {"1.2.x", false, "Invalid character(s) found in patch number \"x\""},
      {"01.2.3", false, "Major number must not contain leading zeroes \"01\""},
      {"1.02.3", false, "Minor number must not contain leading zeroes \"02\""},
      {"1.2.03", false, "Patch number must not contain leading zeroes \"03\""},
      {"1..3", false, "strconv.ParseUint: parsing \"\": invalid syntax"},
      {"1.2.3-", false, "Prerelease is empty"},
      {"1.2.3-a..b", false, "Prerelease is empty"},
      {"1.2.3-01", false, "Numeric PreRelease version must not contain leading zeroes \"01\""},
      {"1.2.3+", false, "Build meta data is empty"},
      {"1.2.3+a_b", false, "Invalid character(s) found in build meta data \"a_b\""},
      {"1.2.3-ä", false, "Invalid character(s) found in prerelease \"ä\""},
      {"18446744073709551616.0.0", false, "strconv.ParseUint: parsing \"18446744073709551616\": value out of range"},
      {"1.2.3 ", false, "Invalid character(s) found in patch number \"3 \""},
      {"1.2-rc", true, "short version cannot contain PreRelease/Build meta data"},
  };
  for (const Refusal& refusal : refusals) {
    Result<format::Version> version = parse_semver(refusal.text, refusal.normalize);
    ASSERT_FALSE(version.ok()) << refusal.text;
    EXPECT_EQ(version.error().message, refusal.fault) << refusal.text;
  }
}

TEST(KubernetesSemver, KeepsThePrerelease) {
  EXPECT_EQ(parse_semver("1.2.3-rc.1+b")->prerelease, (std::vector<std::string>{"rc", "1"}));
  EXPECT_LT(*parse_semver("1.2.3-rc.2"), *parse_semver("1.2.3-rc.10"));
  EXPECT_EQ(*parse_semver("1.2.3+a"), *parse_semver("1.2.3+b"));
}

}  // namespace
}  // namespace pawl::cel::lib
