#include <gtest/gtest.h>

#include "core/model/release.h"
#include "engine/evidence.h"
#include "format/json.h"
#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

constexpr const char* kType = "https://example.com/scan/v1";

std::string project(const std::string& people = "ada: ada.pub, grace: grace.pub", const std::string& ci = "ci.pub") {
  return R"(
  environments: [ { name: dev } ]
  people: { )" +
         people + R"( }
  trust: { ci: [)" +
         ci + R"(] }
)";
}

// A release, and people and a role whose keys are known.
class Lab : public Shop {
 public:
  Lab() : Shop(project()) {
    for (const char* name : {"ada", "grace", "ci", "mallory"})
      EXPECT_TRUE(workspace().write(std::string(name) + ".pub", public_pem(name)).ok());
    sign_in("ada");
    digest_ = release("1.0");
  }

  const std::string& digest() const { return digest_; }
  Result<api::AttestResponse> say(const std::string& person, api::AttestRequest request) {
    request.release = "1.0";
    if (request.imported.empty()) request.type = request.type.empty() ? kType : request.type;
    if (request.imported.empty()) request.predicate = R"({"result":"PASSED"})";
    return another(person)->attest(Context{}, request);
  }
  std::vector<api::EvidenceView> list() {
    return service().attest(Context{}, {.release = "1.0", .list = true}).value().evidence;
  }
  // What `describe` says of evidence: what it is about, whose key it was, and its flaw.
  std::vector<std::string> described(const std::string& kind, const std::string& name) {
    std::vector<std::string> out;
    for (const api::EvidenceView& e : evidence(kind, name)) {
      std::string of = e.issued.empty() ? "" : ", of " + e.issued;
      out.push_back(e.subject + " " + e.name + " by " + e.signed_by.at(0) + of + (e.counts ? "" : ": " + e.flaw));
    }
    return out;
  }
  std::vector<api::EvidenceView> evidence(const std::string& kind, const std::string& name) {
    Result<api::DescribeResponse> response = service().describe(Context{}, {.kind = kind, .name = name});
    EXPECT_TRUE(response.ok()) << response.error().text();
    return response ? response->evidence : std::vector<api::EvidenceView>();
  }
  void apply(const std::string& rest) {
    configure(rest);
    sign_in("ada");
    Result<api::ApplyResponse> applied = service().apply(Context{}, {});
    ASSERT_TRUE(applied.ok()) << applied.error().text();
  }
  // As somebody else's tool signs it.
  std::string signed_elsewhere(const std::string& key, const std::string& about, const std::string& type = kType) {
    model::Statement statement{.predicate_type = type};
    statement.subjects.push_back({"", crypto::Digest::parse(about).value()});
    statement.predicate.root = format::Value::map();
    return model::sign_statement(statement, memory::Signer::key_of(key));
  }

 private:
  std::string digest_;
};

TEST(Attest, IsRecordedAboutTheDigestThatWasChosen) {
  Lab lab;
  std::string bundle = lab.say("ci", {.environment = "dev"})->evidence[0].digest;
  EXPECT_EQ(lab.say("grace", {})->evidence[0].digest, lab.digest());
  ASSERT_TRUE(lab.say("ada", {.snapshot = true}).ok());
  std::vector<api::EvidenceView> all = lab.list();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].subject + " " + all[0].name + " by " + all[0].signers[0], "release 1.0 by grace");
  EXPECT_EQ(all[1].subject + " by " + all[1].signers[0], "snapshot by ada");
  EXPECT_EQ(all[2].digest, bundle);
  EXPECT_EQ(all[2].signers, std::vector<std::string>{"ci"});
  EXPECT_TRUE(all[2].counts);
}

// What a promotion's check leaves.
const std::string kChecked = "bundle dev/1.0 by checks, of check smoke";

TEST(Describe, ListsWhatWasSaidAboutAllThatAReleaseIsMadeOf) {
  Lab lab;
  EXPECT_TRUE(lab.described("release", "1.0").empty());
  ASSERT_TRUE(lab.say("ci", {.environment = "dev"}).ok());
  ASSERT_TRUE(lab.say("grace", {}).ok());
  ASSERT_TRUE(lab.say("ada", {.snapshot = true}).ok());
  EXPECT_EQ(lab.described("release", "1.0"),
            (std::vector<std::string>{"release 1.0 by grace", "snapshot 1.0 by ada", "bundle dev/1.0 by ci"}));
  EXPECT_TRUE(lab.described("environment", "dev").empty()) << "nothing is there yet";
  ASSERT_EQ(lab.promote("dev").answer, "done");
  const std::vector<std::string> there = {"bundle dev/1.0 by ci", kChecked, "release 1.0 by grace",
                                          "snapshot 1.0 by ada"};
  EXPECT_EQ(lab.described("environment", "dev"), there);
  EXPECT_EQ(lab.described("promotion", "1"), there);
}

TEST(Describe, AnEnvironmentsEvidenceIsItsHeads) {
  Lab lab;
  ASSERT_EQ(lab.promote("dev").answer, "done");
  ASSERT_TRUE(lab.say("ci", {.environment = "dev"}).ok());
  lab.edit("app", "2");
  lab.release("2.0");
  const std::vector<std::string> first = {kChecked, "bundle dev/1.0 by ci"};
  EXPECT_EQ(lab.described("environment", "dev"), first);
  EXPECT_TRUE(lab.described("release", "2.0").empty());
  ASSERT_EQ(lab.promote("dev").answer, "done");
  EXPECT_EQ(lab.described("environment", "dev"), std::vector<std::string>{"bundle dev/2.0 by checks, of check smoke"});
  EXPECT_EQ(lab.described("promotion", "1"), first);
}

