#include "core/cel/time.h"

#include "core/cel/zone.h"

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

// Version 2 of the format, no changes listed, and a rule for all time.
std::string zone_with_rule(const std::string& rule) {
  std::string header = "TZif2";
  header.resize(20);
  auto count = [](char n) { return std::string(3, '\0') + n; };
  std::string counts = count(0) + count(0) + count(0) + count(0) + count(1) + count(4);
  std::string types = std::string(6, '\0') + std::string("UTC\0", 4);
  std::string block = header + counts + types;
  return block + block + "\n" + rule + "\n";
}

TEST(CelZone, RulesReachBeyondTheListedChanges) {
  std::string berlin = zone_with_rule("CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_EQ(zone_offset(berlin, 1'735'689'600), 3600);  // 2025-01-01
  EXPECT_EQ(zone_offset(berlin, 1'751'328'000), 7200);  // 2025-07-01
  EXPECT_EQ(zone_offset(berlin, 1'743'296'399), 3600);  // a second before the clock changes in March
  EXPECT_EQ(zone_offset(berlin, 1'743'296'400), 7200);
  std::string sydney = zone_with_rule("AEST-10AEDT,M10.1.0,M4.1.0/3");
  EXPECT_EQ(zone_offset(sydney, 1'735'689'600), 39600);
  EXPECT_EQ(zone_offset(sydney, 1'751'328'000), 36000);
}

TEST(CelZone, NothingInAFileIsTrusted) {
  std::string whole = zone_with_rule("CET-1CEST,M3.5.0,M10.5.0/3");
  for (std::size_t size = 0; size < whole.size(); ++size) zone_offset(whole.substr(0, size), 0);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int byte : {0, 1, 127, 255}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(byte);
      zone_offset(changed, 1'735'689'600);
    }
  }
  EXPECT_FALSE(zone_offset("", 0));
}

}  // namespace
}  // namespace pawl::cel
