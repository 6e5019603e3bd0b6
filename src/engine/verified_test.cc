#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::kThree;
using testing_support::Shop;

constexpr const char* kOtherChecks = R"(
  defaults:
    target: { directory: live/$(environment) }
    verification:
      - { name: smoke, command: [checks/smoke.sh], timeout: 1m }
)";

// What every way of decaying has in common: asking tells and writes nothing; promoting is refused and records it.
void expect_decayed(Shop& shop, const std::string& because) {
  std::vector<std::string> before = shop.entries();
  EXPECT_FALSE(shop.verified("dev"));
  EXPECT_NE(shop.why("1.0", "staging").find(because), std::string::npos) << shop.why("1.0", "staging");
  EXPECT_EQ(shop.entries(), before) << "status and why write nothing";
  EXPECT_EQ(shop.promote("staging", "1.0").answer, "blocked");
  EXPECT_EQ(shop.count("verification.revoked"), 1u);
  EXPECT_EQ(shop.head("staging"), "");
}

Shop& in_dev(Shop& shop) {
  shop.release("1.0");
  EXPECT_EQ(shop.promote("dev").answer, "done");
  EXPECT_TRUE(shop.verified("dev"));
  return shop;
}

TEST(Verified, ChangedChecksMustRunAgain) {
  Shop shop;
  in_dev(shop);
  shop.configure(kThree, kOtherChecks);
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  expect_decayed(shop, "its checks changed");
  EXPECT_EQ(shop.promote("dev").answer, "done") << "the checks alone";
  EXPECT_EQ(shop.count("promotion.retried"), 1u);
  EXPECT_EQ(shop.promote("staging").answer, "done");
}

TEST(Verified, ARevokedReleaseKeyTakesItAway) {
  Shop shop;
  in_dev(shop);
  ASSERT_TRUE(shop.workspace().write("other.pub", Shop::public_pem("other")).ok());
  shop.configure(std::string(kThree) + "  trust: { release: [other.pub] }\n");
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  expect_decayed(shop, "no record of release 1.0 counts");
}

TEST(Verified, ARevokedKeyOfTheChecksTakesItAway) {
  Shop shop;
  in_dev(shop);
  ASSERT_TRUE(shop.workspace().write("other.pub", Shop::public_pem("other")).ok());
  shop.configure(std::string(kThree) + "  trust: { checks: [other.pub] }\n");
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  expect_decayed(shop, "the result of check smoke does not count any more");
}

TEST(Verified, EvidenceThatIsGoneTakesItAway) {
  Shop shop;
  in_dev(shop);
  shop.blobs().lose(*shop.promotion_state(1).checks[0].record);
  expect_decayed(shop, "the result of check smoke does not count any more");
}

TEST(Verified, ABrokenBlobTakesItAway) {
  Shop shop;
  in_dev(shop);
  shop.blobs().corrupt(shop.promotion_state(1).opened.bundle, "something else");
  std::vector<std::string> before = shop.entries();
  EXPECT_NE(shop.why("1.0", "staging").find("dev: not verified any more"), std::string::npos);
  EXPECT_EQ(shop.entries(), before);
  EXPECT_EQ(shop.promote("staging", "1.0").answer, "blocked");
  EXPECT_EQ(shop.count("verification.revoked"), 1u);
}

TEST(Verified, ARootTakesNoReleaseThatIsNotIntact) {
  Shop shop;
  shop.release("1.0");
  ASSERT_TRUE(shop.workspace().write("other.pub", Shop::public_pem("other")).ok());
  shop.configure(std::string(kThree) + "  trust: { release: [other.pub] }\n");
  api::PromoteResponse out = shop.promote("dev");
  EXPECT_EQ(out.answer, "blocked");
  EXPECT_EQ(out.promotion.gates.at(0).gate, "integrity");
  EXPECT_EQ(shop.count("promotion.started"), 0u);
}

