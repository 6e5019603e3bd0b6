#include "core/model/statement.h"
#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::kThree;
using testing_support::Shop;

std::string plan_of(Shop& shop, const std::string& environment) {
  return shop.service().plan(Context{}, {.environment = environment, .release = "1.0"}).value().plan;
}

TEST(Plan, AnUnrelatedEditVoidsNothing) {
  Shop shop;
  shop.release("1.0");
  std::string plan = plan_of(shop, "dev");
  ASSERT_TRUE(shop.workspace().write("ada.pub", Shop::public_pem("ada")).ok());
  shop.configure(R"(
  environments:
    - { name: dev, purpose: for everybody }
    - { name: staging, promotesFrom: [dev], gates: [ { soak: 1h } ] }
    - { name: production, promotesFrom: [staging] }
  people: { ada: ada.pub }
  groups: { sre: [ada] }
  allow: { apply: [sre] }
)");
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  EXPECT_EQ(plan_of(shop, "dev"), plan) << "other environments, people, groups and words";
}

TEST(Plan, WhatDecidesThereIsInIt) {
  const std::vector<std::string> edits = {
      "  environments: [ { name: dev, rollbackObeys: [soak] } ]\n",
      "  environments: [ { name: dev, onFailure: rollback } ]\n",
      "  environments: [ { name: dev, target: { directory: elsewhere } } ]\n",
      "  environments: [ { name: dev, verification: [] } ]\n",
      "  environments: [ { name: dev } ]\n  people: { ada: ada.pub }\n  allow: { promote: [ada] }\n",
  };
  Shop shop("  environments: [ { name: dev } ]\n");
  ASSERT_TRUE(shop.workspace().write("ada.pub", Shop::public_pem("ada")).ok());
  shop.release("1.0");
  std::set<std::string> plans = {plan_of(shop, "dev")};
  for (const std::string& edit : edits) {
    shop.configure(edit);
    ASSERT_TRUE(shop.service().apply(Context{}, {}).ok()) << edit;
    EXPECT_TRUE(plans.insert(plan_of(shop, "dev")).second) << edit;
  }
}

constexpr const char* kWaits = R"(
  environments:
    - name: dev
    - { name: staging, promotesFrom: [dev], gates: [ { soak: 30m } ] }
)";

TEST(Configuration, ChangedWhileAPromotionWaitsItWaitsOnUnderAnotherPlan) {
  Shop shop(kWaits);
  shop.release("1.0");
  shop.promote("dev");
  EXPECT_EQ(shop.promote("staging").answer, "waiting");
  crypto::Digest before = shop.promotion_state(2).opened.plan;
  shop.configure(R"(
  environments:
    - name: dev
    - { name: staging, promotesFrom: [dev], gates: [ { soak: 2h } ] }
)");
  shop.clock().advance(std::chrono::minutes(31));
  api::PromoteResponse out = shop.promote("staging");
  EXPECT_EQ(out.answer, "waiting") << "the gates of the revision in force";
  EXPECT_EQ(out.promotion.number, 2u);
  EXPECT_NE(shop.promotion_state(2).opened.plan, before) << "what was approved is void";
  EXPECT_EQ(shop.count("promotion.replanned"), 1u);
  shop.promote("staging");
  EXPECT_EQ(shop.count("promotion.replanned"), 1u) << "once";
}

TEST(Configuration, AnUnrelatedChangeLeavesAWaitingOneAlone) {
  Shop shop(kWaits);
  shop.release("1.0");
  shop.promote("dev");
  shop.promote("staging");
  shop.configure(std::string(kWaits) + "    - name: lab\n");
  shop.clock().advance(std::chrono::minutes(31));
  EXPECT_EQ(shop.promote("staging").answer, "done");
  EXPECT_EQ(shop.count("promotion.replanned"), 0u);
}

TEST(Configuration, ItIsFrozenOncePendingIsSet) {
  Shop shop("  environments: [ { name: dev } ]\n");
  shop.release("1.0");
  bool changed = false;
  shop.on_call([&](std::string_view call) {
    if (call != "target.apply" || changed) return Status();
    changed = true;
    shop.configure(
        "  environments: [ { name: dev, verification: [ { name: other, command: [checks/smoke.sh] } ] } ]\n");
    EXPECT_TRUE(shop.another()->apply(Context{}, {}).ok());
    return Status();
  });
  EXPECT_EQ(shop.promote("dev").answer, "done");
  ASSERT_EQ(shop.promotion_state(1).checks.size(), 1u);
  EXPECT_EQ(shop.promotion_state(1).checks[0].check, "smoke");
  shop.on_call({});
  EXPECT_FALSE(shop.verified("dev")) << "under the checks that are in force now";
}

TEST(Configuration, WithoutPeopleAnEditedFileIsTakenOverAndSaid) {
  Shop shop;
  shop.release("1.0");
  shop.configure(R"(
  environments:
    - { name: dev, purpose: other }
)");
  api::PromoteResponse out = shop.promote("dev");
  ASSERT_EQ(out.notes.size(), 1u);
  EXPECT_NE(out.notes[0].find("is in force now"), std::string::npos);
  EXPECT_EQ(shop.count("configuration.applied"), 2u);
}

constexpr const char* kPeople = R"(
  environments:
    - { name: dev, allow: { promote: [ada], rollback: [sre] } }
  people: { ada: ada.pub, grace: grace.pub }
  groups: { sre: [grace] }
)";

