#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/text.h"
#include "tests/contract/target_factories.h"

namespace pawl::contract {
namespace {

using model::LayerName;
using ports::Receipt;

crypto::Digest bundle(const std::string& name) { return crypto::sha256(name); }

std::string object(const std::string& kind, const std::string& name, const std::string& value) {
  return "apiVersion: v1\ndata:\n  value: " + value + "\nkind: " + kind + "\nmetadata:\n  name: " + name + "\n";
}

LayerName layer(const std::string& name) { return LayerName(name); }

class TargetContract : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { factory_ = make_target_factory(GetParam()); }

  static ports::Target::Claim claim_of(std::uint64_t epoch, bool adopt = false) {
    return {"shop", "production", epoch, epoch, adopt};
  }
  static Receipt receipt_of(std::uint64_t epoch, const std::string& name) {
    return {"shop", "production", bundle(name), epoch, epoch};
  }

  // Takes a bundle of two layers, with `value` in each object, all the way.
  static Result<std::vector<std::string>> promote(ports::Target& target, std::uint64_t epoch, const std::string& value,
                                                  bool adopt = false) {
    PAWL_TRY(target.claim({}, claim_of(epoch, adopt)));
    return publish(target, epoch, value);
  }
  static Result<std::vector<std::string>> publish(ports::Target& target, std::uint64_t epoch,
                                                  const std::string& value) {
    PAWL_TRY(target.apply({}, epoch, {layer("base"), object("ConfigMap", "config", value)}));
    PAWL_TRY(target.apply({}, epoch, {layer("web"), web(value)}));
    return target.publish({}, receipt_of(epoch, value), {layer("base"), layer("web")}, {"1.0 " + value, "", 7, "ada"});
  }
  // The second object sorts before the first: only the order of application keeps them apart.
  static std::string web(const std::string& value) {
    return object("Service", "shop", value) + "---\n" + object("Deployment", "shop", value);
  }

  void expect_live(const std::string& value) {
    Result<ports::Live> live = factory_->open()->read({});
    ASSERT_TRUE(live.ok()) << live.error().text();
    std::map<std::string, std::string> wanted = {{"base", object("ConfigMap", "config", value)}, {"web", web(value)}};
    EXPECT_EQ(live->layers, wanted);
    Result<ports::TargetState> state = factory_->open()->inspect({});
    ASSERT_TRUE(state.ok() && state->receipt);
    EXPECT_EQ(state->receipt->bundle, bundle(value));
  }

  std::unique_ptr<TargetFactory> factory_;
};

TEST_P(TargetContract, IsEmptyAtFirst) {
  Result<ports::TargetState> state = factory_->open()->inspect({});
  ASSERT_TRUE(state.ok()) << state.error().text();
  EXPECT_FALSE(state->receipt);
  EXPECT_FALSE(state->foreign);
  EXPECT_TRUE(factory_->open()->read({})->layers.empty());
}

TEST_P(TargetContract, ShowsABundleWithItsReceiptAndTheNextOneInItsPlace) {
  auto target = factory_->open();
  auto edits = promote(*target, 1, "one");
  ASSERT_TRUE(edits.ok()) << edits.error().text();
  EXPECT_TRUE(edits->empty());
  expect_live("one");
  ASSERT_TRUE(promote(*target, 2, "two").ok());
  expect_live("two");
  EXPECT_EQ(target->inspect({})->receipt->epoch, 2u);
}

TEST_P(TargetContract, NothingIsSeenBeforePublish) {
  auto target = factory_->open();
  ASSERT_TRUE(promote(*target, 1, "one").ok());
  ASSERT_TRUE(target->claim({}, claim_of(2)).ok());
  ASSERT_TRUE(target->apply({}, 2, {layer("web"), web("two")}).ok());
  expect_live("one");
}

TEST_P(TargetContract, RemovesWhatTheNextBundleDoesNotHave) {
  auto target = factory_->open();
  ASSERT_TRUE(promote(*target, 1, "one").ok());
  ASSERT_TRUE(target->claim({}, claim_of(2)).ok());
  ASSERT_TRUE(target->apply({}, 2, {layer("base"), object("ConfigMap", "other", "two")}).ok());
  ASSERT_TRUE(target->publish({}, receipt_of(2, "two"), {layer("base")}, {}).ok());
  ports::Live live = target->read({}).value();
  EXPECT_EQ(live.layers, (std::map<std::string, std::string>{{"base", object("ConfigMap", "other", "two")}}));
  EXPECT_TRUE(live.foreign.empty());
}

TEST_P(TargetContract, IsIdempotent) {
  auto target = factory_->open();
  ASSERT_TRUE(promote(*target, 1, "one").ok());
  for (int i = 0; i < 2; ++i) {
    auto again = promote(*factory_->open(), 1, "one");
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_TRUE(again->empty());
  }
  expect_live("one");
}

TEST_P(TargetContract, R4_AnEpochThatWasPassedOnWritesNothing) {
  auto old = factory_->open();
  ASSERT_TRUE(promote(*old, 1, "one").ok());
  ASSERT_TRUE(old->claim({}, claim_of(2)).ok());
  ASSERT_TRUE(old->apply({}, 2, {layer("web"), web("late")}).ok());
  auto other = factory_->open();
  ASSERT_TRUE(promote(*other, 3, "three").ok());
  Result<std::vector<std::string>> late = old->publish({}, receipt_of(2, "late"), {layer("web")}, {});
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kConflict) << late.error().text();
  Result<ports::TargetState> back = old->claim({}, claim_of(2));
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().code, ErrorCode::kConflict);
  Status staged = old->apply({}, 2, {layer("web"), web("later")});
  ASSERT_FALSE(staged.ok());
  EXPECT_EQ(staged.error().code, ErrorCode::kConflict);
  expect_live("three");
}

