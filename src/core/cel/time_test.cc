#include "core/cel/time.h"

namespace pawl::cel {
namespace {

TEST(CelTime, DurationsAreGos) {
  EXPECT_EQ(parse_duration("1h30m"), 5'400'000'000'000);
  EXPECT_EQ(parse_duration("-1.5s"), -1'500'000'000);
  EXPECT_EQ(parse_duration("1.000000001s"), 1'000'000'001);
  EXPECT_EQ(parse_duration("9223372036854775807ns"), INT64_MAX);
  EXPECT_EQ(parse_duration("-9223372036854775808ns"), INT64_MIN);
  for (std::string_view wrong : {"", "-", "1", "s", ".s", "1x", "9223372036854775808ns", "320000000000s", "1h-1m"})
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
  EXPECT_EQ(render_duration(5'400'000'000'000), "1h30m0s");
  EXPECT_EQ(render_seconds(-1'500'000'000), "-1.5s");
}

TEST(CelTime, TimestampsKeepTheirOffset) {
  Instant at = parse_timestamp("2024-02-29T12:30:45.5+02:00").value();
  EXPECT_EQ(at.seconds, 1'709'202'645);
  EXPECT_EQ(render_timestamp(at), "2024-02-29T12:30:45.5+02:00");
  EXPECT_EQ(at, parse_timestamp("2024-02-29T10:30:45.5Z").value());
  for (std::string_view wrong :
       {"", "2024-02-30T00:00:00Z", "2024-02-29T24:00:00Z", "2024-02-29T12:30:45", "10000-01-01T00:00:00Z"})
    EXPECT_FALSE(parse_timestamp(wrong)) << wrong;
}

}  // namespace
}  // namespace pawl::cel
