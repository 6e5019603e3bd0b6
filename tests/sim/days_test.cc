#include <gtest/gtest.h>

#include <cstdio>

#include "os/system.h"
#include "tests/sim/day.h"

namespace pawl::sim {
namespace {

constexpr std::uint64_t kShards = 8;
constexpr std::uint64_t kPromotions = 95'000;  // at least, of all shards
constexpr std::size_t kTransitions = 40;       // at least, of each shard, of 48
constexpr std::size_t kCrashPoints = 120;      // at least, of each shard

std::uint64_t number(const char* variable, std::uint64_t otherwise) {
  std::optional<std::string> text = os::environment(variable);
  return text ? std::stoull(*text) : otherwise;
}

std::string how_to_replay(std::uint64_t seed, const Verdict& verdict) {
  return verdict.broken + "\nreplay: PAWL_SIM_SEED=" + std::to_string(seed) +
         " build/tests/sim/days_test --gtest_filter='*Replay*'\n" + verdict.story;
}

// Each must be among them in every shard. What people answer to exceptions meets on too few days to be one.
constexpr const char* kNeverMissing[] = {"exception.asked", "evidence.recorded", "freeze.set one", "freeze.set all",
                                         "freeze.set lifted"};

// A range of seeds. PAWL_SIM_DAYS says how many days each of the eight has.
class Days : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Days, EveryInvariantHoldsAfterEveryStep) {
  const std::uint64_t days = number("PAWL_SIM_DAYS", 122);
  Coverage coverage;
  Rendered rendered;
  for (std::uint64_t seed = GetParam() * 100'000 + 1; seed <= GetParam() * 100'000 + days; ++seed) {
    Verdict verdict = simulate(seed, coverage, rendered);
    ASSERT_EQ(verdict.broken, "") << how_to_replay(seed, verdict);
  }
  std::printf("%s\n", coverage.line().c_str());
  if (os::environment("PAWL_SIM_DAYS")) return;  // the floors below are for the whole
  EXPECT_GE(coverage.asked_for(), kPromotions / kShards);
  EXPECT_GE(coverage.crash_points(), kCrashPoints);
  for (const char* transition : kNeverMissing) EXPECT_TRUE(coverage.saw(transition)) << transition;
  EXPECT_GE(coverage.transitions(), kTransitions) << "missing:\n" << coverage.missing();
}

INSTANTIATE_TEST_SUITE_P(Shard, Days, testing::Range<std::uint64_t>(0, kShards));

TEST(Replay, TheSeedThatTheEnvironmentNames) {
  if (!os::environment("PAWL_SIM_SEED")) GTEST_SKIP() << "PAWL_SIM_SEED names no seed";
  Coverage coverage;
  Rendered rendered;
  Verdict verdict = simulate(number("PAWL_SIM_SEED", 1), coverage, rendered);
  std::printf("%s%s\n", verdict.story.c_str(), coverage.line().c_str());
  EXPECT_EQ(verdict.broken, "");
}

TEST(Replay, ASeedIsADay) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Coverage coverage;
    Rendered rendered;
    Verdict first = simulate(seed, coverage, rendered);
    Verdict again = simulate(seed, coverage, rendered);
    EXPECT_EQ(first.story, again.story) << seed;
  }
}

}  // namespace
}  // namespace pawl::sim
