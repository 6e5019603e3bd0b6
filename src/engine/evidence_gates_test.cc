#include <gtest/gtest.h>

#include "core/model/release.h"
#include "core/model/statement.h"
#include "format/json.h"
#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

constexpr const char* kPassed = R"({"result":"PASSED"})";
constexpr const char* kFailed = R"({"result":"FAILED"})";

std::string with_gate(const std::string& gate, const std::string& trust = "ci: [ci.pub, spare.pub], lab: [lab.pub]") {
  return R"(
  environments:
    - name: dev
    - { name: production, promotesFrom: [dev], gates: [ )" +
         gate + R"( ] }
  people: { ada: ada.pub, grace: grace.pub }
  groups: { qa: [ada, grace] }
  trust: { )" +
         trust + R"( }
)";
}

std::string evidence(const std::string& more = "", const std::string& type = std::string(model::kTestResultPredicate)) {
  return "{ evidence: { predicateType: \"" + type + "\", from: [ci, qa]" + more + " } }";
}

// 1.0 is verified in dev and may go to production once there is evidence.
class Lab : public Shop {
 public:
  explicit Lab(const std::string& gate = evidence()) : Shop(with_gate(gate)) {
    for (const char* name : {"ada", "grace", "ci", "spare", "lab"})
      EXPECT_TRUE(workspace().write(std::string(name) + ".pub", public_pem(name)).ok());
    sign_in("ada");
    release("1.0");
    promote("dev");
  }

  // What `person` says about the bundle for production.
  void say(const std::string& person, const std::string& predicate,
           const std::string& type = std::string(model::kTestResultPredicate)) {
    Result<api::AttestResponse> said = another(person)->attest(
        Context{}, {.release = "1.0", .environment = "production", .type = type, .predicate = predicate});
    ASSERT_TRUE(said.ok()) << said.error().text();
    records_.push_back(said->evidence[0].record);
    clock().advance(std::chrono::seconds(1));
  }
  const std::vector<std::string>& records() const { return records_; }
  std::string gate(const std::string& name = "evidence") {
    for (const api::GateView& gate : service().why(Context{}, {"1.0", "production"}).value().gates) {
      if (gate.gate == name) return gate.state + ": " + gate.found;
    }
    return "";
  }
  void apply(const std::string& rest) {
    configure(rest);
    sign_in("ada");
    Result<api::ApplyResponse> applied = service().apply(Context{}, {});
    ASSERT_TRUE(applied.ok()) << applied.error().text();
  }
  std::string bundle() { return service().plan(Context{}, {.environment = "production"}).value().bundle; }

 private:
  std::vector<std::string> records_;
};

TEST(Evidence, WaitsForItAndGoesOnWithIt) {
  Lab lab;
  EXPECT_EQ(lab.promote("production").answer, "waiting");
  lab.say("ci", kPassed);
  EXPECT_EQ(lab.promote("production").answer, "done");
  EXPECT_EQ(lab.promotion_state(2).gates[1].evidence, lab.records());
}

TEST(Evidence, S2_AnotherTypeAndAnotherSignerDoNotCount) {
  Lab lab;
  lab.say("ci", kPassed, "https://example.com/other/v1");
  lab.say("lab", kPassed);
  EXPECT_EQ(lab.gate(), "waiting: test-result/v0.1, 0 of 1 from ci, qa");
}

TEST(Evidence, ARoleIsOneSignerHoweverManyKeysItHas) {
  Lab lab(evidence(", count: 2"));
  lab.say("ci", kPassed);
  lab.say("spare", kPassed);
  EXPECT_EQ(lab.gate(), "waiting: test-result/v0.1, 1 of 2 from ci, qa: ci");
  lab.say("grace", kPassed);
  EXPECT_EQ(lab.promote("production").answer, "done");
}

TEST(Evidence, ItsAgeIsCountedFromTheLedgersEntry) {
  Lab lab(evidence(", maxAge: 72h"));
  lab.say("ci", kPassed);
  EXPECT_TRUE(lab.gate().starts_with("passed"));
  lab.clock().advance(std::chrono::hours(73));
  EXPECT_EQ(lab.promote("production").answer, "waiting") << "it is asked again at every promotion";
}

