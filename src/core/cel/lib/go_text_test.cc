#include "core/cel/lib/go_text.h"

#include <gtest/gtest.h>

namespace pawl::cel::lib {
namespace {

// Expectations are what Go's strconv and strings answer.

TEST(GoText, Quotes) {
  EXPECT_EQ(go_quote("abc"), "\"abc\"");
  EXPECT_EQ(go_quote("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(go_quote(std::string_view("\0\x1f", 2)), "\"\\x00\\x1f\"");
  EXPECT_EQ(go_quote("é\u200b\u00a0\ufeff"), "\"é\\u200b\\u00a0\\ufeff\"");
  EXPECT_EQ(go_quote("😀\ue000"), "\"😀\\ue000\"");
  EXPECT_EQ(go_quote("\t\n\r\v\a\b\f"), "\"\\t\\n\\r\\v\\a\\b\\f\"");
  EXPECT_EQ(go_quote("日本\u3000"), "\"日本\\u3000\"");
  EXPECT_EQ(go_quote("\ufffd"), "\"�\"");
  EXPECT_EQ(go_quote("a\xff"), "\"a\\xff\"");
}

TEST(GoText, TrimsUnicodeSpace) {
  EXPECT_EQ(go_trim_space(" \t\u2000a b\u3000\u0085\n"), "a b");
  EXPECT_EQ(go_trim_space("\u00a0"), "");
  EXPECT_EQ(go_trim_space("\u200ba"), "\u200ba");
  EXPECT_EQ(go_trim_space("é"), "é");
}

TEST(GoText, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(valid_text("a\xff\xc3("), "a\ufffd\ufffd(");
  EXPECT_EQ(go_runes("a\xe6\x97\xa5"), (std::vector<char32_t>{'a', 0x65E5}));
}

TEST(GoText, WritesDoubles) {
  EXPECT_EQ(shortest_fixed(1e21), "1000000000000000000000");
  EXPECT_EQ(shortest_fixed(1e23), "100000000000000000000000");
  EXPECT_EQ(shortest_fixed(0.1), "0.1");
  EXPECT_EQ(shortest_fixed(-12345.678), "-12345.678");
  EXPECT_EQ(shortest_fixed(1.25e-7), "0.000000125");
  EXPECT_EQ(shortest_fixed(0), "0");
  EXPECT_EQ(shortest_fixed(-0.0), "-0");
  EXPECT_EQ(shortest_general(1e6), "1e+06");
  EXPECT_EQ(shortest_general(123456), "123456");
  EXPECT_EQ(shortest_general(0.0001), "0.0001");
  EXPECT_EQ(shortest_general(0.00001), "1e-05");
  EXPECT_EQ(shortest_general(1e20, 21), "100000000000000000000");
}

}  // namespace
}  // namespace pawl::cel::lib
