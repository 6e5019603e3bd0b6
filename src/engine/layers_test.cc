#include "core/model/release.h"
#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

model::Bundle bundle_at(Shop& shop, const std::string& digest) {
  return model::decode_bundle(shop.blobs().get(Context{}, crypto::Digest::parse(digest).value(), 1 << 20).value())
      .value();
}

// Release 1.0 in dev, release 2.0 with another base and another app cut.
void prepare(Shop& shop) {
  shop.release("1.0");
  shop.promote("dev");
  shop.edit("base", "2");
  shop.edit("app", "2");
  shop.release("2.0");
}

TEST(Layers, OneAloneIsAssembledNamesItsParentsAndRendersNothing) {
  Shop shop;
  prepare(shop);
  std::string before = shop.head("dev");
  for (const char* file : {"base/base.yaml", "app/app.yaml"}) shop.workspace().remove(file);
  api::PromoteResponse out = shop.promote_layer("dev", "2.0", "app");
  EXPECT_EQ(out.answer, "done");
  model::Bundle head = bundle_at(shop, shop.head("dev"));
  model::Bundle old = bundle_at(shop, before);
  EXPECT_EQ(head.layers[0].blob, old.layers[0].blob);
  EXPECT_NE(head.layers[1].blob, old.layers[1].blob);
  ASSERT_EQ(head.parents.size(), 2u);
  EXPECT_TRUE(head.parents[0].str() == before || head.parents[1].str() == before);
  EXPECT_EQ(shop.environment_state("dev").head->release, 0u) << "no release has this bundle";
  EXPECT_EQ(shop.promote_layer("dev", "2.0", "app").answer, "nothing") << "typed again";
}

TEST(Layers, WhatWasAssembledInheritsNoVerification) {
  Shop shop;
  prepare(shop);
  shop.fail_checks();
  EXPECT_EQ(shop.promote_layer("dev", "2.0", "app").answer, "failed");
  EXPECT_FALSE(shop.verified("dev"));
  shop.pass_checks();
  EXPECT_EQ(shop.promote_layer("dev", "2.0", "app").answer, "done") << "the checks alone";
  Error none = shop.service().promote(Context{}, {.environment = "staging"}).error();
  EXPECT_NE(none.message.find("assembled from layers"), std::string::npos) << none.message;
  EXPECT_EQ(shop.promote("staging", "2.0").answer, "blocked") << "2.0 as a whole was never verified in dev";
}

TEST(Layers, UpstreamRequiresTheReleaseOfEachChangedLayerVerified) {
  Shop shop;
  prepare(shop);
  shop.promote("staging", "1.0");
  EXPECT_EQ(shop.promote_layer("staging", "2.0", "app").answer, "blocked") << "2.0 is not verified in dev";
  EXPECT_EQ(shop.promote("dev", "2.0").answer, "done");
  EXPECT_EQ(shop.promote_layer("staging", "2.0", "app").answer, "done");
}

TEST(Layers, P8_AnOlderReleaseDoesNotComeBackOverANewerLayer) {
  Shop shop;
  prepare(shop);
  shop.promote_layer("dev", "2.0", "app");
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev", .release = "1.0"}).error().code,
            ErrorCode::kConflict);
  EXPECT_EQ(shop.promote("dev", "2.0").answer, "done");
}

TEST(Layers, ALayerAloneNeedsAWholeHead) {
  Shop shop;
  shop.release("1.0");
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev", .release = "1.0", .layers = {"app"}}).error().code,
            ErrorCode::kConflict);
  shop.promote("dev");
  EXPECT_EQ(
      shop.service().promote(Context{}, {.environment = "dev", .release = "1.0", .layers = {"none"}}).error().code,
      ErrorCode::kNotFound);
  shop.edit("app", "2");
  shop.release("2.0");
  shop.on_call([](std::string_view call) {
    return call == "target.publish" ? Status(Error(ErrorCode::kUnavailable, "no answer")) : Status();
  });
  EXPECT_EQ(shop.promote("dev").answer, "errored");
  shop.on_call({});
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev", .release = "2.0", .layers = {"app"}}).error().code,
            ErrorCode::kConflict)
      << "a half applied environment is mended by a whole bundle";
}

constexpr const char* kSoak = R"(
  environments:
    - name: dev
    - { name: staging, promotesFrom: [dev], gates: [ { soak: 30m } ] }
)";

