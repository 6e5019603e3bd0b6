#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "core/plan/gate.h"
#include "core/plan/summary.h"
#include "format/json.h"

namespace pawl::plan {
namespace {

using model::EvidenceSubject;
using model::PersonName;

const Time kNow = parse_time("2026-01-05T10:00:00Z").value();
const crypto::Digest kBundle = crypto::sha256("bundle");
const std::string kTest(model::kTestResultPredicate);

std::shared_ptr<const model::Statement> statement(const std::string& type, const std::string& predicate,
                                                  const crypto::Digest& about = kBundle) {
  auto out = std::make_shared<model::Statement>();
  out->predicate_type = type;
  out->subjects.push_back({"production/1.0", about});
  out->predicate = format::parse_json_document(predicate).value();
  return out;
}

EvidenceSigner role(const std::string& name) { return {std::nullopt, {name}}; }
EvidenceSigner person(const std::string& name) { return {PersonName(name), {}}; }

EvidenceFact said(const EvidenceSigner& signer, const std::string& predicate = R"({"result":"PASSED"})",
                  const std::string& type = kTest, Duration ago = std::chrono::hours(1)) {
  return {type, kBundle, "by " + signer.name(), kNow - ago, {signer.name()}, {}, {signer}, statement(type, predicate)};
}

GateFacts facts(std::vector<EvidenceFact> all) {
  GateFacts out{.now = kNow, .environment = model::EnvironmentName("production")};
  out.approvals.people = {PersonName("ada"), PersonName("alan"), PersonName("grace")};
  out.approvals.groups = {{model::GroupName("qa"), {PersonName("ada"), PersonName("grace")}}};
  out.evidence.project = "shop";
  out.evidence.release = "1.0";
  out.evidence.labels = {{"tier", "gold"}};
  out.evidence.subjects = {{EvidenceSubject::kBundle, kBundle, ""}};
  out.evidence.said = std::move(all);
  return out;
}

const model::EvidenceGate kCi{.predicate_type = kTest, .from = {"ci"}};

std::string words(const model::EvidenceGate& gate, const GateFacts& all) {
  GateAnswer out = answer(gate, all);
  return std::string(name_of(out.state)) + ": " + out.found;
}

TEST(EvidenceGate, WaitsUntilThereIsOneAndSaysWhatToType) {
  GateAnswer out = answer(kCi, facts({}));
  EXPECT_EQ(out.state, GateState::kWaiting);
  EXPECT_EQ(out.found, "test-result/v0.1, 0 of 1 from ci");
  EXPECT_EQ(out.who, "ci: pawl attest 1.0 --in production --type " + kTest + " --predicate FILE");
  EXPECT_EQ(words(kCi, facts({said(role("ci"))})), "passed: test-result/v0.1, 1 of 1 from ci: ci");
  EXPECT_EQ(answer(kCi, facts({said(role("ci"))})).evidence, std::vector<std::string>{"by ci"});
}

TEST(EvidenceGate, ATestResultIsToBePassedWhereNoConditionSaysMore) {
  EXPECT_EQ(words(kCi, facts({said(role("ci"), R"({"result":"FAILED"})")})),
            "failed: test-result/v0.1, 0 of 1 from ci; ci says no: its result is FAILED");
  EXPECT_EQ(words(kCi, facts({said(role("ci"), "{}")})),
            "failed: test-result/v0.1, 0 of 1 from ci; ci says no: its result is ");
  model::EvidenceGate warned = kCi;
  warned.condition = "predicate.result in ['PASSED', 'WARNED']";
  EXPECT_EQ(answer(warned, facts({said(role("ci"), R"({"result":"WARNED"})")})).state, GateState::kPassed);
}

TEST(EvidenceGate, AConditionThatErrsIsANo) {
  auto with = [](const std::string& condition, const std::string& predicate = R"({"coverage":80})") {
    model::EvidenceGate gate = kCi;
    gate.condition = condition;
    return words(gate, facts({said(role("ci"), predicate)}));
  };
  const std::string no = "failed: test-result/v0.1, 0 of 1 from ci; ci says no: ";
  EXPECT_EQ(with("predicate.coverage >= 80"), "passed: test-result/v0.1, 1 of 1 from ci: ci");
  EXPECT_EQ(with("predicate.coverage > 80"), no + "predicate.coverage > 80 is false");
  EXPECT_EQ(with("predicate.missing > 80"), no + "predicate.missing > 80 errs: no such key: missing");
  EXPECT_EQ(with("predicate.coverage"), no + "predicate.coverage comes to no boolean");
  EXPECT_TRUE(with("predicate.coverage / 0 > 1").starts_with(no));
  EXPECT_TRUE(with("this is no expression").starts_with("errored"));
  EXPECT_TRUE(with("environment.name == 'production' && environment.labels.tier == 'gold'").starts_with("passed"));
  EXPECT_TRUE(
      with("subject.digest.sha256 == '" + kBundle.hex() + "' && statement.subject.size() == 1").starts_with("passed"));
  EXPECT_TRUE(with("statement.predicate == predicate && environment.project == 'shop'").starts_with("passed"));
}

TEST(EvidenceGate, OnlyThoseWhoAreAskedAndOnlyThisTypeAndSubject) {
  EXPECT_EQ(words(kCi, facts({said(role("scanner")), said(person("ada"))})),
            "waiting: test-result/v0.1, 0 of 1 from ci");
  EXPECT_EQ(answer(kCi, facts({said(role("ci"), "{}", "https://example.com/other/v1")})).state, GateState::kWaiting);
  EvidenceFact other = said(role("ci"));
  other.subject = crypto::sha256("another");
  EXPECT_EQ(answer(kCi, facts({other})).state, GateState::kWaiting);
}

TEST(EvidenceGate, CountsSignersAndNotStatements) {
  model::EvidenceGate two{.predicate_type = kTest, .from = {"qa", "ci"}, .count = 2};
  EXPECT_EQ(words(two, facts({said(person("ada")), said(person("ada"))})),
            "waiting: test-result/v0.1, 1 of 2 from qa, ci: ada");
  EXPECT_EQ(words(two, facts({said(person("ada")), said(role("ci"))})),
            "passed: test-result/v0.1, 2 of 2 from qa, ci: ada, ci");
  EvidenceFact both = said(person("ada"));
  both.signers[0].roles = {"ci"};
  both.recorded_by = {"ada", "ci"};
  EXPECT_EQ(answer(two, facts({both, said(person("ada"))})).state, GateState::kWaiting) << "ada in a role is ada";
}

TEST(EvidenceGate, TheNewestOfEachSignerDecides) {
  EvidenceFact yes = said(role("ci"));
  EvidenceFact no = said(role("ci"), R"({"result":"FAILED"})");
  EXPECT_EQ(answer(kCi, facts({yes, no})).state, GateState::kFailed) << "a later no is not hidden by an earlier yes";
  EXPECT_EQ(answer(kCi, facts({no, yes})).state, GateState::kPassed) << "run again";
  model::EvidenceGate either{.predicate_type = kTest, .from = {"ci", "lab"}};
  EXPECT_EQ(answer(either, facts({no, said(role("lab"))})).state, GateState::kPassed) << "one of them is enough";
}

TEST(EvidenceGate, S7_ANewerOneThatIsGoneOrRevokedLetsNoOlderOneStepIn) {
  EvidenceFact yes = said(role("ci"));
  EvidenceFact gone = said(role("ci"), R"({"result":"FAILED"})");
  gone.flaw = EvidenceFlaw::kNoRecord;
  gone.signers.clear();
  gone.statement.reset();
  EXPECT_EQ(
      words(kCi, facts({yes, gone})),
      "waiting: test-result/v0.1, 0 of 1 from ci; ci's does not count: its signed record is gone or cannot be read");
  EvidenceFact moved = said(role("ci"), R"({"result":"FAILED"})");
  moved.signers = {person("alan")};
  EXPECT_EQ(words(kCi, facts({yes, moved})),
            "waiting: test-result/v0.1, 0 of 1 from ci; ci's does not count: its key is somebody else's now");
}

EvidenceFact issued(const std::string& of, const std::string& result, Duration ago = std::chrono::hours(1)) {
  EvidenceFact out = said(role("checks"), R"({"result":")" + result + "\"}", kTest, ago);
  out.issued = of;
  out.record = of + " " + result;
  return out;
}

TEST(EvidenceGate, OfWhatPawlIssuesTheNewestOfEachCheckCountsAndNoneHidesANo) {
  model::EvidenceGate gate{.predicate_type = kTest, .from = {"checks"}};
  EvidenceFact smoke = issued("check smoke", "PASSED");
  EvidenceFact load = issued("check load", "PASSED");
  EvidenceFact no = issued("check smoke", "FAILED");
  EXPECT_EQ(words(gate, facts({smoke, load})), "passed: test-result/v0.1, 1 of 1 from checks: checks");
  EXPECT_EQ(answer(gate, facts({smoke, load})).evidence.size(), 2u);
  const std::string failed =
      "failed: test-result/v0.1, 0 of 1 from checks; checks says no: check smoke: its result is FAILED";
  EXPECT_EQ(words(gate, facts({no, load})), failed);
  EXPECT_EQ(words(gate, facts({load, no})), failed);
  EXPECT_EQ(words(gate, facts({no, load, said(role("checks"))})), failed) << "nor does what is attested";
  EXPECT_EQ(answer(gate, facts({no, load, smoke})).state, GateState::kPassed) << "a new result does";
  no.flaw = EvidenceFlaw::kNoRecord;
  no.signers.clear();
  no.statement.reset();
  EXPECT_EQ(words(gate, facts({smoke, no, load})),
            "waiting: test-result/v0.1, 0 of 1 from checks; checks's does not count: check smoke: its signed record is "
            "gone or cannot be read");
  gate.max_age = std::chrono::hours(2);
  EvidenceFact old = issued("check before", "FAILED", std::chrono::hours(3));
  EXPECT_EQ(answer(gate, facts({old, smoke})).state, GateState::kPassed) << "what is too old says nothing any more";
  EXPECT_EQ(
      words(gate, facts({old})),
      "waiting: test-result/v0.1, 0 of 1 from checks; checks's does not count: check before: it is older than 2h");
}

TEST(EvidenceGate, ItsAgeIsThatOfTheLedger) {
  model::EvidenceGate fresh = kCi;
  fresh.max_age = std::chrono::hours(72);
  auto at = [&](Duration ago) { return words(fresh, facts({said(role("ci"), R"({"result":"PASSED"})", kTest, ago)})); };
  EXPECT_EQ(at(std::chrono::hours(72)), "passed: test-result/v0.1, 1 of 1 from ci: ci");
  EXPECT_EQ(at(std::chrono::hours(72) + std::chrono::milliseconds(1)),
            "waiting: test-result/v0.1, 0 of 1 from ci; ci's does not count: it is older than 3d");
}

TEST(EvidenceGate, EveryImageNeedsItsOwn) {
  model::EvidenceGate scans{
      .predicate_type = "https://example.com/scan/v1", .from = {"ci"}, .subject = EvidenceSubject::kImage};
  GateFacts all = facts({});
  EXPECT_EQ(words(scans, all), "errored: there is no image that evidence could be about");
  for (const char* name : {"redis:7", "web:1"}) {
    all.evidence.subjects.push_back({EvidenceSubject::kImage, crypto::sha256(name), name});
    EvidenceFact fact = said(role("ci"), "{}", scans.predicate_type);
    fact.subject = crypto::sha256(name);
    fact.statement = statement(scans.predicate_type, "{}", fact.subject);
    all.evidence.said.push_back(fact);
  }
  EXPECT_EQ(words(scans, all), "passed: scan/v1, 2 images, each 1 from ci");
  all.evidence.said.pop_back();
  EXPECT_EQ(words(scans, all), "waiting: scan/v1, web:1: 0 of 1 from ci");
}

constexpr const char* kVerdict = R"({"resourceUri":"URI","verifier":{"id":"https://ci.example.com"},
  "verificationResult":"RESULT","verifiedLevels":["SLSA_BUILD_LEVEL_2","CHECKED"]})";