TEST_P(TargetContract, R4_AClaimAloneFencesOffTheOneBefore) {
  auto old = factory_->open();
  ASSERT_TRUE(old->claim({}, claim_of(1)).ok());
  ASSERT_TRUE(old->apply({}, 1, {layer("web"), web("one")}).ok());
  ASSERT_TRUE(factory_->open()->claim({}, claim_of(2)).ok());
  Result<std::vector<std::string>> late = old->publish({}, receipt_of(1, "one"), {layer("web")}, {});
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kConflict) << late.error().text();
  EXPECT_TRUE(factory_->open()->read({})->layers.empty());
}

TEST_P(TargetContract, R1_ACrashBetweenStepsLeavesTheOldOneAndRepeatsWell) {
  ASSERT_TRUE(promote(*factory_->open(), 1, "one").ok());
  {
    auto crashed = factory_->open();
    ASSERT_TRUE(crashed->claim({}, claim_of(2)).ok());
    ASSERT_TRUE(crashed->apply({}, 2, {layer("web"), web("two")}).ok());
  }
  expect_live("one");
  EXPECT_EQ(factory_->open()->inspect({})->receipt->epoch, 2u) << "the claim is durable";
  ASSERT_TRUE(promote(*factory_->open(), 2, "two").ok());
  expect_live("two");
}