TEST(Evidence, OfARollbackOnlyWhereTheEnvironmentSaysSo) {
  Lab lab;
  lab.say("ci", kPassed);
  ASSERT_EQ(lab.promote("production").answer, "done");
  lab.edit("app", "2");
  lab.release("2.0");
  lab.promote("dev");
  Result<api::AttestResponse> said =
      lab.another("ci")->attest(Context{}, {.release = "2.0",
                                            .environment = "production",
                                            .type = std::string(model::kTestResultPredicate),
                                            .predicate = kPassed});
  ASSERT_TRUE(said.ok());
  ASSERT_EQ(lab.promote("production").answer, "done");
  lab.blobs().lose(crypto::Digest::parse(lab.records()[0]).value());
  EXPECT_EQ(lab.rollback("production").answer, "done") << "the way back is open";
}

TEST(Evidence, S7_AKeyThatIsTakenOutLetsNoOlderStatementStepIn) {
  Lab lab;
  lab.say("ci", kPassed);
  lab.say("spare", kFailed);
  EXPECT_TRUE(lab.gate().starts_with("failed"));
  lab.apply(with_gate(evidence(), "ci: [ci.pub], lab: [lab.pub]"));
  EXPECT_EQ(
      lab.gate(),
      "waiting: test-result/v0.1, 0 of 1 from ci, qa; ci's does not count: it verifies under no key that is known now");
  EXPECT_EQ(lab.promote("production").answer, "waiting");
  lab.say("ci", kPassed);
  EXPECT_EQ(lab.promote("production").answer, "done") << "a newer one counts";
}

// Whatever blob is lost, what was refused with all of them is refused without it.
TEST(Evidence, S7_NoBlobThatIsGoneLetsItIn) {
  std::size_t blobs = 0;
  for (std::size_t gone = 0; gone == 0 || gone < blobs; ++gone) {
    Lab lab;
    lab.say("ci", kPassed);
    lab.say("ci", kFailed);
    lab.say("grace", kFailed);
    std::vector<crypto::Digest> all = lab.blobs().list(Context{}).value();
    blobs = all.size();
    lab.blobs().lose(all[gone]);
    Result<api::PromoteResponse> out = lab.service().promote(Context{}, {.environment = "production"});
    EXPECT_TRUE(!out || out->answer != "done") << all[gone].str();
    EXPECT_EQ(lab.count("promotion.applied"), 1u) << "in dev alone: " << all[gone].str();
  }
}

// Who may answer for checks; nobody said otherwise: the store's own key.
std::string own_results(const std::string& trust = "") {
  return R"(
  environments:
    - { name: dev, gates: [ { evidence: { predicateType: "https://in-toto.io/attestation/test-result/v0.1", from: [checks] } } ] }
  trust: { )" +
         trust + R"( }
)";
}

TEST(Evidence, WhatAChecksResultIsCountsWithoutBeingAttested) {
  Shop shop("  environments: [ { name: dev } ]\n");
  ASSERT_TRUE(shop.workspace().write("lab.pub", Shop::public_pem("lab")).ok());
  ASSERT_TRUE(shop.workspace().write("release.pub", Shop::public_pem("release")).ok());
  shop.release("1.0");
  ASSERT_EQ(shop.promote("dev").answer, "done");
  EXPECT_EQ(shop.entries().at(shop.entries().size() - 2), "evidence.recorded");
  shop.configure(own_results());
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  const std::string yes = "evidence passed: test-result/v0.1, 1 of 1 from checks: checks\n";
  EXPECT_EQ(shop.why("1.0", "dev"), yes);
  shop.configure(own_results("checks: [lab.pub]"));
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  EXPECT_EQ(shop.why("1.0", "dev"),
            "evidence waiting: test-result/v0.1, 0 of 1 from checks; checks's does not count: check smoke: its key is "
            "somebody else's now\n")
      << "the key is asked whenever it is used";
  shop.configure(own_results("checks: [lab.pub, release.pub]"));
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  EXPECT_EQ(shop.why("1.0", "dev"), yes);
}

TEST(Evidence, ANewerResultOfTheSameCheckTakesItsPlace) {
  Shop shop("  environments: [ { name: dev } ]\n");
  shop.release("1.0");
  shop.fail_checks();
  ASSERT_EQ(shop.promote("dev").answer, "failed");
  shop.configure(own_results());
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  EXPECT_EQ(
      shop.why("1.0", "dev"),
      "evidence failed: test-result/v0.1, 0 of 1 from checks; checks says no: check smoke: its result is FAILED\n");
  shop.pass_checks();
  ASSERT_EQ(shop.promote("dev").answer, "done");
  EXPECT_EQ(shop.why("1.0", "dev"), "evidence passed: test-result/v0.1, 1 of 1 from checks: checks\n");
  EXPECT_EQ(shop.count("evidence.recorded"), 2u);
}

