#include <gtest/gtest.h>

#include "core/plan/fold.h"
#include "core/plan/gate.h"

namespace pawl::plan {
namespace {

const Digest kOne = crypto::sha256("one");
const Digest kTwo = crypto::sha256("two");
const Digest kOther = crypto::sha256("other");
const model::EnvironmentName kDev("dev");

// A store's state, one entry after the other.
struct Log {
  Records records;
  Time now = parse_time("2026-01-01T00:00:00Z").value();

  Status add(Event event) {
    now += std::chrono::seconds(1);
    return fold(records,
                {model::ProjectName("shop"), now, {"local", "local:ada", "unauthenticated"}, std::move(event)});
  }
  Status open(std::uint64_t number, const Digest& bundle, std::optional<Digest> from) {
    return add(PromotionOpened{.number = number,
                               .environment = kDev,
                               .bundle = bundle,
                               .release = 1,
                               .from = from,
                               .plan = kOther,
                               .configuration = kOther});
  }
  void promote(std::uint64_t number, std::uint64_t epoch, const Digest& bundle, std::optional<Digest> from,
               PromotionKind kind = PromotionKind::kPromote) {
    ASSERT_TRUE(add(PromotionOpened{.number = number,
                                    .kind = kind,
                                    .environment = kDev,
                                    .bundle = bundle,
                                    .release = 1,
                                    .from = from,
                                    .plan = kOther,
                                    .configuration = kOther})
                    .ok());
    ASSERT_TRUE(add(PromotionStarted{number, 1, epoch, from, {}}).ok());
    ASSERT_TRUE(add(PromotionApplied{number, 1, epoch, {}, false}).ok());
    ASSERT_TRUE(add(PromotionFinished{number, 1, epoch, Outcome::kSucceeded, "", {}, kOther}).ok());
  }
  EnvironmentState environment() {
    return records.load<EnvironmentState>(key::environment(model::ProjectName("shop"), kDev)).value();
  }
  BundleState bundle(const Digest& digest) {
    return records.load<BundleState>(key::bundle(model::ProjectName("shop"), kDev, digest)).value();
  }
};

TEST(Fold, ASuccessfulPromotionMovesAndVerifiesTheHead) {
  Log log;
  log.promote(1, 1, kOne, std::nullopt);
  EXPECT_EQ(log.environment().head->bundle, kOne);
  EXPECT_TRUE(log.bundle(kOne).verified);
  EXPECT_FALSE(log.environment().pending.has_value());
}

TEST(Fold, R3_OfTwoThatPromoteAtOnceOneLosesAndChangesNothing) {
  Log log;
  log.promote(1, 1, kOne, std::nullopt);
  ASSERT_TRUE(log.open(2, kTwo, kOne).ok());
  EXPECT_EQ(log.open(3, kOther, kOne).error().code, ErrorCode::kConflict) << "one open promotion an environment";
  ASSERT_TRUE(log.add(PromotionStarted{2, 1, 2, kOne, {}}).ok());
  EnvironmentState before = log.environment();
  EXPECT_EQ(log.add(PromotionStarted{2, 1, 2, kOne, {}}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(log.environment(), before);
}

TEST(Fold, R4_AnEpochThatWasPassedOnIsRefused) {
  Log log;
  ASSERT_TRUE(log.open(1, kOne, std::nullopt).ok());
  ASSERT_TRUE(log.add(PromotionStarted{1, 1, 1, std::nullopt, {}}).ok());
  ASSERT_TRUE(log.add(PromotionResumed{1, 1, 2}).ok());
  EXPECT_EQ(log.add(PromotionApplied{1, 1, 1, {}, false}).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(log.add(PromotionApplied{1, 1, 2, {}, false}).ok());
}

TEST(Fold, R5_EveryVisitIsKeptInOrder) {
  Log log;
  log.promote(1, 1, kOne, std::nullopt);
  log.promote(2, 2, kTwo, kOne);
  EXPECT_EQ(log.environment().visits, 2u);
  VisitState first = *log.records.find<VisitState>(key::visit(model::ProjectName("shop"), kDev, 1)).value();
  EXPECT_EQ(first.left_by, "promotion 2");
  EXPECT_TRUE(first.to.has_value());
}

TEST(Fold, R7_APartialApplyLeavesTheHeadAndTheEnvironmentDegraded) {
  Log log;
  log.promote(1, 1, kOne, std::nullopt);
  ASSERT_TRUE(log.open(2, kTwo, kOne).ok());
  ASSERT_TRUE(log.add(PromotionStarted{2, 1, 2, kOne, {}}).ok());
  EXPECT_FALSE(log.add(PromotionFinished{2, 1, 2, Outcome::kSucceeded, "", {}, kOther}).ok()) << "nothing was applied";
  ASSERT_TRUE(log.add(PromotionFinished{2, 1, 2, Outcome::kErrored, "object 3 of 5", {}, std::nullopt}).ok());
  EXPECT_TRUE(log.environment().degraded);
  EXPECT_EQ(log.environment().head->bundle, kOne);
  ASSERT_TRUE(log.add(PromotionRetried{2, 2}).ok());
  ASSERT_TRUE(log.add(PromotionStarted{2, 2, 3, kOne, {}}).ok());
  EXPECT_FALSE(log.environment().degraded);
}

TEST(Fold, LeavingByRollbackTakesTheVerificationAway) {
  Log log;
  log.promote(1, 1, kOne, std::nullopt);
  log.promote(2, 2, kTwo, kOne);
  EXPECT_TRUE(log.bundle(kOne).verified) << "a promotion away takes nothing";
  log.promote(3, 3, kOne, kTwo, PromotionKind::kRollback);
  EXPECT_FALSE(log.bundle(kTwo).verified);
  EXPECT_EQ(log.bundle(kTwo).revoked, "left by rollback 3");
  EXPECT_TRUE(log.environment().hold.has_value());
}

TEST(Fold, R13_TimeNeverRunsBackwards) {
  Log log;
  log.promote(1, 1, kOne, std::nullopt);
  log.now -= std::chrono::hours(1);
  EXPECT_EQ(log.open(2, kTwo, kOne).error().code, ErrorCode::kConflict);
}

TEST(Fold, OneOutcomeAnAttempt) {
  Log log;
  log.promote(1, 1, kOne, std::nullopt);
  EXPECT_EQ(log.add(PromotionFinished{1, 1, 1, Outcome::kFailed, "again", {}, std::nullopt}).error().code,
            ErrorCode::kConflict);
}

TEST(Fold, EvidenceIsNotedOnceWithTheTimeOfItsEntryAndWithinBounds) {
  Log log;
  ASSERT_TRUE(log.add(EvidenceRecorded{kOne, "https://example.com/scan/v1", kTwo, {"ci"}}).ok());
  EXPECT_EQ(log.add(EvidenceRecorded{kOne, "https://example.com/scan/v1", kTwo, {"ci"}}).error().code,
            ErrorCode::kConflict);
  std::string at = key::evidence(model::ProjectName("shop"), kOne);
  EvidenceNote note{"https://example.com/scan/v1", kTwo, log.now - std::chrono::seconds(1), {"ci"}};
  EXPECT_EQ(log.records.load<EvidenceState>(at).value().notes, std::vector<EvidenceNote>{note});
  EXPECT_FALSE(log.add(EvidenceRecorded{kOne, "", kOther, {}}).ok());
  EXPECT_FALSE(log.add(EvidenceRecorded{kOne, std::string(kLongestPredicateType + 1, 'x'), kOther, {}}).ok());
  for (std::size_t i = 1; i < kMostEvidence; ++i)
    ASSERT_TRUE(log.add(EvidenceRecorded{kOne, "t", crypto::sha256(std::to_string(i)), {}}).ok());
  EXPECT_EQ(log.add(EvidenceRecorded{kOne, "t", kOther, {}}).error().code, ErrorCode::kConflict);
}

TEST(Fold, OfWhatPawlIssuesTheNewestOfEachThingIsNoted) {
  Log log;
  std::string at = key::evidence(model::ProjectName("shop"), kOne);
  auto issue = [&](const std::string& of, const std::string& text, std::vector<std::string> names = {"checks"}) {
    return log.add(EvidenceRecorded{kOne, "t", crypto::sha256(text), std::move(names), of});
  };
  auto records = [&] {
    std::vector<Digest> out;
    for (const EvidenceNote& note : log.records.load<EvidenceState>(at).value().notes) out.push_back(note.record);
    return out;
  };
  ASSERT_TRUE(log.add(EvidenceRecorded{kOne, "t", kTwo, {"checks"}}).ok());
  ASSERT_TRUE(issue("check smoke", "1").ok());
  ASSERT_TRUE(issue("check load", "2").ok());
  ASSERT_TRUE(issue("check smoke", "3").ok());
  EXPECT_EQ(records(), (std::vector<Digest>{kTwo, crypto::sha256("2"), crypto::sha256("3")}));
  ASSERT_TRUE(issue("check smoke", "3").ok()) << "said again, it is newer";
  ASSERT_TRUE(issue("check smoke", "4", {}).ok()) << "under other names it is another's";
  EXPECT_EQ(records().size(), 4u);
  EXPECT_FALSE(issue("", "5").ok());
  EXPECT_FALSE(issue(std::string(kLongestIssued + 1, 'x'), "5").ok());
  for (std::size_t i = 3; i < kMostEvidence; ++i) ASSERT_TRUE(issue("check " + std::to_string(i), "5").ok());
  EXPECT_EQ(issue("one more", "5").error().code, ErrorCode::kConflict);
  EXPECT_TRUE(issue("check load", "6").ok());
  EXPECT_TRUE(log.add(EvidenceRecorded{kOne, "t", kOther, {"ci"}}).ok()) << "what is brought in has room of its own";
}

TEST(Entry, GoesThroughCanonicalJsonAndRefusesWhatItDoesNotKnow) {
  Entry entry{model::ProjectName("shop"),
              parse_time("2026-01-01T00:00:00.5Z").value(),
              {"key", "k", "signature"},
              PromotionStarted{2, 1, 3, kOne, {GateAnswer{.gate = "soak", .state = GateState::kPassed, .found = "x"}}}};
  std::string bytes = encode_entry(entry);
  EXPECT_EQ(decode_entry(bytes).value(), entry);
  Entry evidence = entry;
  evidence.event = EvidenceRecorded{kOne, "https://example.com/scan/v1", kTwo, {"ada", "ci"}};
  EXPECT_EQ(decode_entry(encode_entry(evidence)).value(), evidence);
  evidence.event = EvidenceRecorded{kOne, "https://example.com/scan/v1", kTwo, {"checks"}, "check smoke"};
  EXPECT_EQ(decode_entry(encode_entry(evidence)).value(), evidence);
  std::string unknown = bytes;
  unknown.replace(unknown.find("promotion.started"), 17, "promotion.stopped");
  EXPECT_FALSE(decode_entry(unknown).ok());
  std::string more = bytes;
  more.insert(1, "\"zzz\":1,");
  EXPECT_FALSE(decode_entry(more).ok());
}

GateFacts facts(bool verified, Duration soaked, bool head = true) {
  GateFacts out{.now = parse_time("2026-01-01T00:00:00Z").value(), .environment = model::EnvironmentName("staging")};
  out.upstream.push_back({.environment = kDev,
                          .bundle = kOne,
                          .verified = verified,
                          .verification = "words",
                          .soaked = soaked,
                          .is_head = head});
  return out;
}

TEST(Gates, UpstreamNeedsAllOrAny) {
  GateFacts two = facts(true, {});
  two.upstream.push_back(
      {.environment = model::EnvironmentName("qa"), .bundle = kOne, .verified = false, .verification = "no"});
  EXPECT_EQ(answer(model::UpstreamGate{}, facts(true, {})).state, GateState::kPassed);
  EXPECT_EQ(answer(model::UpstreamGate{}, two).state, GateState::kFailed);
  EXPECT_EQ(answer(model::UpstreamGate{model::UpstreamRule::kAny}, two).state, GateState::kPassed);
  EXPECT_EQ(answer(model::UpstreamGate{}, GateFacts{}).state, GateState::kErrored) << "about nothing is no pass";
}

TEST(Gates, SoakWaitsUntilATimeAndNeedsAHead) {
  model::SoakGate gate{std::chrono::minutes(30)};
  GateAnswer waiting = answer(gate, facts(true, std::chrono::minutes(12)));
  EXPECT_EQ(waiting.state, GateState::kWaiting);
  EXPECT_EQ(*waiting.until, facts(true, {}).now + std::chrono::minutes(18));
  EXPECT_EQ(answer(gate, facts(true, std::chrono::minutes(30))).state, GateState::kPassed);
  EXPECT_FALSE(answer(gate, facts(false, std::chrono::minutes(12), false)).until.has_value());
}

TEST(Gates, WhatIsAboutNothingLetsNothingIn) {
  EXPECT_EQ(answer(model::ApprovalGate{.count = 0}, facts(true, {})).state, GateState::kWaiting);
  EXPECT_EQ(answer(model::WindowGate{}, facts(true, {})).state, GateState::kErrored) << "no schedule and no zone";
  std::vector<model::Gate> gates = {model::UpstreamGate{}, model::WindowGate{}};
  EXPECT_EQ(verdict(answer_all(gates, facts(true, {}))), GateState::kErrored);
}

}  // namespace
}  // namespace pawl::plan
