#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

constexpr const char* kAutomatic = R"(
  environments:
    - { name: dev, autoPromote: true }
    - { name: staging, promotesFrom: [dev], autoPromote: true, gates: [ { soak: 30m } ] }
    - { name: production, promotesFrom: [staging] }
)";

// What one round came to: "dev done, staging waiting".
std::string serve(Shop& shop) {
  Result<api::ServeResponse> out = shop.service().serve(Context{}, {.once = true});
  EXPECT_TRUE(out.ok()) << (out.ok() ? "" : out.error().text());
  std::string text;
  if (!out) return text;
  for (const api::ServedView& one : out->served)
    text += (text.empty() ? "" : ", ") + one.environment + " " + one.answer;
  return text;
}

TEST(Serve, TakesReleasesAlongThePipelineOnlyWhileEverythingHolds) {
  Shop shop(kAutomatic);
  shop.release("1.0");
  EXPECT_EQ(serve(shop), "dev done, staging waiting") << "it soaks";
  EXPECT_EQ(serve(shop), "staging waiting");
  shop.clock().advance(std::chrono::minutes(31));
  EXPECT_EQ(serve(shop), "staging done");
  EXPECT_EQ(serve(shop), "") << "production asks for somebody";
  EXPECT_EQ(shop.head("production"), "");
}

TEST(Serve, SaysOnlyWhatItWouldDo) {
  Shop shop(kAutomatic);
  shop.release("1.0");
  api::ServeResponse out = shop.service().serve(Context{}, {.once = true, .dry_run = true}).value();
  ASSERT_EQ(out.served.size(), 2u);
  EXPECT_EQ(out.served[0].answer, "would");
  EXPECT_EQ(out.served[1].answer, "not yet");
  EXPECT_EQ(shop.count("promotion.opened"), 0u);
}

TEST(Serve, WhatAGateRefusesIsNotEvenAskedFor) {
  Shop shop("  environments: [ { name: dev, autoPromote: true, gates: [ { policy: required } ] } ]\n");
  shop.release("1.0");
  EXPECT_EQ(serve(shop), "dev not yet");
  EXPECT_EQ(shop.count("promotion.opened"), 0u);
}

TEST(Serve, AHoldStopsItAndNothingElse) {
  Shop shop(kAutomatic);
  shop.release("1.0");
  shop.service().hold(Context{}, {.environment = "dev", .reason = "hands off"}).value();
  EXPECT_EQ(serve(shop), "dev held, staging not yet");
  EXPECT_EQ(shop.promote("dev").answer, "done");
}

TEST(Serve, ARollbackIsNotUndoneByIt) {
  Shop shop(kAutomatic);
  shop.release("1.0");
  serve(shop);
  shop.edit("app", "2");
  shop.release("2.0");
  EXPECT_EQ(serve(shop).substr(0, 8), "dev done");
  EXPECT_EQ(shop.rollback("dev").answer, "done");
  std::string head = shop.head("dev");
  EXPECT_EQ(serve(shop).substr(0, 8), "dev held");
  EXPECT_EQ(shop.head("dev"), head);
}

TEST(Serve, DecayStopsIt) {
  Shop shop(kAutomatic);
  shop.release("1.0");
  serve(shop);
  shop.clock().advance(std::chrono::minutes(31));
  std::string other_checks = R"(
  defaults:
    target: { directory: live/$(environment) }
    verification: [ { name: other, command: [checks/smoke.sh] } ]
)";
  shop.configure(kAutomatic, other_checks);
  serve(shop);
  EXPECT_EQ(shop.head("staging"), "") << "dev was verified by other checks";
}

TEST(Serve, GoesOnWithWhatWaitsWhoeverAskedForIt) {
  Shop shop(R"(
  environments: [ { name: dev, gates: [ { window: { schedule: "0 12 * * *", duration: 1h } } ] } ]
)");
  shop.release("1.0");
  EXPECT_EQ(shop.promote("dev").answer, "waiting");
  EXPECT_EQ(serve(shop), "dev waiting");
  shop.clock().advance(std::chrono::hours(2));
  EXPECT_EQ(serve(shop), "dev done");
}

}  // namespace
}  // namespace pawl::engine