std::string verdict_of(const std::string& uri, const std::string& result = "PASSED") {
  std::string out = kVerdict;
  out.replace(out.find("\"URI\""), 5, "\"" + uri + "\"");
  out.replace(out.find("RESULT"), 6, result);
  return out;
}

TEST(EvidenceGate, S5_AVerdictOfElsewhereOrByAnotherOrThatSaysLessIsRefusedEachForItsOwnReason) {
  model::EvidenceGate gate{.predicate_type = std::string(model::kVsaPredicate),
                           .from = {"ci"},
                           .verifier = "https://ci.example.com",
                           .levels = {"SLSA_BUILD_LEVEL_2"}};
  auto with = [](const model::EvidenceGate& asked, const std::string& predicate) {
    return words(asked, facts({said(role("ci"), predicate, asked.predicate_type)}));
  };
  const std::string no = "failed: verification_summary/v1, 0 of 1 from ci; ci says no: ";
  const std::string here = resource_uri("shop", model::EnvironmentName("production"), kBundle);
  const std::string dev = resource_uri("shop", model::EnvironmentName("dev"), kBundle);
  EXPECT_EQ(with(gate, verdict_of(here)), "passed: verification_summary/v1, 1 of 1 from ci: ci");
  EXPECT_EQ(with(gate, verdict_of(dev)), no + "it is about " + dev);
  EXPECT_EQ(with(gate, "{}"), no + "it is about nothing");
  EXPECT_EQ(with(gate, verdict_of(here, "FAILED")), no + "its result is FAILED");
  model::EvidenceGate strict = gate;
  strict.levels = {"CHECKED", "SLSA_BUILD_LEVEL_3"};
  EXPECT_EQ(with(strict, verdict_of(here)), no + "it does not reach SLSA_BUILD_LEVEL_3");
  model::EvidenceGate low = gate;
  low.levels = {"SLSA_BUILD_LEVEL_1"};
  EXPECT_EQ(with(low, verdict_of(here)), "passed: verification_summary/v1, 1 of 1 from ci: ci")
      << "the highest is named";
  model::EvidenceGate other = gate;
  other.verifier = "https://lab.example.com";
  EXPECT_EQ(with(other, verdict_of(here)), no + "its verifier is https://ci.example.com, not https://lab.example.com");
}