TEST(Evidence, ThePoliciesVerdictCountsWithoutBeingAttested) {
  const std::string budget = "{ name: dev, allowedChanges: { most: 2 }";
  Shop shop("  environments: [ " + budget + " } ]\n");
  shop.release("1.0");
  ASSERT_EQ(shop.promote("dev").answer, "done");
  shop.configure("  environments: [ " + budget +
                 R"(, gates: [ { evidence: { predicateType: "https://slsa.dev/verification_summary/v1", from: [release],
                     verifier: "https://pawl.dev/store/shop.example/log", levels: [PAWL_POLICIES] } } ] } ])" +
                 "\n");
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  EXPECT_TRUE(
      shop.why("1.0", "dev").starts_with("evidence passed: verification_summary/v1, 1 of 1 from release: release\n"))
      << shop.why("1.0", "dev");
  shop.configure("  environments: [ { name: dev, allowedChanges: { kinds: [Secret] } } ]\n");
  ASSERT_TRUE(shop.service().apply(Context{}, {}).ok());
  shop.edit("app", "2");
  shop.release("2.0");
  ASSERT_EQ(shop.promote("dev").answer, "blocked");
  EXPECT_EQ(shop.entries().back(), "evidence.recorded") << "a no is recorded, too";
}

std::string summary(const std::string& uri, const std::string& verifier, const std::string& result,
                    const std::string& level) {
  return R"({"resourceUri":")" + uri + R"(","verifier":{"id":")" + verifier + R"("},"verificationResult":")" + result +
         R"(","verifiedLevels":[")" + level + R"("]})";
}

TEST(Evidence, S5_AVerdictForAnotherEnvironmentOrByAnotherVerifierIsRefused) {
  const std::string type(model::kVsaPredicate);
  Lab lab(evidence(", verifier: \"https://ci\", levels: [SLSA_BUILD_LEVEL_3]", type));
  const std::string here = "pawl:shop/production@" + lab.bundle();
  struct Case {
    std::string predicate;
    std::string words;
  };
  const std::vector<Case> cases = {
      {summary("pawl:shop/dev@" + lab.bundle(), "https://ci", "PASSED", "SLSA_BUILD_LEVEL_3"),
       "it is about pawl:shop/dev@"},
      {summary(here, "https://lab", "PASSED", "SLSA_BUILD_LEVEL_3"), "its verifier is https://lab, not https://ci"},
      {summary(here, "https://ci", "FAILED", "SLSA_BUILD_LEVEL_3"), "its result is FAILED"},
      {summary(here, "https://ci", "PASSED", "SLSA_BUILD_LEVEL_2"), "it does not reach SLSA_BUILD_LEVEL_3"}};
  for (const Case& one : cases) {
    lab.say("ci", one.predicate, type);
    EXPECT_NE(lab.gate().find(one.words), std::string::npos) << lab.gate();
    EXPECT_EQ(lab.promote("production").answer, "blocked");
  }
  lab.say("ci", summary(here, "https://ci", "PASSED", "SLSA_BUILD_LEVEL_4"), type);
  EXPECT_EQ(lab.promote("production").answer, "done");
}

constexpr const char* kTicket =
    "{ external: { name: ticket, url: \"https://change.example.com\", secretFrom: { env: SECRET } } }";

// A lab whose production asks another system.
class Desk : public Lab {
 public:
  Desk() : Lab(kTicket) { callout().set_secret("SECRET", "the secret", "the secret"); }
  void says(const std::string& answer) {
    callout().answer([answer](const std::string&) { return answer; });
  }
};

TEST(External, IsAskedOnceByAVerbAndItsAnswerIsKept) {
  Desk desk;
  desk.says(R"({"answer":"waiting","reason":"in review","until":"2026-01-06T00:00:00Z"})");
  EXPECT_EQ(desk.promote("production").answer, "waiting");
  EXPECT_EQ(desk.callout().bodies().size(), 1u);
  desk.clock().advance(std::chrono::minutes(1));
  EXPECT_EQ(desk.gate("external"), "waiting: ticket: in review");
  EXPECT_EQ(desk.callout().bodies().size(), 2u) << "why asks, too";
  desk.says(R"({"answer":"passed","reason":"CHG-1"})");
  desk.clock().advance(std::chrono::minutes(1));
  EXPECT_EQ(desk.promote("production").answer, "done");
  EXPECT_EQ(desk.callout().bodies().size(), 3u);
  plan::GateAnswer gate = desk.promotion_state(2).gates[1];
  std::string kept = desk.blobs().get(Context{}, crypto::Digest::parse(gate.evidence[0]).value(), 1 << 20).value();
  EXPECT_NE(kept.find("CHG-1"), std::string::npos);
  format::Document body = format::parse_json_document(desk.callout().bodies().back()).value();
  EXPECT_EQ(body.root.string_at("requester"), "ada");
  EXPECT_EQ(body.root.string_at("release"), "1.0");
  EXPECT_EQ(body.root.find("promotion")->as_int(), 2);
}

