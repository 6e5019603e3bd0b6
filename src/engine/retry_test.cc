#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

Result<api::PromoteResponse> retry(Shop& shop, const std::string& environment) {
  return shop.service().retry(Context{}, {.environment = environment});
}

TEST(Retry, AfterTheHeadMovedTheChecksAlone) {
  Shop shop;
  shop.release("1.0");
  shop.fail_checks();
  EXPECT_EQ(shop.promote("dev").answer, "failed");
  shop.pass_checks();
  int writes = 0;
  shop.on_call([&](std::string_view call) {
    writes += call == "target.apply" || call == "target.publish" || call == "target.claim" ? 1 : 0;
    return Status();
  });
  api::PromoteResponse out = retry(shop, "dev").value();
  EXPECT_EQ(out.answer, "done");
  EXPECT_EQ(out.promotion.number, 1u);
  EXPECT_EQ(out.promotion.attempt, 2u);
  EXPECT_EQ(writes, 0);
  EXPECT_EQ(shop.count("promotion.started"), 1u);
}

TEST(Retry, R7_BeforeItMovedTheGatesAgain) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  shop.on_call([](std::string_view call) {
    return call == "target.publish" ? Status(Error(ErrorCode::kUnavailable, "no answer")) : Status();
  });
  EXPECT_EQ(shop.promote("staging").answer, "errored");
  EXPECT_TRUE(shop.environment("staging").degraded);
  EXPECT_EQ(shop.head("staging"), "");
  shop.on_call({});
  api::PromoteResponse out = retry(shop, "staging").value();
  EXPECT_EQ(out.answer, "done");
  EXPECT_EQ(shop.promotion_state(2).attempt, 2u);
  EXPECT_FALSE(shop.environment("staging").degraded);
}

TEST(Retry, OnlyTheLatestAndOnlyOneThatFailed) {
  Shop shop;
  EXPECT_FALSE(retry(shop, "dev").ok());
  shop.release("1.0");
  shop.promote("dev");
  EXPECT_EQ(retry(shop, "dev").error().code, ErrorCode::kConflict) << "it succeeded";
  EXPECT_EQ(shop.promote("production", "1.0").answer, "blocked");
  EXPECT_EQ(retry(shop, "production").error().code, ErrorCode::kConflict) << "a gate's no is not tried again";
}

TEST(Retry, TheChecksInForceRun) {
  Shop shop;
  shop.release("1.0");
  shop.fail_checks();
  shop.promote("dev");
  shop.configure(testing_support::kThree, R"(
  defaults:
    target: { directory: live/$(environment) }
    verification:
      - { name: other, command: [checks/smoke.sh] }
)");
  EXPECT_EQ(retry(shop, "dev").value().answer, "done");
  EXPECT_TRUE(shop.verified("dev")) << "under the checks in force";
}

TEST(Promote, TheSameAgainUnverifiedRunsTheChecksAlone) {
  Shop shop;
  shop.release("1.0");
  shop.fail_checks();
  shop.promote("dev");
  shop.pass_checks();
  EXPECT_EQ(shop.promote("dev").answer, "done");
  EXPECT_EQ(shop.count("promotion.opened"), 1u);
  EXPECT_EQ(shop.count("promotion.started"), 1u);
  EXPECT_EQ(shop.count("promotion.retried"), 1u);
}

constexpr const char* kSoak = R"(
  environments:
    - name: dev
    - { name: staging, promotesFrom: [dev], gates: [ { soak: 30m } ] }
)";

TEST(Abort, EndsAWaitingOne) {
  Shop shop(kSoak);
  shop.release("1.0");
  shop.promote("dev");
  EXPECT_EQ(shop.promote("staging").answer, "waiting");
  api::PromoteResponse out = shop.service().abort(Context{}, {.environment = "staging", .reason = "no"}).value();
  EXPECT_EQ(out.answer, "aborted");
  EXPECT_EQ(shop.promotion_state(2).outcome(), plan::Outcome::kAborted);
  EXPECT_FALSE(shop.environment("staging").degraded);
  EXPECT_EQ(shop.service().abort(Context{}, {.environment = "staging"}).error().code, ErrorCode::kNotFound);
}

// Aborts from another process at the first call of this name; returns what the driver's promote answered.
std::string abort_at(Shop& shop, const std::string& at, std::vector<std::string>& after) {
  bool asked = false;
  shop.on_call([&shop, &asked, &after, at](std::string_view call) {
    if (asked && (call.starts_with("target.") || call == "checks.run")) after.emplace_back(call);
    if (asked || call != at) return Status();
    asked = true;
    EXPECT_EQ(shop.another()->abort(Context{}, {.environment = "dev"}).value().answer, "aborted");
    return Status();
  });
  std::string answer = shop.promote("dev").answer;
  shop.on_call({});
  return answer;
}

TEST(Abort, StopsARunningOneBeforeItsNextEffect) {
  Shop shop;
  shop.release("1.0");
  std::vector<std::string> after;
  EXPECT_EQ(abort_at(shop, "target.apply", after), "stopped");
  EXPECT_EQ(after, std::vector<std::string>{}) << "the apply that ran when it was aborted was the last effect";
  EXPECT_TRUE(shop.environment("dev").degraded);
  EXPECT_EQ(shop.head("dev"), "");
  EXPECT_EQ(shop.promote("dev").answer, "done") << "another full promotion clears it";
}

TEST(Abort, LeavesAMovedHeadUnverified) {
  Shop shop;
  shop.release("1.0");
  std::vector<std::string> after;
  EXPECT_EQ(abort_at(shop, "checks.run", after), "stopped");
  EXPECT_EQ(after, std::vector<std::string>{});
  EXPECT_NE(shop.head("dev"), "");
  EXPECT_FALSE(shop.verified("dev"));
  EXPECT_EQ(shop.count("promotion.finished"), 1u) << "one outcome an attempt";
  EXPECT_EQ(shop.promote("dev").answer, "done");
}

}  // namespace
}  // namespace pawl::engine