TEST(EvidenceGate, S5_APrefixEndsWhereANameDoes) {
  model::EvidenceGate gate{.predicate_type = std::string(model::kVsaPredicate),
                           .from = {"ci"},
                           .verifier = "https://ci.example.com",
                           .resource_uri = "pawl:shop/prod"};
  auto passes = [&](const std::string& uri) {
    return answer(gate, facts({said(role("ci"), verdict_of(uri), gate.predicate_type)})).state == GateState::kPassed;
  };
  EXPECT_TRUE(passes("pawl:shop/prod"));
  EXPECT_TRUE(passes("pawl:shop/prod@sha256:1"));
  EXPECT_FALSE(passes("pawl:shop/production@sha256:1"));
  EXPECT_FALSE(passes("pawl:shop/pro"));
}

// Random facts; then each of them taken away in every way there is: a record, a key of a signer, a member of a group.
TEST(EvidenceGate, S7_TakingAnyFactAwayNeverMakesAYes) {
  std::mt19937 random(7);
  auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const std::vector<EvidenceSigner> signers = {role("ci"),      role("lab"),    person("ada"),
                                               person("grace"), person("alan"), {PersonName("ada"), {"ci"}}};
  int refused = 0;
  int passed = 0;
  for (int round = 0; round < 3000; ++round) {
    model::EvidenceGate gate{
        .predicate_type = kTest,
        .from = pick(2) == 0 ? std::vector<std::string>{"ci", "qa"} : std::vector<std::string>{"ci", "lab"},
        .count = static_cast<std::uint32_t>(1 + pick(2))};
    if (pick(2) == 0) gate.max_age = std::chrono::hours(1 + pick(3));
    std::vector<EvidenceFact> all;
    for (int i = pick(6); i > 0; --i) {
      const EvidenceSigner& by = signers[static_cast<std::size_t>(pick(static_cast<int>(signers.size())))];
      EvidenceFact fact =
          said(by, pick(2) == 0 ? R"({"result":"PASSED"})" : R"({"result":"FAILED"})", kTest, std::chrono::hours(i));
      fact.recorded_by.assign(by.roles.begin(), by.roles.end());
      if (by.person) fact.recorded_by.push_back(by.person->str());
      all.push_back(std::move(fact));
    }
    GateFacts whole = facts(all);
    if (answer(gate, whole).state == GateState::kPassed) {
      ++passed;
      continue;
    }
    ++refused;
    auto stays_no = [&](const GateFacts& less) { EXPECT_NE(answer(gate, less).state, GateState::kPassed) << round; };
    for (std::size_t i = 0; i < all.size(); ++i) {
      GateFacts less = whole;
      less.evidence.said[i].flaw = EvidenceFlaw::kNoRecord;
      less.evidence.said[i].signers.clear();
      less.evidence.said[i].statement.reset();
      stays_no(less);
    }
    for (const EvidenceSigner& gone : signers) {
      GateFacts less = whole;
      for (EvidenceFact& fact : less.evidence.said) {
        if (fact.signers[0].name() != gone.name() || fact.signers[0].roles != gone.roles) continue;
        fact.flaw = EvidenceFlaw::kUnknownKey;
        fact.signers.clear();
      }
      stays_no(less);
    }
    for (const char* member : {"ada", "grace"}) {
      GateFacts less = whole;
      std::erase(less.approvals.groups[model::GroupName("qa")], PersonName(member));
      stays_no(less);
      less = whole;
      less.approvals.people.erase(PersonName(member));
      stays_no(less);
    }
  }
  EXPECT_GT(refused, 500);
  EXPECT_GT(passed, 200);
}

}  // namespace
}  // namespace pawl::plan
