#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

// A shop with releases 1.0, 2.0 and 3.0 promoted to dev, one after the other.
void promote_three(Shop& shop) {
  for (const char* version : {"1.0", "2.0", "3.0"}) {
    shop.edit("app", version);
    shop.release(version);
    ASSERT_EQ(shop.promote("dev").answer, "done");
  }
}

std::string bundle_of(Shop& shop, const std::string& version) {
  api::DescribeResponse out = shop.service().describe(Context{}, {.kind = "release", .name = version}).value();
  for (const std::string& fact : out.facts) {
    if (fact.starts_with("dev  ")) return fact.substr(5, 71);
  }
  return "";
}

TEST(Rollback, R8_GivesTheDigestThatItHadWithEverySourceGone) {
  Shop shop;
  promote_three(shop);
  std::string wanted = bundle_of(shop, "2.0");
  for (const char* file : {"pawl.yaml", "base/base.yaml", "app/app.yaml", "checks/smoke.sh"})
    shop.workspace().remove(file);
  api::PromoteResponse out = shop.another()->rollback(Context{}, {.environment = "dev", .reason = "latency"}).value();
  EXPECT_EQ(out.answer, "done");
  EXPECT_EQ(out.bundle, wanted);
  EXPECT_EQ(shop.environment_state("dev").head->bundle.str(), wanted);
  EXPECT_EQ(shop.promotion_state(4).opened.reason, "latency");
}

TEST(Rollback, ASecondOneGoesFurtherBackAndLeavingRevokes) {
  Shop shop;
  promote_three(shop);
  EXPECT_EQ(shop.rollback("dev").version, "2.0");
  EXPECT_EQ(shop.rollback("dev").version, "1.0");
  EXPECT_EQ(shop.service().rollback(Context{}, {.environment = "dev", .reason = "x"}).error().code,
            ErrorCode::kNotFound);
  EXPECT_NE(shop.why("3.0", "staging").find("left by rollback 4"), std::string::npos) << shop.why("3.0", "staging");
  EXPECT_EQ(shop.promote("staging", "3.0").answer, "blocked") << "nothing downstream takes it";
  EXPECT_EQ(shop.rollback("dev", "3.0").answer, "done") << "a named one may have been left";
}

TEST(Rollback, ItHoldsAutomationUntilReleased) {
  Shop shop;
  promote_three(shop);
  EXPECT_EQ(shop.environment("dev").hold, "");
  shop.rollback("dev");
  EXPECT_EQ(shop.environment("dev").hold, "test");
  EXPECT_TRUE(shop.service().hold(Context{}, {.environment = "dev", .off = true}).ok());
  EXPECT_EQ(shop.environment("dev").hold, "");
}

TEST(Rollback, R9_ABlobThatIsGoneRefusesItBeforeAnythingIsTouched) {
  Shop shop;
  promote_three(shop);
  plan::EnvironmentState before = shop.environment_state("dev");
  std::vector<std::string> entries = shop.entries();
  std::string bundle = bundle_of(shop, "1.0");
  std::string text = shop.blobs().get(Context{}, crypto::Digest::parse(bundle).value(), 1 << 20).value();
  std::size_t at = text.find("application/vnd.pawl.layer");
  ASSERT_NE(at, std::string::npos);
  std::size_t digest =
      text.rfind("sha256:", at) == std::string::npos ? text.find("sha256:", at) : text.rfind("sha256:", at);
  shop.blobs().lose(crypto::Digest::parse(text.substr(digest, 71)).value());
  Error error = shop.service().rollback(Context{}, {.environment = "dev", .to = "1.0", .reason = "x"}).error();
  EXPECT_TRUE(error.code == ErrorCode::kNotFound || error.code == ErrorCode::kIntegrity) << error.text();
  EXPECT_EQ(shop.environment_state("dev"), before);
  EXPECT_EQ(shop.entries(), entries);
}

TEST(Rollback, R9_ARevokedReleaseKeyRefusesIt) {
  Shop shop;
  promote_three(shop);
  std::vector<std::string> entries = shop.entries();
  shop.signer().set(ports::KeyRole::kRelease, memory::Signer::key_of("another"));
  EXPECT_EQ(shop.service().rollback(Context{}, {.environment = "dev", .reason = "x"}).error().code,
            ErrorCode::kIntegrity);
  EXPECT_EQ(shop.entries(), entries);
}

TEST(Rollback, AFailedHeadGoesBackToTheOneBefore) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  shop.edit("app", "2");
  shop.release("2.0");
  shop.fail_checks();
  EXPECT_EQ(shop.promote("dev").answer, "failed");
  shop.pass_checks();
  EXPECT_EQ(shop.rollback("dev").version, "1.0");
  EXPECT_TRUE(shop.verified("dev"));
}