TEST(Describe, S7_WhatCountsForNobodyIsListedWithItsFlaw) {
  Lab lab;
  ASSERT_TRUE(lab.say("ci", {.environment = "dev"}).ok());
  std::string gone = lab.say("grace", {})->evidence[0].record;
  ASSERT_EQ(lab.promote("dev").answer, "done");
  lab.blobs().lose(crypto::Digest::parse(gone).value());
  ASSERT_TRUE(lab.workspace().write("new.pub", Lab::public_pem("new")).ok());
  lab.apply(project("ada: ada.pub, grace: grace.pub", "new.pub"));
  const std::vector<std::string> flawed = {"bundle dev/1.0 by ci: unknownKey", kChecked,
                                           "release 1.0 by grace: noRecord"};
  EXPECT_EQ(lab.described("environment", "dev"), flawed);
  EXPECT_EQ(lab.described("promotion", "1"), flawed);
}

TEST(Describe, ABundleThatIsDamagedTakesNoEvidenceOfTheRestAway) {
  Lab lab;
  ASSERT_TRUE(lab.say("grace", {}).ok());
  ASSERT_EQ(lab.promote("dev").answer, "done");
  lab.blobs().lose(lab.environment_state("dev").head->bundle);
  EXPECT_EQ(lab.described("promotion", "1"), (std::vector<std::string>{kChecked, "release 1.0 by grace"}));
}

TEST(Attest, BroughtTwiceIsRecordedOnceAndKeepsItsAge) {
  Lab lab;
  std::string record = lab.say("ci", {.exports = true})->statement;
  EXPECT_EQ(lab.count("evidence.recorded"), 0u) << "an export keeps nothing";
  Time first = lab.say("", {.imported = record})->evidence[0].recorded;
  lab.clock().advance(std::chrono::hours(1));
  api::AttestResponse again = lab.say("", {.imported = record}).value();
  EXPECT_TRUE(again.existed);
  EXPECT_EQ(again.evidence[0].recorded, first);
  EXPECT_EQ(lab.count("evidence.recorded"), 1u);
}

TEST(Attest, ABareEnvelopeOfAnotherToolIsTaken) {
  Lab lab;
  std::string record = lab.signed_elsewhere("ci", lab.digest());
  format::Document document = format::parse_json_document(record).value();
  std::string envelope = format::render_json(*document.root.find("dsseEnvelope"));
  EXPECT_EQ(lab.say("", {.imported = envelope})->evidence[0].signers, std::vector<std::string>{"ci"});
  EXPECT_EQ(lab.say("", {.imported = "{}"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(lab.say("", {.imported = "no json"}).error().code, ErrorCode::kInvalid);
}

TEST(Attest, S2_WhatCouldCountForNobodyIsNotKept) {
  Lab lab;
  EXPECT_EQ(lab.say("mallory", {}).error().code, ErrorCode::kDenied) << "a stranger";
  EXPECT_EQ(lab.say("", {}).error().code, ErrorCode::kDenied) << "no key";
  EXPECT_EQ(lab.say("ada", {.role = "ci"}).error().code, ErrorCode::kDenied) << "a key of another role";
  std::string other = crypto::sha256("another").str();
  EXPECT_EQ(lab.say("", {.imported = lab.signed_elsewhere("ci", other)}).error().code, ErrorCode::kConflict);
  std::string approval = lab.signed_elsewhere("ada", lab.digest(), std::string(model::kApprovalPredicate));
  EXPECT_EQ(lab.say("", {.imported = approval}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(lab.say("ada", {.type = std::string(model::kRequestPredicate)}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(lab.count("evidence.recorded"), 0u);
}

TEST(Attest, S6_WithAKeyThatIsTakenOutItCountsNoMore) {
  Lab lab;
  ASSERT_TRUE(lab.say("ci", {}).ok());
  lab.apply(project("ada: ada.pub, grace: grace.pub", "grace.pub"));
  ASSERT_EQ(lab.list().size(), 1u);
  EXPECT_EQ(lab.list()[0].flaw, "unknownKey");
  EXPECT_EQ(lab.list()[0].signed_by, std::vector<std::string>{"ci"}) << "what the ledger knows";
}

TEST(Attest, S7_ARecordThatIsGoneIsSaidSo) {
  Lab lab;
  std::string record = lab.say("ci", {})->evidence[0].record;
  lab.blobs().lose(crypto::Digest::parse(record).value());
  EXPECT_EQ(lab.list()[0].flaw, "noRecord");
}

TEST(Attest, AKeyOfAPersonAndARoleIsBoth) {
  Lab lab;
  lab.apply(project("ada: ada.pub, grace: grace.pub", "ci.pub, grace.pub"));
  EXPECT_EQ(lab.say("grace", {.role = "ci"})->evidence[0].signers, (std::vector<std::string>{"ci", "grace"}));
}

TEST(Attest, ADryRunKeepsNothing) {
  Lab lab;
  ASSERT_TRUE(lab.say("ci", {.dry_run = true}).ok());
  EXPECT_EQ(lab.count("evidence.recorded"), 0u);
}

}  // namespace
}  // namespace pawl::engine
