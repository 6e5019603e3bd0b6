#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

TEST(Promote, TheSameAgainRecordsNothing) {
  Shop shop;
  shop.release("1.0");
  EXPECT_EQ(shop.promote("dev").answer, "done");
  std::vector<std::string> before = shop.entries();
  EXPECT_EQ(shop.promote("dev").answer, "nothing");
  EXPECT_EQ(shop.entries(), before);
}

TEST(Promote, AnotherReleaseWithAnEqualBundleIsRecordedAndWritesNoBytes) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  ASSERT_TRUE(shop.workspace().write("checks/smoke.sh", "#!/bin/sh\ntrue\n").ok());
  shop.release("1.1");
  std::string bundle = shop.head("dev");
  int writes = 0;
  shop.on_call([&](std::string_view call) {
    if (call == "target.apply" || call == "target.publish") ++writes;
    return Status();
  });
  api::PromoteResponse out = shop.promote("dev");
  EXPECT_EQ(out.answer, "done");
  EXPECT_EQ(writes, 0);
  EXPECT_EQ(shop.head("dev"), bundle);
  EXPECT_EQ(shop.environment("dev").head->serial, "r2") << "a head is bundle and release";
}

TEST(Promote, P8_AReleaseOlderThanTheHeadsIsRefusedWithTheCommandToType) {
  Shop shop;
  shop.release("1.0");
  shop.edit("app", "2");
  shop.release("2.0");
  shop.promote("dev", "2.0");
  Error error = shop.service().promote(Context{}, {.environment = "dev", .release = "1.0"}).error();
  EXPECT_EQ(error.code, ErrorCode::kConflict);
  EXPECT_EQ(error.hint, "pawl rollback dev --to 1.0 --reason \"...\"");
}

TEST(Promote, P8_AStageCannotBeSkipped) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  EXPECT_EQ(shop.promote("production", "1.0").answer, "blocked");
  EXPECT_EQ(shop.head("production"), "");
  shop.fail_checks();
  EXPECT_EQ(shop.promote("staging").answer, "failed");
  EXPECT_EQ(shop.promote("production", "1.0").answer, "blocked") << "it is in staging, and not verified there";
}

constexpr const char* kTwoRoots = R"(
  environments:
    - name: east
    - name: west
    - { name: production, promotesFrom: [east, west] }
)";

TEST(Promote, UpstreamsThatDisagreeAreListed) {
  Shop shop(kTwoRoots);
  shop.release("1.0");
  shop.promote("east");
  shop.edit("app", "2");
  shop.release("2.0");
  shop.promote("west");
  Error error = shop.service().promote(Context{}, {.environment = "production"}).error();
  EXPECT_EQ(exit_status(error.code), 2);
  EXPECT_NE(error.message.find("r1 in east, r2 in west"), std::string::npos) << error.message;
  shop.promote("east");
  EXPECT_EQ(shop.promote("production").answer, "done");
}

TEST(Promote, WithoutAReleaseUpstreamTheDefaultSaysWhy) {
  Shop shop;
  Error none = shop.service().promote(Context{}, {.environment = "dev"}).error();
  EXPECT_EQ(none.code, ErrorCode::kNotFound);
  shop.release("1.0");
  Error empty = shop.service().promote(Context{}, {.environment = "staging"}).error();
  EXPECT_EQ(empty.code, ErrorCode::kNo);
  EXPECT_NE(empty.message.find("nothing is in dev yet"), std::string::npos);
  shop.fail_checks("exit status 7");
  shop.promote("dev");
  Error failed = shop.service().promote(Context{}, {.environment = "staging"}).error();
  EXPECT_NE(failed.message.find("exit status 7"), std::string::npos) << failed.message;
}

constexpr const char* kSoak = R"(
  environments:
    - name: dev
    - { name: staging, promotesFrom: [dev], gates: [ { soak: 30m } ] }
)";

TEST(Promote, OneIsOpenAtATimeAndOnlyAWaitingOneIsSuperseded) {
  Shop shop(kSoak);
  shop.release("1.0");
  shop.promote("dev");
  EXPECT_EQ(shop.promote("staging").answer, "waiting");
  EXPECT_EQ(shop.promote("staging").promotion.number, 2u) << "the same again goes on with it";
  shop.edit("app", "2");
  shop.release("2.0");
  shop.promote("dev");
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "staging"}).error().code, ErrorCode::kConflict);
  api::PromoteResponse out = shop.service().promote(Context{}, {.environment = "staging", .supersede = true}).value();
  EXPECT_EQ(out.answer, "waiting");
  EXPECT_EQ(shop.promotion_state(2).outcome(), plan::Outcome::kSuperseded);
}

