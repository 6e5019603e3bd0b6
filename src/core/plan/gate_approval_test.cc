#include <gtest/gtest.h>

#include <random>

#include "core/plan/gate.h"

namespace pawl::plan {
namespace {

using model::ApprovalVerdict;
using model::PersonName;

const Time kNow = parse_time("2026-01-05T10:00:00Z").value();

ApprovalFact said(const std::string& person, ApprovalVerdict verdict = ApprovalVerdict::kApproved) {
  return {.person = PersonName(person), .verdict = verdict, .given = kNow - std::chrono::hours(1), .record = person};
}

GateFacts facts(std::vector<ApprovalFact> all) {
  GateFacts out{.now = kNow, .environment = model::EnvironmentName("production")};
  out.approvals.promotion = 42;
  out.approvals.requester = "ada";
  out.approvals.requester_known = true;
  out.approvals.own = {PersonName("ada")};
  out.approvals.people = {PersonName("ada"), PersonName("alan"), PersonName("grace"), PersonName("linus")};
  out.approvals.groups = {{model::GroupName("sre"), {PersonName("ada"), PersonName("alan"), PersonName("grace")}}};
  out.approvals.said = std::move(all);
  return out;
}

const model::ApprovalGate kTwo{.count = 2, .from = {"sre"}};

TEST(ApprovalGate, CountsPersonsAndSaysWhoIsLeft) {
  GateAnswer none = answer(kTwo, facts({}));
  EXPECT_EQ(none.state, GateState::kWaiting);
  EXPECT_EQ(none.found, "0 of 2 from sre");
  EXPECT_EQ(none.who, "alan, grace; not ada, who asked for it: pawl approve 42");
  GateAnswer one = answer(kTwo, facts({said("grace")}));
  EXPECT_EQ(one.found, "1 of 2 from sre: grace");
  EXPECT_EQ(one.who, "alan; not ada, who asked for it: pawl approve 42");
  GateAnswer both = answer(kTwo, facts({said("alan"), said("grace")}));
  EXPECT_EQ(both.state, GateState::kPassed);
  EXPECT_EQ(both.evidence, (std::vector<std::string>{"alan", "grace"}));
}

TEST(ApprovalGate, S4_WhoeverAskedAndWhoeverIsNotAskedNeverCounts) {
  GateAnswer out = answer(kTwo, facts({said("ada"), said("grace"), said("linus")}));
  EXPECT_EQ(out.state, GateState::kWaiting);
  EXPECT_EQ(
      out.found,
      "1 of 2 from sre: grace; ada's does not count: whoever asked never counts; linus's does not count: not among "
      "those who are asked");
}

TEST(ApprovalGate, S4_OneWhoLeftTheGroupCountsNoMore) {
  GateFacts left = facts({said("alan"), said("grace")});
  left.approvals.groups[model::GroupName("sre")] = {PersonName("ada"), PersonName("grace")};
  EXPECT_EQ(answer(kTwo, left).state, GateState::kWaiting);
  GateFacts gone = facts({said("alan"), said("grace")});
  gone.approvals.people.erase(PersonName("alan"));
  EXPECT_EQ(answer(kTwo, gone).state, GateState::kWaiting);
}

TEST(ApprovalGate, S4_OneWhomNobodyKnowsCouldBeAnybody) {
  GateFacts unknown = facts({said("alan"), said("grace")});
  unknown.approvals.requester = "local:ada";
  unknown.approvals.requester_known = false;
  EXPECT_EQ(answer(kTwo, unknown).state, GateState::kFailed);
}

TEST(ApprovalGate, S3_ItExpiresByItselfAndByTheGate) {
  ApprovalFact limited = said("grace");
  limited.expires = kNow;
  EXPECT_EQ(answer(kTwo, facts({said("alan"), limited})).state, GateState::kWaiting);
  model::ApprovalGate short_lived = kTwo;
  short_lived.expires = std::chrono::hours(1);
  EXPECT_EQ(answer(short_lived, facts({said("alan"), said("grace")})).state, GateState::kWaiting);
  short_lived.expires = std::chrono::minutes(61);
  EXPECT_EQ(answer(short_lived, facts({said("alan"), said("grace")})).state, GateState::kPassed);
}

TEST(ApprovalGate, ANoIsANoWhateverElseIsSaid) {
  GateAnswer out = answer(kTwo, facts({said("alan"), said("grace"), said("linus", ApprovalVerdict::kRejected)}));
  EXPECT_EQ(out.state, GateState::kFailed);
  EXPECT_EQ(out.found, "linus rejected it");
}

TEST(ApprovalGate, S7_TakingAnyFactAwayNeverMakesAYes) {
  std::mt19937 random(7);
  auto chance = [&](int of) { return static_cast<int>(random() % static_cast<unsigned>(of)) == 0; };
  const std::vector<std::string> people = {"ada", "alan", "grace", "linus"};
  int yes = 0;
  for (int i = 0; i < 4000; ++i) {
    GateFacts all = facts({});
    for (const std::string& person : people) {
      if (chance(3)) continue;
      ApprovalFact fact = said(person, chance(8) ? ApprovalVerdict::kRejected : ApprovalVerdict::kApproved);
      if (chance(5)) fact.flaw = ApprovalFlaw::kExpired;
      all.approvals.said.push_back(fact);
    }
    all.approvals.requester_known = !chance(6);
    model::ApprovalGate gate{.count = 1 + static_cast<std::uint32_t>(random() % 3), .from = {"sre"}};
    bool passed = answer(gate, all).state == GateState::kPassed;
    yes += passed ? 1 : 0;
    if (passed) continue;
    for (std::size_t gone = 0; gone < all.approvals.said.size(); ++gone) {
      // The ledger still says that it was said; what is gone is the record that proves it.
      GateFacts less = all;
      less.approvals.said[gone].flaw = ApprovalFlaw::kNoRecord;
      EXPECT_NE(answer(gate, less).state, GateState::kPassed);
    }
    for (const std::string& person : people) {
      GateFacts fewer = all;
      fewer.approvals.people.erase(PersonName(person));
      EXPECT_NE(answer(gate, fewer).state, GateState::kPassed);
    }
    GateFacts nobody = all;
    nobody.approvals.requester_known = false;
    EXPECT_NE(answer(gate, nobody).state, GateState::kPassed);
  }
  EXPECT_GT(yes, 100) << "and some do pass";
}

}  // namespace
}  // namespace pawl::plan