// Staging has 1.0; of 2.0, "app" waits there.
void let_app_wait(Shop& shop) {
  shop.release("1.0");
  shop.promote("dev");
  shop.clock().advance(std::chrono::minutes(31));
  ASSERT_EQ(shop.promote("staging").answer, "done");
  shop.edit("base", "2");
  shop.edit("app", "2");
  shop.release("2.0");
  shop.promote("dev");
  ASSERT_EQ(shop.promote_layer("staging", "2.0", "app").answer, "waiting");
}

TEST(Layers, DisjointOnesAreOpenTogetherAndComposedAnewWhenTheHeadMoves) {
  Shop shop(kSoak);
  let_app_wait(shop);
  EXPECT_EQ(shop.service()
                .promote(Context{}, {.environment = "staging", .release = "2.0", .layers = {"app", "base"}})
                .error()
                .code,
            ErrorCode::kConflict)
      << "layers in common";
  EXPECT_EQ(shop.promote_layer("staging", "2.0", "base").answer, "waiting");
  shop.clock().advance(std::chrono::minutes(31));
  plan::PromotionState before = shop.promotion_state(4);
  EXPECT_EQ(shop.promote_layer("staging", "2.0", "base").answer, "done");
  EXPECT_EQ(shop.promote_layer("staging", "2.0", "app").answer, "done");
  plan::PromotionState after = shop.promotion_state(4);
  EXPECT_EQ(shop.count("promotion.replanned"), 1u);
  EXPECT_NE(after.opened.plan, before.opened.plan) << "what was approved was another plan";
  EXPECT_NE(after.opened.bundle, before.opened.bundle);
  model::Bundle head = bundle_at(shop, shop.head("staging"));
  model::Bundle whole = bundle_at(shop, shop.head("dev"));
  EXPECT_EQ(head.layers[0].blob, whole.layers[0].blob);
  EXPECT_EQ(head.layers[1].blob, whole.layers[1].blob);
}

TEST(Layers, ComposedAnewTheGatesRunAgain) {
  Shop shop(kSoak);
  let_app_wait(shop);
  shop.promote_layer("staging", "2.0", "base");
  shop.clock().advance(std::chrono::minutes(31));
  EXPECT_EQ(shop.promote_layer("staging", "2.0", "base").answer, "done");
  shop.rollback("dev");  // 2.0 is not verified upstream any more
  EXPECT_EQ(shop.promote_layer("staging", "2.0", "app").answer, "blocked");
}

TEST(Layers, OneWhoseChecksStillRunIsNotOvertaken) {
  Shop shop;
  prepare(shop);
  bool struck = false;
  shop.on_call([&](std::string_view call) -> Status {
    if (call != "checks.run" || struck) return {};
    struck = true;
    return Error(ErrorCode::kInterrupted, "interrupted");
  });
  EXPECT_FALSE(shop.service().promote(Context{}, {.environment = "dev", .release = "2.0", .layers = {"app"}}).ok());
  EXPECT_TRUE(struck);
  EXPECT_EQ(shop.promotion_state(2).phase, plan::Phase::kApplied);
  EXPECT_EQ(shop.promote_layer("dev", "2.0", "base").answer, "waiting") << "it would take the epoch of the other";
  EXPECT_EQ(shop.service().abort(Context{}, {.environment = "dev"}).value().promotion.number, 2u);
  EXPECT_EQ(shop.promote_layer("dev", "2.0", "base").answer, "done");
}

TEST(Layers, OneIsRolledBackAlone) {
  Shop shop;
  prepare(shop);
  std::string first = shop.head("dev");
  shop.promote("dev", "2.0");
  std::string second = shop.head("dev");
  api::PromoteResponse out =
      shop.service().rollback(Context{}, {.environment = "dev", .reason = "x", .layers = {"app"}}).value();
  EXPECT_EQ(out.answer, "done");
  model::Bundle head = bundle_at(shop, shop.head("dev"));
  EXPECT_EQ(head.layers[0].blob, bundle_at(shop, second).layers[0].blob);
  EXPECT_EQ(head.layers[1].blob, bundle_at(shop, first).layers[1].blob);
  EXPECT_EQ(shop.environment("dev").hold, "x");
  EXPECT_EQ(shop.promote("staging", "2.0").answer, "blocked") << "leaving 2.0 took its verification away";
  EXPECT_EQ(shop.rollback("dev", "1.0").answer, "done");
  EXPECT_EQ(shop.head("dev"), first);
}

}  // namespace
}  // namespace pawl::engine
