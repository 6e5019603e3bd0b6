#include "format/semver.h"

#include <gtest/gtest.h>

namespace pawl::format {
namespace {

bool in(const std::string& range, const std::string& version) {
  Result<VersionRange> parsed = VersionRange::parse(range);
  EXPECT_TRUE(parsed.ok()) << range;
  std::optional<Version> v = parse_version(version);
  EXPECT_TRUE(v.has_value()) << version;
  return parsed.ok() && v && parsed->contains(*v);
}

TEST(Semver, OrdersAsTheSpecificationDoes) {  // semver.org 2.0.0, item 11
  std::vector<std::string> ascending = {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                        "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                                        "1.0.0-rc.1",  "1.0.0",         "2.0.0",
                                        "2.1.0",       "2.1.1",         "2.10.0"};
  for (std::size_t i = 0; i + 1 < ascending.size(); ++i)
    EXPECT_LT(*parse_version(ascending[i]), *parse_version(ascending[i + 1])) << ascending[i];
  EXPECT_EQ(*parse_version("1.0.0+a"), *parse_version("1.0.0+b"));
}

TEST(Semver, ReadsTagsAsTheyAre) {
  EXPECT_EQ(*parse_version("v6.12"), *parse_version("6.12.0"));
  EXPECT_TRUE(parse_version("7-alpine").has_value());
  EXPECT_TRUE(parse_version("1.0.0-x.7.z").has_value());
  for (const char* bad : {"", "latest", "1.2.3.4", "01.2.3", "1..2", "1.2.3-", "1.2.3-a..b", "1.x", "*", "-1", "1.2.3 ",
                          "99999999999999999999.0.0", "v"})
    EXPECT_FALSE(parse_version(bad).has_value()) << bad;
}

TEST(Semver, Ranges) {
  EXPECT_TRUE(in(">=6.12 <7", "6.12.0"));
  EXPECT_TRUE(in(">=6.12, <7", "6.99.3"));
  EXPECT_FALSE(in(">=6.12 <7", "7.0.0"));
  EXPECT_FALSE(in(">=6.12 <7", "6.11.9"));
  EXPECT_TRUE(in("^1.2", "1.9.0"));
  EXPECT_FALSE(in("^1.2", "2.0.0"));
  EXPECT_TRUE(in("^0.2.3", "0.2.9"));
  EXPECT_FALSE(in("^0.2.3", "0.3.0"));
  EXPECT_FALSE(in("^0.0.3", "0.0.4"));
  EXPECT_TRUE(in("^0", "0.9.0"));
  EXPECT_TRUE(in("~1.2.3", "1.2.9"));
  EXPECT_FALSE(in("~1.2.3", "1.3.0"));
  EXPECT_TRUE(in("~1", "1.9.0"));
  EXPECT_TRUE(in("1.x", "1.4.2"));
  EXPECT_FALSE(in("1.x", "2.0.0"));
  EXPECT_TRUE(in("*", "0.0.1"));
  EXPECT_TRUE(in("1.2 - 2", "2.9.9"));
  EXPECT_FALSE(in("1.2 - 2", "3.0.0"));
  EXPECT_TRUE(in("1.2.3 || >= 3", "3.1.0"));
  EXPECT_FALSE(in("1.2.3 || >= 3", "2.0.0"));
  EXPECT_FALSE(in(">1.2", "1.2.9"));
  EXPECT_TRUE(in("<=1.2", "1.2.9"));
}

TEST(Semver, PreReleasesComeOnlyWhenAsked) {
  EXPECT_FALSE(in(">=1.0.0", "2.0.0-rc.1"));
  EXPECT_FALSE(in("<2", "2.0.0-rc.1"));
  EXPECT_FALSE(in("^1.2", "2.0.0-0"));
  EXPECT_TRUE(in(">=2.0.0-rc.0 <3", "2.0.0-rc.1"));
  EXPECT_FALSE(in(">=2.0.0-rc.0 <3", "2.1.0-rc.1"));
  EXPECT_TRUE(in("2.0.0-rc.1", "2.0.0-rc.1"));
}

TEST(Semver, RefusesWhatIsNoRange) {
  for (const char* bad : {"", ">=", "||", "1.2.3 ||", "latest", ">=1.2;rm -rf", ">*", "1.2 - ", "$(id)", "1.x.3"})
    EXPECT_FALSE(VersionRange::parse(bad).ok()) << bad;
}

}  // namespace
}  // namespace pawl::format