TEST(Promote, ARunningOneIsNotSuperseded) {
  Shop shop;
  shop.release("1.0");
  shop.edit("app", "2");
  shop.release("2.0");
  std::optional<ErrorCode> other;
  shop.on_call([&](std::string_view call) {
    if (call != "checks.run" || other) return Status();
    other = ErrorCode::kUsage;
    auto second = shop.another()->promote(Context{}, {.environment = "dev", .release = "2.0", .supersede = true});
    if (!second) other = second.error().code;
    return Status();
  });
  EXPECT_EQ(shop.promote("dev", "1.0").answer, "done");
  EXPECT_EQ(other, ErrorCode::kConflict);
}

TEST(Promote, WhatIsForeignIsInTheWayUntilAdopted) {
  Shop shop;
  shop.release("1.0");
  shop.target("dev").add_foreign("notes.txt");
  EXPECT_EQ(exit_status(shop.service().promote(Context{}, {.environment = "dev"}).error().code), 7);
  EXPECT_EQ(shop.count("promotion.opened"), 0u) << "refused before anything is recorded";
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev", .adopt = true}).value().answer, "done");
}

TEST(Promote, AReceiptOfAnotherEnvironmentIsInTheWay) {
  Shop shop;
  shop.release("1.0");
  ASSERT_TRUE(shop.target("dev").claim(Context{}, {"other", "live", 9, 1, false}).ok());
  EXPECT_EQ(exit_status(shop.service().promote(Context{}, {.environment = "dev"}).error().code), 7);
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev", .adopt = true}).value().answer, "done");
}

TEST(Promote, HandEditsAreOverwrittenAndRecorded) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  shop.target("dev").edit("app", "kind: Edited\n", "somebody");
  shop.edit("base", "2");
  shop.release("2.0");
  EXPECT_EQ(shop.promote("dev").promotion.overwritten, std::vector<std::string>{"app"});
  EXPECT_EQ(shop.promotion_state(2).overwritten, std::vector<std::string>{"app"});
}

TEST(Promote, AHeadBelongsToItsTarget) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  shop.promote("staging");
  shop.configure(testing_support::kThree, R"(
  defaults:
    target: { directory: elsewhere/$(environment) }
    verification:
      - { name: smoke, command: [checks/smoke.sh] }
)");
  EXPECT_EQ(shop.promote("production", "1.0").answer, "blocked") << "nothing was applied to staging's new target";
  EXPECT_EQ(shop.promote("dev").answer, "done") << "counts as unapplied";
  EXPECT_EQ(shop.promote("dev").answer, "nothing");
}

TEST(Promote, ThePlanThatWasLookedAtBinds) {
  Shop shop;
  shop.release("1.0");
  std::string plan = shop.service().plan(Context{}, {.environment = "dev"}).value().plan;
  shop.edit("app", "2");
  shop.release("2.0");
  Error error = shop.service().promote(Context{}, {.environment = "dev", .plan = plan}).error();
  EXPECT_EQ(error.code, ErrorCode::kConflict);
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev", .release = "1.0", .plan = plan}).value().answer,
            "done");
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev", .release = "1.0", .plan = plan}).value().answer,
            "nothing")
      << "typed again";
}

TEST(Promote, WithoutChecksCompleteApplicationVerifies) {
  Shop shop;
  shop.configure(testing_support::kThree, "  defaults:\n    target: { directory: live/$(environment) }\n");
  shop.release("1.0");
  EXPECT_EQ(shop.promote("dev").answer, "done");
  EXPECT_NE(shop.environment("dev").head->verification.find("no checks"), std::string::npos);
  EXPECT_EQ(shop.promote("staging").answer, "done");
}

TEST(Release, CutAgainIsTheSameOrRefusedOrAnotherLabel) {
  Shop shop;
  shop.release("1.0");
  EXPECT_TRUE(shop.service().release(Context{}, {.version = "1.0"}).value().existed);
  EXPECT_EQ(shop.service().release(Context{}, {.version = "1.0.1"}).value().release.serial, "r1");
  shop.edit("app", "2");
  EXPECT_EQ(exit_status(shop.service().release(Context{}, {.version = "1.0"}).error().code), 7);
}

}  // namespace
}  // namespace pawl::engine