TEST(Rollback, R7_HalfAppliedItGoesToTheHead) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  std::string head = shop.head("dev");
  shop.edit("app", "2");
  shop.release("2.0");
  shop.on_call([](std::string_view call) {
    return call == "target.publish" ? Status(Error(ErrorCode::kDenied, "object 2 of 2 was rejected")) : Status();
  });
  EXPECT_EQ(shop.promote("dev").answer, "failed");
  EXPECT_TRUE(shop.environment("dev").degraded);
  EXPECT_EQ(shop.head("dev"), head);
  shop.on_call({});
  api::PromoteResponse back = shop.rollback("dev");
  EXPECT_EQ(back.answer, "done");
  EXPECT_EQ(back.bundle, head);
  EXPECT_FALSE(shop.environment("dev").degraded);
}

TEST(Rollback, ItSupersedesAWaitingOne) {
  Shop shop(R"(
  environments:
    - name: dev
    - { name: staging, promotesFrom: [dev], gates: [ { soak: 30m } ] }
)");
  for (const char* version : {"1.0", "2.0", "3.0"}) {
    shop.edit("app", version);
    shop.release(version);
    shop.promote("dev");
    bool waits = shop.promote("staging").answer == "waiting";
    if (version == std::string("3.0")) break;
    EXPECT_TRUE(waits);
    shop.clock().advance(std::chrono::minutes(31));
    EXPECT_EQ(shop.promote("staging").answer, "done");
  }
  EXPECT_EQ(shop.rollback("staging").version, "1.0");
  EXPECT_EQ(shop.promotion_state(6).outcome(), plan::Outcome::kSuperseded);
}

TEST(Rollback, R4_ItFencesOffARunningOne) {
  Shop shop;
  shop.release("1.0");
  shop.promote("dev");
  std::string head = shop.head("dev");
  shop.edit("app", "2");
  shop.release("2.0");
  std::string rolled;
  int publishes = 0;
  shop.on_call([&](std::string_view call) {
    if (call == "target.publish") ++publishes;
    if (call != "target.apply" || !rolled.empty()) return Status();
    rolled = "asked";
    rolled = shop.another()->rollback(Context{}, {.environment = "dev", .reason = "now"}).value().answer;
    return Status();
  });
  EXPECT_EQ(shop.promote("dev").answer, "superseded");
  EXPECT_EQ(rolled, "done");
  EXPECT_EQ(publishes, 0) << "the target had the head all along, and the one that was fenced off wrote nothing";
  EXPECT_EQ(shop.head("dev"), head);
  EXPECT_FALSE(shop.environment("dev").degraded);
}

constexpr const char* kBack = R"(
  environments:
    - { name: dev, onFailure: rollback, allow: { rollback: [ada] } }
  people: { ada: ada.pub }
)";

TEST(Rollback, OnFailureTheEnvironmentItselfGoesBack) {
  Shop shop;
  ASSERT_TRUE(shop.workspace().write("ada.pub", Shop::public_pem("ada")).ok());
  shop.configure(kBack);
  shop.release("1.0");
  shop.promote("dev");
  std::string head = shop.head("dev");
  shop.edit("app", "2");
  shop.release("2.0");
  int runs = 0;
  shop.on_call([&](std::string_view call) {
    if (call == "checks.run" && ++runs == 2) shop.pass_checks();
    return Status();
  });
  shop.fail_checks("exit status 3");
  api::PromoteResponse out = shop.promote("dev");
  EXPECT_EQ(out.answer, "failed");
  ASSERT_EQ(out.notes.size(), 1u);
  EXPECT_NE(out.notes[0].find("rolled back to 1.0 (promotion 3)"), std::string::npos) << out.notes[0];
  EXPECT_EQ(shop.head("dev"), head);
  EXPECT_TRUE(shop.verified("dev"));
  EXPECT_NE(shop.promotion_state(3).opened.reason.find("exit status 3"), std::string::npos);
}

TEST(Rollback, AFailedOneNeverStartsAnother) {
  Shop shop("  environments:\n    - { name: dev, onFailure: rollback }\n");
  for (const char* version : {"1.0", "2.0", "3.0"}) {
    shop.edit("app", version);
    shop.release(version);
    if (version == std::string("3.0")) shop.fail_checks();
    shop.promote("dev");
  }
  EXPECT_EQ(shop.count("promotion.opened"), 4u) << "three promotions and one rollback";
  EXPECT_FALSE(shop.verified("dev"));
  EXPECT_EQ(shop.rollback("dev").answer, "failed");
  EXPECT_EQ(shop.count("promotion.opened"), 5u) << "nor does one that was asked for";
}

TEST(Rollback, ABrokenProjectFileIsNotInTheWay) {
  Shop shop;
  promote_three(shop);
  ASSERT_TRUE(shop.workspace().write("pawl.yaml", "kind: [").ok());
  api::PromoteResponse out = shop.another()->rollback(Context{}, {.environment = "dev", .reason = "x"}).value();
  EXPECT_EQ(out.answer, "done");
  ASSERT_FALSE(out.notes.empty());
  EXPECT_NE(out.notes[0].find("the configuration in force holds"), std::string::npos);
}

}  // namespace
}  // namespace pawl::engine
