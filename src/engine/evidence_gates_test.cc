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

}  // namespace
}  // namespace pawl::engine