struct Peopled : Shop {
  Peopled() : Shop("  environments: [ { name: dev } ]\n") {
    for (const char* name : {"ada", "grace"})
      EXPECT_TRUE(workspace().write(std::string(name) + ".pub", public_pem(name)).ok());
    configure(kPeople);
    release("1.0");
  }
};

TEST(Configuration, WithPeopleAnEditedFileWaitsForAKnownPersonsApply) {
  Peopled shop;
  shop.configure("  environments: [ { name: dev } ]\n");
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev"}).error().code, ErrorCode::kDenied)
      << "the rules in force hold: promote is for ada";
  EXPECT_EQ(shop.count("configuration.applied"), 1u);
  EXPECT_EQ(shop.service().apply(Context{}, {}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(shop.another("stranger")->apply(Context{}, {}).error().code, ErrorCode::kDenied);
  EXPECT_TRUE(shop.another("grace")->apply(Context{}, {}).value().changed);
  EXPECT_EQ(shop.promote("dev").answer, "done");
}

TEST(Configuration, TheRulesOfTheRevisionInForceDecideWhoMayApply) {
  Peopled shop;
  shop.configure(std::string(kPeople) + "  allow: { apply: [ada] }\n");
  EXPECT_TRUE(shop.another("grace")->apply(Context{}, {}).ok()) << "nobody was named before";
  shop.configure(std::string(kPeople) + "  allow: { apply: [grace] }\n");
  EXPECT_EQ(shop.another("grace")->apply(Context{}, {}).error().code, ErrorCode::kDenied)
      << "the file's own rule does not count before it is in force";
  EXPECT_TRUE(shop.another("ada")->apply(Context{}, {}).ok());
}

TEST(Authorize, WhoMayPromoteRollBackAbortRetryAndHold) {
  Peopled shop;
  auto ada = shop.another("ada");
  auto grace = shop.another("grace");
  EXPECT_EQ(grace->promote(Context{}, {.environment = "dev"}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(ada->promote(Context{}, {.environment = "dev"}).value().answer, "done");
  EXPECT_EQ(shop.promotion_state(1).opened.requester, "ada");
  EXPECT_EQ(ada->rollback(Context{}, {.environment = "dev", .reason = "x"}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(grace->rollback(Context{}, {.environment = "dev", .reason = "x"}).error().code, ErrorCode::kNotFound)
      << "she may, but there is nothing to go back to";
  EXPECT_EQ(grace->retry(Context{}, {.environment = "dev"}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(grace->reconcile(Context{}, {.environment = "dev"}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(grace->hold(Context{}, {.environment = "dev"}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(grace->abort(Context{}, {.environment = "dev"}).error().code, ErrorCode::kDenied);
}

// The entry's body, and the verb that its signed request says.
std::string verb_of_request(Shop& shop, const api::AuditEntryView& entry, const crypto::PublicKey& key) {
  std::size_t at = entry.json.find("\"request\":\"");
  if (at == std::string::npos) return "";
  crypto::Digest manifest = crypto::Digest::parse(entry.json.substr(at + 11, 71)).value();
  std::string text = shop.blobs().get(Context{}, manifest, 1 << 20).value();
  std::size_t subject = text.find("\"subject\":");
  std::size_t digest = text.find("sha256:", subject);
  crypto::Digest about = crypto::Digest::parse(text.substr(digest, 71)).value();
  for (const auto& record : shop.blobs().attached(Context{}, about, model::kSigstoreBundleType).value()) {
    if (record.manifest.digest != manifest) continue;
    auto verified = model::verify_statement(record.bytes, std::vector<crypto::PublicKey>{key});
    if (!verified || verified->statement.subjects[0].digest != about) return "forged";
    return std::string(verified->statement.predicate.root.string_at("verb"));
  }
  return "lost";
}

TEST(Request, EveryVerbThatChangesSomethingIsSignedAndKept) {
  Shop shop;
  shop.sign_in("ada");
  shop.release("1.0");
  shop.fail_checks();
  shop.promote("dev");
  EXPECT_EQ(shop.service().retry(Context{}, {.environment = "dev"}).value().answer, "failed");
  shop.pass_checks();
  shop.promote("dev");
  shop.service().reconcile(Context{}, {.environment = "dev"}).value();
  shop.service().hold(Context{}, {.environment = "dev", .reason = "x"}).value();
  shop.edit("app", "2");
  shop.release("2.0");
  shop.promote("dev");
  shop.rollback("dev");
  shop.configure(kWaits);
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  shop.promote("dev");
  shop.promote("staging", "2.0");
  shop.service().abort(Context{}, {.environment = "staging"}).value();
  std::set<std::string> verbs;
  crypto::PublicKey ada = memory::Signer::key_of("ada").public_key();
  for (const api::AuditEntryView& entry :
       shop.service().audit_log(Context{}, {.environment = "", .limit = 1000}).value().entries)
    verbs.insert(verb_of_request(shop, entry, ada));
  verbs.erase("");
  EXPECT_EQ(verbs,
            (std::set<std::string>{"abort", "apply", "hold", "promote", "reconcile", "release", "retry", "rollback"}));
}

TEST(Request, ACallerWithoutAKeyIsUnauthenticated) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  EXPECT_FALSE(shop.promotion_state(1).opened.request.has_value());
  EXPECT_EQ(shop.promotion_state(1).opened.requester, "local:tester");
  std::string json = shop.service().audit_log(Context{}, {.environment = "", .limit = 1}).value().entries[0].json;
  EXPECT_NE(json.find("\"method\":\"unauthenticated\""), std::string::npos);
}

}  // namespace
}  // namespace pawl::engine