TEST_P(TargetContract, ATargetOfAnotherEnvironmentIsRefusedUnlessAdopted) {
  auto target = factory_->open();
  ASSERT_TRUE(target->claim({}, {"shop", "staging", 50, 1, false}).ok());
  Result<ports::TargetState> refused = factory_->open()->claim({}, claim_of(1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  auto taken = promote(*factory_->open(), 1, "one", true);
  ASSERT_TRUE(taken.ok()) << taken.error().text();
  expect_live("one");
}

TEST_P(TargetContract, WhatIsForeignIsRefusedThenAdoptedThenKept) {
  factory_->edit("README.md", "by hand\n");
  ASSERT_TRUE(factory_->open()->inspect({})->foreign);
  Result<ports::TargetState> refused = factory_->open()->claim({}, claim_of(1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_NE(refused.error().hint.find("--adopt"), std::string::npos);
  ASSERT_TRUE(promote(*factory_->open(), 1, "one", true).ok());
  ASSERT_TRUE(promote(*factory_->open(), 2, "two").ok());
  expect_live("two");
  EXPECT_EQ(factory_->open()->read({})->foreign, std::vector<std::string>{"README.md"});
}

TEST_P(TargetContract, HandEditsAreSeenNamedAndOverwritten) {
  ASSERT_TRUE(promote(*factory_->open(), 1, "one").ok());
  factory_->edit("base/configmap.config.yaml", object("ConfigMap", "config", "edited"));
  ports::Live live = factory_->open()->read({}).value();
  EXPECT_EQ(live.layers["base"], object("ConfigMap", "config", "edited"));
  EXPECT_EQ(live.layers["web"], web("one"));
  auto edits = promote(*factory_->open(), 2, "one");
  ASSERT_TRUE(edits.ok()) << edits.error().text();
  std::string wanted = factory_->has_files() ? "base/configmap.config.yaml" : "base";
  EXPECT_EQ(*edits, std::vector<std::string>{wanted});
  expect_live("one");
}

TEST_P(TargetContract, ALayerThatWasRemovedByHandHasNoEntry) {
  ASSERT_TRUE(promote(*factory_->open(), 1, "one").ok());
  factory_->edit("base/configmap.config.yaml", std::nullopt);
  EXPECT_FALSE(factory_->open()->read({})->layers.contains("base"));
}

TEST_P(TargetContract, ALayerThatIsNotStagedIsNotPublished) {
  auto target = factory_->open();
  ASSERT_TRUE(target->claim({}, claim_of(1)).ok());
  ASSERT_TRUE(target->apply({}, 1, {layer("web"), web("one")}).ok());
  EXPECT_FALSE(target->publish({}, receipt_of(1, "one"), {layer("base"), layer("web")}, {}).ok());
  EXPECT_TRUE(factory_->open()->read({})->layers.empty());
}

TEST_P(TargetContract, X7_NamesThatWouldLeaveTheFolderAreRefused) {
  if (!factory_->has_files()) GTEST_SKIP() << "the target keeps no files";
  for (const char* name : {"../../x", "a/b", "..\\x"}) {
    auto target = factory_->open();
    ASSERT_TRUE(target->claim({}, claim_of(1)).ok());
    std::string yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: '" + std::string(name) + "' }\n";
    Status staged = target->apply({}, 1, {layer("web"), yaml});
    ASSERT_FALSE(staged.ok()) << name;
    EXPECT_EQ(staged.error().code, ErrorCode::kInvalid);
  }
}

TEST_P(TargetContract, NamesThatMeetOnACaseBlindDiskOrAreLongStayApart) {
  auto target = factory_->open();
  std::string yaml = object("ConfigMap", "a", "1") + "---\n" + object("ConfigMap", "A", "2") + "---\n" +
                     object("ConfigMap", std::string(253, 'n') + "1", "3") + "---\n" +
                     object("ConfigMap", std::string(253, 'n') + "2", "4");
  ASSERT_TRUE(target->claim({}, claim_of(1)).ok());
  ASSERT_TRUE(target->apply({}, 1, {layer("web"), yaml}).ok());
  auto done = target->publish({}, receipt_of(1, "one"), {layer("web")}, {});
  ASSERT_TRUE(done.ok()) << done.error().text();
  EXPECT_EQ(factory_->open()->read({})->layers["web"], yaml);
}

TEST_P(TargetContract, AReaderNeverSeesHalfOfABundle) {
  ASSERT_TRUE(promote(*factory_->open(), 1, "v1").ok());
  std::atomic<bool> done{false};
  std::atomic<int> reads{0};
  std::thread reader([&] {
    auto target = factory_->open();
    while (!done || reads == 0) {
      Result<ports::Live> live = target->read({});
      ASSERT_TRUE(live.ok()) << live.error().text();
      std::string value = live->layers["base"];
      value = value.substr(value.find("value: ") + 7);
      value = value.substr(0, value.find('\n'));
      ASSERT_EQ(live->layers["base"], object("ConfigMap", "config", value));
      ASSERT_EQ(live->layers["web"], web(value));
      ++reads;
    }
  });
  auto writer = factory_->open();
  int rounds = GetParam() == "git" ? 3 : 40;
  for (int i = 2; i < 2 + rounds; ++i) {
    auto written = promote(*writer, static_cast<std::uint64_t>(i), "v" + std::to_string(i));
    EXPECT_TRUE(written.ok()) << written.error().text();
  }
  done = true;
  reader.join();
}

TEST_P(TargetContract, R3_OfManyWritersTheHighestEpochWins) {
  constexpr int kWriters = 4;
  std::vector<std::thread> threads;
  std::atomic<int> strange{0};
  for (int i = 1; i <= kWriters; ++i) {
    threads.emplace_back([&, i] {
      auto target = factory_->open();
      auto done = promote(*target, static_cast<std::uint64_t>(i), "v" + std::to_string(i));
      if (!done && done.error().code != ErrorCode::kConflict) ++strange;
      if (!done && i == kWriters) ++strange;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(strange, 0);
  expect_live("v" + std::to_string(kWriters));
}

INSTANTIATE_TEST_SUITE_P(Adapters, TargetContract, testing::Values("memory", "directory", "git"),
                         [](const auto& adapter) { return adapter.param; });

}  // namespace
}  // namespace pawl::contract
