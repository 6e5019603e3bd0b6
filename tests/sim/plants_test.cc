// Bugs put under the real engine: the judge finds each in the ordinary run, and finds nothing where there is none.
#include <gtest/gtest.h>

#include "tests/sim/day.h"

namespace pawl::sim {
namespace {

constexpr std::uint64_t kFirstSeed = 1'000'001;
constexpr std::uint64_t kDays = 100;

struct Case {
  const char* name;
  Plant plant;
  const char* named_by;  // the invariant that must say it, by its number
};

// gtest prints parameters; this keeps it from printing bytes.
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

bool names(const std::string& broken, const std::string& number) {
  return broken.starts_with(number + " ") || broken.find("\n" + number + " ") != std::string::npos;
}

class PlantedBug : public testing::TestWithParam<Case> {};

TEST_P(PlantedBug, IsFoundAndNamed) {
  Coverage coverage;
  Rendered rendered;
  std::string last;
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kDays; ++seed) {
    last = simulate(seed, coverage, rendered, GetParam().plant).broken;
    if (!names(last, GetParam().named_by)) continue;
    std::printf("sim: %s found on day %d: %s\n", GetParam().name, static_cast<int>(seed - kFirstSeed + 1),
                last.c_str());
    return;
  }
  FAIL() << "invariant " << GetParam().named_by << " did not say it in " << kDays << " days; the last said: " << last;
}

INSTANTIATE_TEST_SUITE_P(Each, PlantedBug,
                         testing::Values(Case{"SkippedCompareAndSwap", Plant::kSkippedCompareAndSwap, "3"},
                                         Case{"EffectBeforeIntent", Plant::kEffectBeforeIntent, "4"},
                                         Case{"StateBeforeLedger", Plant::kStateBeforeLedger, "3"},
                                         Case{"LostStoreSync", Plant::kLostStoreSync, "3"},
                                         Case{"LostBlobSync", Plant::kLostBlobSync, "4"},
                                         Case{"LostTargetSync", Plant::kLostTargetSync, "4"},
                                         Case{"LaxPolicies", Plant::kLaxPolicies, "8"},
                                         Case{"UnseenFreeze", Plant::kUnseenFreeze, "8"}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(NoPlant, TheSameDaysAreClean) {
  Coverage coverage;
  Rendered rendered;
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kDays; ++seed) {
    Verdict verdict = simulate(seed, coverage, rendered);
    ASSERT_EQ(verdict.broken, "") << "seed " << seed << "\n" << verdict.story;
  }
}

}  // namespace
}  // namespace pawl::sim
