#include "tests/support/rules.h"
#include "tests/support/shop.h"

// Ways around a gate that somebody may think of, and that end at it.

namespace pawl::engine {
namespace {

using testing_support::rule_against;
using testing_support::Shop;

// Ada asks and may apply, grace approves; production is under a policy and an approval.
constexpr const char* kGuarded = R"(
  policySources: { own: { files: policies } }
  environments:
    - name: dev
    - { name: production, promotesFrom: [dev], gates: [ { approval: { count: 1, from: [sre] } } ] }
  people: { ada: ada.pub, grace: grace.pub }
  groups: { sre: [ada, grace] }
  allow: { apply: [ada] }
)";

// 1.0 is verified in dev.
class Guarded : public Shop {
 public:
  explicit Guarded(const std::string& denied = "9") : Shop(kGuarded) {
    for (const char* name : {"ada", "grace"})
      EXPECT_TRUE(workspace().write(std::string(name) + ".pub", public_pem(name)).ok());
    write_rule(denied);
    sign_in("ada");
    release("1.0");
  }  // namespace

  void write_rule(const std::string& denied) {
    EXPECT_TRUE(workspace().write("policies/rule.yaml", rule_against(denied)).ok());
  }
  void approve() { EXPECT_TRUE(another("grace")->approve(Context{}, {.promotion = "production"}).ok()); }
  std::string approval() {
    for (const api::GateView& gate : service().why(Context{}, {"1.0", "production"}).value().gates) {
      if (gate.gate == "approval") return gate.state + ": " + gate.found;
    }
    return "";
  }
};  // namespace pawl::engine

TEST(Bypass, S3_APolicyThatChangesAfterTheApprovalVoidsIt) {
  Guarded shop;
  shop.promote("dev");
  EXPECT_EQ(shop.promote("production").answer, "waiting");
  shop.approve();
  EXPECT_EQ(shop.approval(), "passed: 1 of 1 from sre: grace");
  shop.write_rule("8");
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  EXPECT_EQ(shop.approval(), "waiting: 0 of 1 from sre; grace's does not count: the plan is another one now");
  EXPECT_EQ(shop.promote("production").answer, "waiting");
  EXPECT_EQ(shop.head("production"), "");
  shop.approve();
  EXPECT_EQ(shop.promote("production").answer, "done") << "agreed to under the policy in force";
}

TEST(Bypass, P5_APolicyThatSomebodyWithoutTheRightEditsStaysAsItWas) {
  Guarded shop("1");
  EXPECT_EQ(shop.promote("dev").answer, "blocked");
  shop.write_rule("9");
  EXPECT_EQ(shop.another("grace")->apply(Context{}, {}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(shop.another()->apply(Context{}, {}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(shop.promote("dev").answer, "blocked") << "the rules in force decide";
  shop.workspace().remove("policies/rule.yaml");
  Result<api::PromoteResponse> out = shop.service().promote(Context{}, {.environment = "dev"});
  EXPECT_FALSE(out.ok() && out->answer == "done") << "no more does a policy that is deleted";
  EXPECT_EQ(shop.head("dev"), "");
}

TEST(Bypass, S4_AKeyFileThatSomebodyExchangesMakesThemNobody) {
  Guarded shop;
  shop.promote("dev");
  EXPECT_EQ(shop.promote("production").answer, "waiting");
  EXPECT_TRUE(shop.workspace().write("grace.pub", Shop::public_pem("mallory")).ok());
  EXPECT_EQ(shop.another("mallory")->approve(Context{}, {.promotion = "production"}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(shop.another("mallory")->apply(Context{}, {}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(shop.promote("production").answer, "waiting");
  EXPECT_EQ(shop.head("production"), "");
}

TEST(Bypass, P8_AStageThatIsDeletedFromTheFileAfterTheReleaseWasCutStands) {
  Guarded shop;
  std::string rooted = kGuarded;
  rooted.replace(rooted.find("promotesFrom: [dev], "), 21, "");
  shop.configure(rooted);
  EXPECT_EQ(shop.promote("production", "1.0").answer, "blocked") << "it was never in dev";
  EXPECT_EQ(shop.another("grace")->apply(Context{}, {}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(shop.promote("production", "1.0").answer, "blocked");
  EXPECT_EQ(shop.head("production"), "");
}

TEST(Bypass, P8_WhatNeverWasInDevEntersByNoSideDoor) {
  Shop shop;
  shop.release("1.0");
  for (const char* environment : {"dev", "staging", "production"}) shop.promote(environment);
  shop.edit("app", "2");
  shop.release("2.0");
  std::string head = shop.head("production");
  EXPECT_EQ(shop.promote("production", "2.0").answer, "blocked") << "by its name";
  EXPECT_EQ(shop.promote("production").answer, "nothing") << "what is verified upstream is there";
  EXPECT_EQ(shop.promote_layer("production", "2.0", "app").answer, "blocked") << "a layer of it";
  EXPECT_EQ(shop.service().retry(Context{}, {.environment = "production"}).error().code, ErrorCode::kConflict)
      << "what was blocked, again";
  for (const char* to : {"2.0", "r2"}) {
    EXPECT_EQ(shop.service().rollback(Context{}, {.environment = "production", .to = to, .reason = "x"}).error().code,
              ErrorCode::kNotFound)
        << "forward, as if it were back";
  }
  EXPECT_EQ(shop.service().reconcile(Context{}, {.environment = "production"})->bundle, head) << "the head alone";
  EXPECT_EQ(shop.head("production"), head);
}

TEST(Bypass, P8_ALayerOfWhatIsNotVerifiedUpstreamTakesNothingAlong) {
  Shop shop;
  shop.release("1.0");
  for (const char* environment : {"dev", "staging"}) shop.promote(environment);
  shop.edit("base", "2");
  shop.edit("app", "2");
  shop.release("2.0");
  shop.promote_layer("dev", "2.0", "app");
  std::string head = shop.head("staging");
  EXPECT_EQ(shop.promote_layer("staging", "2.0", "app").answer, "blocked") << "2.0 as a whole was never in dev";
  EXPECT_EQ(shop.promote_layer("staging", "2.0", "base").answer, "blocked");
  EXPECT_EQ(shop.head("staging"), head);
}

constexpr const char* kOverMidnight = R"(
  environments:
    - name: dev
      gates: [ { window: { schedule: "0 22 * * *", duration: 6h, timeZone: Europe/Berlin } } ]
)";

TEST(Bypass, P6_OverMidnightAndWhileTheClockIsPutForwardAWindowStaysOpenForItsTimeAndNoLonger) {
  // 29 March 2026, 02:00 to 03:00 is never shown in Berlin: six hours from 22:00 end at 05:00.
  struct Case {
    const char* at;
    const char* answer;
  };
  for (const Case& one : {Case{"2026-03-28T20:59:59Z", "waiting"}, Case{"2026-03-28T21:00:00Z", "done"},
                          Case{"2026-03-28T23:30:00Z", "done"}, Case{"2026-03-29T02:59:59Z", "done"},
                          Case{"2026-03-29T03:00:00Z", "waiting"}, Case{"2026-10-25T01:59:59Z", "done"},
                          Case{"2026-10-25T02:00:00Z", "waiting"}}) {
    Shop shop(kOverMidnight);
    shop.clock().advance(parse_time(one.at).value() - shop.clock().now());
    shop.release("1.0");
    EXPECT_EQ(shop.promote("dev").answer, one.answer) << one.at;
  }
}

TEST(Bypass, R13_AClockThatIsSetBackRevivesNoApprovalThatExpired) {
  Guarded shop;
  shop.promote("dev");
  shop.promote("production");
  ASSERT_TRUE(shop.another("grace")->approve(Context{}, {.promotion = "production", .expires = "1h"}).ok());
  shop.clock().advance(std::chrono::hours(2));
  EXPECT_EQ(shop.promote("production").answer, "waiting");
  shop.release("1.0.1");  // an entry: from now on the ledger has seen this time
  shop.clock().advance(-std::chrono::hours(2));
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "production"}).error().code, ErrorCode::kUnknown);
  shop.clock().advance(std::chrono::hours(2) - std::chrono::minutes(4));
  EXPECT_EQ(shop.promote("production").answer, "waiting") << "the ledger's time counts, where the clock is behind it";
  EXPECT_EQ(shop.head("production"), "");
}

}  // namespace
}  // namespace pawl::engine