TEST(External, WhatWasOnlyLookedAtIsKeptOnceSomethingGoesInWithIt) {
  Desk desk;
  desk.says(R"({"answer":"waiting","reason":"in review"})");
  EXPECT_EQ(desk.promote("production").answer, "waiting");
  desk.clock().advance(std::chrono::minutes(1));
  desk.says(R"({"answer":"passed","reason":"CHG-1"})");
  EXPECT_EQ(desk.gate("external"), "passed: ticket: CHG-1");
  EXPECT_EQ(desk.promote("production").answer, "done");
  EXPECT_EQ(desk.callout().bodies().size(), 2u) << "the answer of a moment ago";
  std::string kept = desk.promotion_state(2).gates[1].evidence[0];
  EXPECT_TRUE(desk.blobs().has(Context{}, crypto::Digest::parse(kept).value()).value());
}

TEST(External, PagesThatShowManyThingsAskNobody) {
  Desk desk;
  desk.says(R"({"answer":"passed","reason":"CHG-1"})");
  desk.environment("production");
  EXPECT_TRUE(desk.callout().bodies().empty());
}

TEST(External, S7_NoAnswerIsNoYes) {
  Desk desk;
  EXPECT_TRUE(desk.gate("external").starts_with("errored")) << "none at all";
  desk.clock().advance(std::chrono::minutes(1));
  for (const char* answer :
       {"{}", "no json", R"({"answer":"yes","reason":""})", R"({"answer":"passed"})",
        R"({"answer":"passed","reason":"","more":1})", R"({"answer":"passed","answer":"failed","reason":""})"}) {
    desk.says(answer);
    desk.clock().advance(std::chrono::minutes(1));
    EXPECT_TRUE(desk.gate("external").starts_with("errored")) << answer;
  }
  desk.says(R"({"answer":"passed","reason":"CHG-1"})");
  desk.callout().set_secret("SECRET", "the secret", "another secret");
  desk.clock().advance(std::chrono::minutes(1));
  EXPECT_EQ(desk.gate("external"), "errored: ticket: the answer's signature does not verify");
  EXPECT_EQ(desk.promote("production").answer, "errored");
  EXPECT_EQ(desk.head("production"), "");
}

// Lets `often` of the moments between the gates' answers and the entry last longer than answers from outside are young.
void sleep_before_entry(Desk& desk, std::size_t often) {
  auto answered = std::make_shared<std::size_t>(0);
  desk.on_call([&desk, answered, often](std::string_view call) {
    std::size_t now = desk.callout().bodies().size();
    if (call != "target.inspect" || now == *answered || now > often) return Status();
    *answered = now;
    desk.clock().advance(std::chrono::seconds(6));
    return Status();
  });
}

TEST(External, AnAnswerThatGrewOldIsAskedForAgainAndNotUnderTheWritersLock) {
  Desk desk;
  desk.says(R"({"answer":"passed","reason":"CHG-1"})");
  sleep_before_entry(desk, 1);
  EXPECT_EQ(desk.promote("production").answer, "done");
  EXPECT_EQ(desk.callout().bodies().size(), 2u);
}

TEST(External, OneThatIsAlwaysTooOldLetsNothingInAndIsAskedAFewTimes) {
  Desk desk;
  desk.says(R"({"answer":"passed","reason":"CHG-1"})");
  sleep_before_entry(desk, 100);
  Result<api::PromoteResponse> out = desk.service().promote(Context{}, {.environment = "production"});
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().code, ErrorCode::kConflict);
  EXPECT_EQ(desk.callout().bodies().size(), 3u);
  EXPECT_EQ(desk.head("production"), "");
}

TEST(External, ANoBlocksAndAnOutageErrs) {
  Desk desk;
  desk.says(R"({"answer":"failed","reason":"CHG-1 was declined"})");
  EXPECT_EQ(desk.promote("production").answer, "blocked");
  desk.on_call([](std::string_view call) {
    return call == "callout.ask" ? Status(Error(ErrorCode::kTimeout, "it did not answer in time")) : Status();
  });
  desk.clock().advance(std::chrono::minutes(1));
  EXPECT_EQ(desk.promote("production").answer, "errored");
}

}  // namespace
}  // namespace pawl::engine
