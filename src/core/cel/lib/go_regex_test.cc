#include "core/cel/lib/go_regex.h"

#include <gtest/gtest.h>

namespace pawl::cel::lib {
namespace {

// Expectations are what Go's regexp answers.

std::string fault_of(std::string_view pattern) {
  Result<GoRegex> regex = GoRegex::compile(pattern);
  return regex ? "" : regex.error().message;
}

TEST(GoRegex, RefusesInGosWords) {
  EXPECT_EQ(fault_of("("), "error parsing regexp: missing closing ): `(`");
  EXPECT_EQ(fault_of(")"), "error parsing regexp: unexpected ): `)`");
  EXPECT_EQ(fault_of("[a"), "error parsing regexp: missing closing ]: `[a`");
  EXPECT_EQ(fault_of("*"), "error parsing regexp: missing argument to repetition operator: `*`");
  EXPECT_EQ(fault_of("a**"), "error parsing regexp: invalid nested repetition operator: `**`");
  EXPECT_EQ(fault_of("a{1001}"), "error parsing regexp: invalid repeat count: `{1001}`");
  EXPECT_EQ(fault_of("a{2,1}"), "error parsing regexp: invalid repeat count: `{2,1}`");
  EXPECT_EQ(fault_of("[z-a]"), "error parsing regexp: invalid character class range: `z-a`");
  EXPECT_EQ(fault_of("[[:foo:]]"), "error parsing regexp: invalid character class range: `[:foo:]`");
  EXPECT_EQ(fault_of("\\pX"), "error parsing regexp: invalid character class range: `\\pX`");
  EXPECT_EQ(fault_of("\\8"), "error parsing regexp: invalid escape sequence: `\\8`");
  EXPECT_EQ(fault_of("\\C"), "error parsing regexp: invalid escape sequence: `\\C`");
  EXPECT_EQ(fault_of("\\"), "error parsing regexp: trailing backslash at end of expression: ``");
  EXPECT_EQ(fault_of("(?z)"), "error parsing regexp: invalid or unsupported Perl syntax: `(?z`");
  EXPECT_EQ(fault_of("(?P<"), "error parsing regexp: invalid or unsupported Perl syntax: `(?P`");
  EXPECT_EQ(fault_of("(?<=a)"), "error parsing regexp: invalid named capture: `(?<=a)`");
  EXPECT_EQ(fault_of("a{1001}?"), "error parsing regexp: invalid repeat count: `{1001}`");
  EXPECT_EQ(fault_of("[b-a]\\C"), "error parsing regexp: invalid character class range: `b-a`");
  EXPECT_EQ(fault_of("(?P<n"), "error parsing regexp: invalid named capture: `(?P<n`");
}

TEST(GoRegex, TakesNamesAsGoDoes) {
  EXPECT_TRUE(GoRegex::compile("a(?<n>b)")->matches("ab"));
  EXPECT_TRUE(GoRegex::compile("(?P<n>a)(?P<n>b)")->matches("ab"));
  EXPECT_TRUE(GoRegex::compile("[(?<x>]")->matches("<"));
  EXPECT_TRUE(GoRegex::compile("\\Q(?<\\E")->matches("(?<"));
}

TEST(GoRegex, MatchesNothingWithinACharacter) {
  EXPECT_EQ(GoRegex::compile("\\B")->find("é", 1)->begin, 2u);
  EXPECT_EQ(GoRegex::compile("\\B$")->find("日", 1)->begin, 3u);
}

TEST(GoRegex, FindsTheLeftmostFromAPlaceOn) {
  GoRegex regex = *GoRegex::compile("\\bb+");
  EXPECT_EQ(regex.find("abb bbb")->begin, 4u);
  EXPECT_EQ(regex.find("abb bbb")->end, 7u);
  EXPECT_FALSE(regex.find("abb bbb", 5).has_value());
  EXPECT_FALSE(GoRegex::compile("^b")->find("ab", 1).has_value());
  EXPECT_EQ(GoRegex::compile("")->find("ab", 2)->begin, 2u);
}

}  // namespace
}  // namespace pawl::cel::lib
