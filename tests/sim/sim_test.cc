// Days that are written down: one promotion, one thing that goes wrong.
#include <gtest/gtest.h>

#include "tests/sim/judge.h"

namespace pawl::sim {
namespace {

class Scripted : public testing::Test {
 protected:
  Coverage coverage_;
  Rendered rendered_;
  std::unique_ptr<World> world_;
  std::unique_ptr<Judge> judge_;

  // Release 1 everywhere and release 2 cut.
  void prepare() {
    world_ = std::make_unique<World>(1, coverage_);
    judge_ = std::make_unique<Judge>(*world_, coverage_, rendered_);
    ASSERT_TRUE(release("1.0").ok);
    for (const char* environment : kEnvironments) ASSERT_EQ(promote(environment).text, "done ");
    world_->setting().app = 2;
    world_->save();
    ASSERT_TRUE(release("2.0").ok);
  }
  Heard release(const std::string& version) {
    return world_->run({"release", [=](api::Service& service, const Context& context) -> Result<std::string> {
                          PAWL_ASSIGN(api::ReleaseResponse released, service.release(context, {.version = version}));
                          return released.release.digest;
                        }});
  }
  static Call promotion(const std::string& environment, Fate fate = {}) {
    return {"promote",
            [=](api::Service& service, const Context& context) -> Result<std::string> {
              PAWL_ASSIGN(api::PromoteResponse done, service.promote(context, {.environment = environment}));
              return done.answer + " " + done.promotion.reason;
            },
            "", fate};
  }
  Heard promote(const std::string& environment, Fate fate = {}) { return world_->run(promotion(environment, fate)); }
  Heard roll_back(const std::string& environment) {
    return world_->run({"rollback", [=](api::Service& service, const Context& context) -> Result<std::string> {
                          PAWL_ASSIGN(api::PromoteResponse done,
                                      service.rollback(context, {.environment = environment, .reason = "test"}));
                          return done.answer;
                        }});
  }
  std::optional<HeadSeen> head(const std::string& environment) {
    return judge_->book().place(model::EnvironmentName(environment)).head;
  }
};

class CrashTest : public Scripted, public testing::WithParamInterface<Blow> {};

TEST_P(CrashTest, R1_AtEveryPortCallOfAPromotionItConverges) {
  prepare();
  std::uint64_t calls = promote("dev").calls;
  ASSERT_GT(calls, 40u);
  for (std::uint64_t at = 1; at <= calls; ++at) {
    prepare();
    ASSERT_EQ(judge_->look(), "");
    Digest old = head("dev")->bundle;
    (void)promote("dev", {GetParam(), at});
    ASSERT_EQ(judge_->look(), "") << name_of(GetParam()) << " at call " << at;
    Heard again = promote("dev");
    if (again.text.starts_with("errored")) again = promote("dev");  // an error ends the attempt, and may be retried
    ASSERT_TRUE(again.text.starts_with("done") || again.text.starts_with("nothing")) << at << ": " << again.text;
    ASSERT_EQ(judge_->look(), "") << "after resuming from call " << at;
    ASSERT_NE(head("dev")->bundle, old);
  }
  // R2: somewhere between the effect and its entry.
  if (GetParam() == Blow::kKill) {
    EXPECT_TRUE(coverage_.saw("promotion.applied recovered"));
  }
}

INSTANTIATE_TEST_SUITE_P(Every, CrashTest,
                         testing::Values(Blow::kKill, Blow::kPowerLoss, Blow::kError, Blow::kInterrupt),
                         [](const auto& one) {
                           std::string name(name_of(one.param));
                           std::erase(name, ' ');
                           return name;
                         });

TEST_F(Scripted, R8_RollbackGivesTheSameDigestWithoutAnySource) {
  prepare();
  ASSERT_EQ(judge_->look(), "");
  Digest before = head("dev")->bundle;
  ASSERT_EQ(promote("dev").text, "done ");
  ASSERT_EQ(roll_back("dev").text, "done");
  EXPECT_EQ(judge_->look(), "");
  EXPECT_EQ(head("dev")->bundle, before);
}

TEST_F(Scripted, L6_WhatCannotBeLoggedDoesNotHappen) {
  prepare();
  ASSERT_EQ(judge_->look(), "");
  std::uint64_t entries = judge_->book().newest_promotion();
  EXPECT_FALSE(promote("dev", {Blow::kKill, 1}).ok);
  EXPECT_EQ(judge_->look(), "");
  EXPECT_EQ(judge_->book().newest_promotion(), entries);
}

TEST_F(Scripted, R3_OfTwoThatPromoteAtOnceOneHeadComesOut) {
  constexpr int kSchedules = 30;
  for (int schedule = 0; schedule < kSchedules; ++schedule) {
    prepare();
    for (int draws = 0; draws < schedule; ++draws) (void)world_->chance().below(2);
    std::vector<Heard> both = world_->race({promotion("dev"), promotion("dev")});
    ASSERT_EQ(judge_->look(), "") << schedule;
    ASSERT_TRUE(both[0].ok || both[1].ok) << both[0].text << "; " << both[1].text;
    ASSERT_TRUE(promote("dev").ok);
    ASSERT_EQ(judge_->look(), "") << schedule;
  }
}

TEST_F(Scripted, R4_ADriverThatWasPausedPastItsLeaseIsFencedOff) {
  prepare();
  std::uint64_t calls = promote("dev").calls;
  for (std::uint64_t at = 1; at <= calls; at += 2) {
    prepare();
    world_->hands_on = false;
    (void)world_->race({promotion("dev", {Blow::kPause, at}), promotion("dev")});
    ASSERT_EQ(judge_->look(), "") << "paused at call " << at;
    ASSERT_TRUE(promote("dev").ok);
    ASSERT_EQ(judge_->look(), "");
  }
  // The second one took over while the first was paused, and no crash made it do so.
  EXPECT_TRUE(coverage_.saw("promotion.resumed running"));
}

TEST_F(Scripted, R13_AClockFarBehindTheLedgerIsAnError) {
  prepare();
  world_->clock().advance(-std::chrono::hours(1));
  Heard heard = promote("dev");
  EXPECT_FALSE(heard.ok);
  EXPECT_NE(heard.text.find("the clock says"), std::string::npos);
  world_->clock().advance(std::chrono::minutes(57));
  EXPECT_EQ(promote("dev").text, "done ");
  EXPECT_EQ(judge_->look(), "");
}

}  // namespace
}  // namespace pawl::sim
