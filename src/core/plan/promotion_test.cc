#include <gtest/gtest.h>

#include "core/plan/fold.h"
#include "core/plan/run.h"

namespace pawl::plan {
namespace {

const Digest kOne = crypto::sha256("one");
const Digest kTwo = crypto::sha256("two");
const Digest kMixed = crypto::sha256("mixed");
const Digest kOther = crypto::sha256("other");
const model::EnvironmentName kDev("dev");
const model::LayerName kApp("app");
const model::LayerName kBase("base");

// One environment, entry by entry.
struct Ledger {
  Records records;
  Time now = parse_time("2026-01-01T00:00:00Z").value();

  Status add(Event event) {
    now += std::chrono::seconds(1);
    return fold(records, {model::ProjectName("shop"), now, {"key", "k", "signature"}, std::move(event)});
  }
  Status open(std::uint64_t number, const Digest& bundle, std::uint64_t release, std::vector<model::LayerName> layers,
              PromotionKind kind = PromotionKind::kPromote) {
    return add(PromotionOpened{.number = number,
                               .kind = kind,
                               .environment = kDev,
                               .bundle = bundle,
                               .release = release,
                               .from = head(),
                               .layers = std::move(layers),
                               .plan = kOther,
                               .configuration = kOther});
  }
  std::uint64_t start(std::uint64_t number) {
    std::uint64_t epoch = environment().epoch + 1;
    EXPECT_TRUE(add(PromotionStarted{number, promotion(number).attempt, epoch, head(), {}}).ok());
    return epoch;
  }
  void end(std::uint64_t number, std::uint64_t epoch, Outcome outcome) {
    std::optional<Digest> checks = outcome == Outcome::kSucceeded ? std::optional<Digest>(kOther) : std::nullopt;
    EXPECT_TRUE(add(PromotionFinished{number, promotion(number).attempt, epoch, outcome, "", {}, checks}).ok());
  }
  void promote(std::uint64_t number, const Digest& bundle, std::uint64_t release, std::vector<model::LayerName> layers,
               Outcome outcome = Outcome::kSucceeded, PromotionKind kind = PromotionKind::kPromote) {
    ASSERT_TRUE(open(number, bundle, release, std::move(layers), kind).ok());
    std::uint64_t epoch = start(number);
    ASSERT_TRUE(add(PromotionApplied{number, 1, epoch, {}, false}).ok());
    end(number, epoch, outcome);
  }
  std::optional<Digest> head() {
    EnvironmentState state = environment();
    return state.head ? std::optional<Digest>(state.head->bundle) : std::nullopt;
  }
  EnvironmentState environment() {
    return records.load<EnvironmentState>(key::environment(model::ProjectName("shop"), kDev)).value();
  }
  PromotionState promotion(std::uint64_t number) {
    return *records.find<PromotionState>(key::promotion(model::ProjectName("shop"), number)).value();
  }
  BundleState bundle(const Digest& digest) {
    return records.load<BundleState>(key::bundle(model::ProjectName("shop"), kDev, digest)).value();
  }
};

TEST(Overlap, LayersInCommonAndNoneMeansAll) {
  EXPECT_TRUE(overlap({}, {kApp}));
  EXPECT_TRUE(overlap({kApp, kBase}, {kBase}));
  EXPECT_FALSE(overlap({kApp}, {kBase}));
}

TEST(Fold, AnAssembledHeadIsOfNoReleaseAndKnowsItsNewest) {
  Ledger ledger;
  ledger.promote(1, kOne, 1, {});
  ledger.promote(2, kMixed, 3, {kApp});
  EXPECT_EQ(ledger.environment().head->release, 0u);
  EXPECT_EQ(ledger.environment().head->newest, 3u);
  ledger.promote(3, kTwo, 4, {});
  EXPECT_EQ(ledger.environment().head->newest, 4u);
  ledger.promote(4, kMixed, 0, {}, Outcome::kSucceeded, PromotionKind::kRollback);
  EXPECT_EQ(ledger.environment().head->newest, 3u) << "the way back to it remembers";
}

TEST(Fold, OnlyAWaitingOneIsReplannedAndOnlyLayersAreComposedAnew) {
  Ledger ledger;
  ledger.promote(1, kOne, 1, {});
  ASSERT_TRUE(ledger.open(2, kMixed, 2, {kApp}).ok());
  ASSERT_TRUE(ledger.open(3, kTwo, 2, {kBase}).ok()) << "disjoint";
  std::uint64_t epoch = ledger.start(3);
  EXPECT_FALSE(ledger.add(PromotionReplanned{3, 1, kOne, kTwo, kTwo, kOther, ""}).ok()) << "it is running";
  ASSERT_TRUE(ledger.add(PromotionApplied{3, 1, epoch, {}, false}).ok());
  ledger.end(3, epoch, Outcome::kSucceeded);
  EXPECT_FALSE(ledger.add(PromotionStarted{2, 1, epoch + 1, kOne, {}}).ok()) << "compare-and-swap on the head";
  EXPECT_FALSE(ledger.add(PromotionReplanned{2, 1, kOne, kOther, kTwo, kOther, ""}).ok()) << "not the head";
  ASSERT_TRUE(ledger.add(PromotionReplanned{2, 1, kTwo, kOther, kTwo, kOther, ""}).ok());
  EXPECT_EQ(ledger.promotion(2).opened.bundle, kOther);
  EXPECT_EQ(ledger.promotion(2).opened.plan, kTwo);
  ledger.end(2, 0, Outcome::kAborted);
  ASSERT_TRUE(ledger.open(4, kOne, 3, {}).ok());
  EXPECT_TRUE(ledger.add(PromotionReplanned{4, 1, kTwo, kOne, kTwo, kOther, ""}).ok()) << "another plan";
  EXPECT_FALSE(ledger.add(PromotionReplanned{4, 1, kTwo, kMixed, kTwo, kOther, ""}).ok()) << "never another bundle";
}

TEST(Fold, SomeLayersDoNotMendWhatIsHalfApplied) {
  Ledger ledger;
  ledger.promote(1, kOne, 1, {});
  ASSERT_TRUE(ledger.open(2, kTwo, 2, {}).ok());
  ledger.end(2, ledger.start(2), Outcome::kErrored);
  ASSERT_TRUE(ledger.environment().degraded);
  ASSERT_TRUE(ledger.open(3, kMixed, 2, {kApp}).ok());
  EXPECT_FALSE(ledger.add(PromotionStarted{3, 1, 2, kOne, {}}).ok());
}

TEST(Fold, AVerifiedHeadIsNotCheckedAgainUnderItsNumberUnlessItDecayed) {
  Ledger ledger;
  ledger.promote(1, kOne, 1, {});
  EXPECT_FALSE(ledger.add(PromotionRetried{1, 2, kTwo, {}}).ok());
  ASSERT_TRUE(ledger.add(VerificationRevoked{kDev, kOne, "its checks changed"}).ok());
  ASSERT_TRUE(ledger.add(PromotionRetried{1, 2, kTwo, {}}).ok());
  EXPECT_EQ(ledger.promotion(1).phase, Phase::kApplied);
  EXPECT_EQ(ledger.promotion(1).opened.configuration, kTwo) << "the checks in force then";
}

TEST(Fold, WhatIsNotTheHeadAnyMoreIsNotTriedAgain) {
  Ledger ledger;
  ledger.promote(1, kOne, 1, {});
  ledger.promote(2, kTwo, 2, {}, Outcome::kFailed);
  ledger.promote(3, kOne, 1, {}, Outcome::kSucceeded, PromotionKind::kRollback);
  EXPECT_FALSE(ledger.add(PromotionRetried{2, 2, {}, {}}).ok());
}

TEST(Run, AReasonThatOthersWroteIsBounded) {
  plan::Run run{.number = 1, .attempt = 1, .epoch = 1, .phase = Phase::kApplied, .checks = {"smoke"}};
  std::string long_reason = std::string(4095, 'x') + "\xC3\xA9" + std::string(100'000, 'y');
  std::optional<Event> event = note(run, CheckDone{"smoke", false, false, long_reason, {}});
  const std::string& kept = std::get<CheckFinished>(*event).reason;
  EXPECT_EQ(kept, std::string(4095, 'x') + " ...") << "cut between characters";
  Step step = next(run);
  EXPECT_LT(std::get<PromotionFinished>(step.entries.at(0)).reason.size(), 5'000u);
}

}  // namespace
}  // namespace pawl::plan