TEST(Verified, AFailedCheckAgainTakesItAway) {
  Shop shop;
  in_dev(shop);
  shop.fail_checks();
  EXPECT_EQ(shop.service().reconcile(Context{}, {.environment = "dev"}).value().answer, "failed");
  EXPECT_EQ(shop.promote("staging", "1.0").answer, "blocked");
}

TEST(Verified, AGateThatCouldNotBeAskedWritesNothing) {
  Shop shop;
  in_dev(shop);
  std::vector<std::string> before = shop.entries();
  shop.on_call([](std::string_view call) {
    return call == "blobs.get" ? Status(Error(ErrorCode::kUnavailable, "no answer")) : Status();
  });
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "staging", .release = "1.0"}).error().code,
            ErrorCode::kUnavailable);
  shop.on_call({});
  EXPECT_EQ(shop.entries(), before) << "not to be told is no reason to take anything away";
}

// Soak, over real promotions and the clock.

constexpr const char* kSoak = R"(
  environments:
    - name: east
    - name: west
    - { name: production, promotesFrom: [east, west], gates: [ { soak: 30m } ] }
)";

TEST(Soak, ItIsTheLongestUnbrokenTimeInEveryUpstream) {
  Shop shop(kSoak);
  shop.release("1.0");
  shop.promote("east");
  shop.clock().advance(std::chrono::minutes(20));
  shop.promote("west");
  shop.clock().advance(std::chrono::minutes(29));
  api::PromoteResponse out = shop.promote("production");
  EXPECT_EQ(out.answer, "waiting");
  const api::GateView& gate = out.promotion.gates.at(1);
  EXPECT_EQ(gate.gate, "soak");
  EXPECT_EQ(gate.until, shop.clock().now() + std::chrono::minutes(1)) << "west's, which is the shorter";
  shop.clock().advance(std::chrono::minutes(1));
  EXPECT_EQ(shop.promote("production").answer, "done");
}

TEST(Soak, ItSurvivesReplacementAndEqualBundlesShareIt) {
  Shop shop(kSoak);
  shop.release("1.0");
  shop.promote("east");
  shop.promote("west");
  shop.clock().advance(std::chrono::minutes(31));
  ASSERT_TRUE(shop.workspace().write("checks/smoke.sh", "#!/bin/sh\ntrue\n").ok());
  shop.release("1.1");  // the same bundles
  shop.edit("app", "2");
  shop.release("2.0");
  shop.promote("east", "2.0");
  shop.promote("west", "2.0");
  EXPECT_EQ(shop.promote("production", "2.0").answer, "waiting");
  EXPECT_EQ(shop.service().abort(Context{}, {.environment = "production"}).value().answer, "aborted");
  EXPECT_EQ(shop.promote("production", "1.1").answer, "done");
}

TEST(Soak, ItDoesNotSurviveARollbackOrAFailedCheckAgain) {
  Shop shop(kSoak);
  shop.release("1.0");
  shop.promote("east");
  shop.promote("west");
  shop.clock().advance(std::chrono::minutes(31));
  shop.fail_checks();
  shop.service().reconcile(Context{}, {.environment = "west"}).value();
  shop.pass_checks();
  EXPECT_EQ(shop.promote("west").answer, "done") << "verified again, from now on";
  EXPECT_EQ(shop.promote("production").answer, "waiting");
  shop.clock().advance(std::chrono::minutes(31));
  EXPECT_EQ(shop.promote("production").answer, "done");
  shop.edit("app", "2");
  shop.release("2.0");
  shop.promote("east", "2.0");
  shop.promote("west", "2.0");
  shop.clock().advance(std::chrono::minutes(31));
  shop.rollback("east");
  EXPECT_EQ(shop.rollback("east", "2.0").answer, "done");
  EXPECT_TRUE(shop.verified("east"));
  EXPECT_EQ(shop.promote("production", "2.0").answer, "waiting") << "the time before the rollback is gone";
}

}  // namespace
}  // namespace pawl::engine
