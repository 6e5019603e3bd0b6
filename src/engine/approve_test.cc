#include "core/model/approval.h"
#include "core/model/release.h"
#include "core/plan/fold.h"
#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using model::ApprovalVerdict;
using testing_support::Shop;

std::string three(const std::string& gates,
                  const std::string& people = "ada: [ada.pub, laptop.pub], grace: grace.pub, alan: alan.pub",
                  const std::string& group = "ada, grace, alan") {
  return R"(
  environments:
    - name: dev
    - { name: production, promotesFrom: [dev], gates: [ )" +
         gates + R"( ] }
  people: { )" +
         people + R"( }
  groups: { sre: [)" +
         group + R"(] }
)";
}

// Somebody asked for promotion 2, of 1.0 to production; it waits for people of sre.
class Office : public Shop {
 public:
  explicit Office(const std::string& gates = "{ approval: { count: 1, from: [sre] } }") : Shop(three(gates)) {
    for (const char* name : {"ada", "laptop", "grace", "alan"})
      EXPECT_TRUE(workspace().write(std::string(name) + ".pub", public_pem(name)).ok());
    sign_in("ada");
    release("1.0");
    promote("dev");
    EXPECT_EQ(promote("production").answer, "waiting");
  }

  Result<api::ApproveResponse> approve(const std::string& person, api::ApproveRequest request = {.promotion = "2"}) {
    return another(person)->approve(Context{}, request);
  }
  std::string gate() {
    for (const api::GateView& gate : service().why(Context{}, {"1.0", "production"}).value().gates) {
      if (gate.gate == "approval") return gate.state + ": " + gate.found;
    }
    return "";
  }
  // What is in force from now on; ada applies it.
  void apply(const std::string& rest) {
    configure(rest);
    sign_in("ada");
    Result<api::ApplyResponse> applied = service().apply(Context{}, {});
    ASSERT_TRUE(applied.ok()) << applied.error().text();
  }

  // What an approval of the promotion that waits is about.
  model::ApprovalSubject subject(const std::string& promotion = "2") {
    return model::decode_request(service().approvals(Context{}, {promotion, true}).value().request).value().subject;
  }
  model::Approval approval() { return {subject(), ApprovalVerdict::kApproved, "", clock().now(), std::nullopt}; }
  static std::string sign(const model::Approval& approval, const std::string& key) {
    return model::sign_statement(model::statement_of(approval), memory::Signer::key_of(key));
  }
  Result<api::ApproveResponse> bring(const std::string& record) {
    return service().approve(Context{}, {.imported = record});
  }
  crypto::Digest attach(const crypto::Digest& bundle, const std::string& record) {
    std::string document = blobs().get(Context{}, bundle, 1 << 20).value();
    return blobs()
        .attach(Context{}, model::describe(model::kManifestType, document), model::kSigstoreBundleType, record)
        .value()
        .digest;
  }
  // Writes what no verb would: as somebody does who has the store and no key.
  void forge(const plan::Event& event) {
    Status done = store().transact(Context{}, [&](ports::Transaction& transaction) -> Status {
      plan::Records records([&](std::string_view key) { return transaction.get(key); });
      plan::Entry entry{
          model::ProjectName("shop"), clock().now(), {"local", "local:mallory", "unauthenticated"}, event};
      PAWL_TRY(plan::fold(records, entry));
      PAWL_TRY(transaction.append(plan::encode_entry(entry)));
      for (const auto& [key, text] : records.written()) PAWL_TRY(transaction.put(key, text));
      return {};
    });
    ASSERT_TRUE(done.ok()) << done.error().text();
  }
  void forge(const std::string& person, const model::Approval& approval, const std::string& key) {
    plan::PromotionOpened opened = promotion_state(2).opened;
    crypto::Digest record = attach(opened.bundle, sign(approval, key));
    forge(plan::ApprovalRecorded{2, approval.verdict, model::PersonName(person), opened.plan, approval.comment,
                                 approval.given, approval.expires, record});
  }
};

TEST(Approve, RecordsAndDrivesNothing) {
  Office office;
  EXPECT_EQ(office.gate(), "waiting: 0 of 1 from sre");
  api::ApproveResponse out = office.approve("grace", {.promotion = "production", .comment = "looked at it"}).value();
  EXPECT_EQ(out.person, "grace");
  EXPECT_EQ(office.gate(), "passed: 1 of 1 from sre: grace");
  EXPECT_EQ(office.head("production"), "") << "somebody must go on";
  EXPECT_EQ(office.promote("production").answer, "done");
  EXPECT_EQ(office.promotion_state(2).opened.requester, "ada") << "whoever goes on";
  EXPECT_EQ(office.promotion_state(2).gates[1].evidence, std::vector<std::string>{out.record});
}

TEST(Approve, TwiceIsOnceAndTheLastWordIsKept) {
  Office office;
  std::string record = Office::sign(office.approval(), "grace");
  EXPECT_FALSE(office.bring(record)->existed);
  EXPECT_TRUE(office.bring(record)->existed);
  EXPECT_EQ(office.count("approval.recorded"), 1u);
  ASSERT_TRUE(office.approve("grace", {.promotion = "2", .comment = "again"}).ok());
  EXPECT_EQ(office.promotion_state(2).approvals.size(), 1u);
  EXPECT_EQ(office.promotion_state(2).approvals[0].comment, "again");
}

TEST(Approve, ADryRunAndAnOtherPlanDoNothing) {
  Office office;
  EXPECT_TRUE(office.approve("grace", {.promotion = "2", .dry_run = true}).ok());
  EXPECT_EQ(office.approve("grace", {.promotion = "2", .plan = crypto::sha256("x").str()}).error().code,
            ErrorCode::kConflict);
  EXPECT_EQ(office.count("approval.recorded"), 0u);
}

TEST(Approve, ElsewhereWithNothingButAKey) {
  Office office;
  std::string request = office.service().approvals(Context{}, {"2", true}).value().request;
  api::ApproveResponse signed_one =
      office.another("grace")
          ->approve(Context{}, {.comment = "from home", .expires = "8h", .request = request})
          .value();
  EXPECT_EQ(office.count("approval.recorded"), 0u) << "it was only signed";
  EXPECT_EQ(office.service().reject(Context{}, {.imported = signed_one.statement}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(office.bring(signed_one.statement)->person, "grace") << "whoever brings it";
  EXPECT_EQ(office.promote("production").answer, "done");
}

TEST(Reject, EndsItAndNothingIsApplied) {
  Office office;
  EXPECT_EQ(office.another("grace")->reject(Context{}, {.promotion = "2"}).error().code, ErrorCode::kUsage)
      << "a rejection says why";
  ASSERT_TRUE(office.another("grace")->reject(Context{}, {.promotion = "2", .comment = "not today"}).ok());
  plan::PromotionState state = office.promotion_state(2);
  EXPECT_EQ(state.outcome(), plan::Outcome::kBlocked);
  EXPECT_EQ(state.attempts.back().reason, "grace rejected it: not today");
  EXPECT_EQ(office.head("production"), "");
  EXPECT_EQ(office.approve("alan").error().code, ErrorCode::kConflict) << "too late";
  EXPECT_EQ(office.promote("production").promotion.number, 3u) << "another one may be asked for";
  EXPECT_EQ(office.gate(), "waiting: 0 of 1 from sre");
}

TEST(Approve, S3_OfAnythingElseItIsRefusedAndNeverCountsEachForItsOwnReason) {
  struct Case {
    const char* flaw;
    const char* words;
    std::function<void(model::ApprovalSubject&)> change;
  };
  const std::vector<Case> cases = {
      {"otherLedger", "it is about a promotion of another store", [](auto& s) { s.ledger = "elsewhere+1+key"; }},
      {"otherProject", "it is about another project", [](auto& s) { s.project = model::ProjectName("toys"); }},
      {"otherEnvironment", "it is about another environment",
       [](auto& s) { s.environment = model::EnvironmentName("dev"); }},
      {"otherBundle", "it is about another bundle", [](auto& s) { s.bundle = crypto::sha256("another"); }},
      {"otherPlan", "the plan is another one now", [](auto& s) { s.plan = crypto::sha256("another"); }},
  };
  for (const Case& one : cases) {
    Office office;
    model::Approval approval = office.approval();
    one.change(approval.subject);
    Result<api::ApproveResponse> brought = office.bring(Office::sign(approval, "grace"));
    ASSERT_FALSE(brought.ok()) << one.flaw;
    EXPECT_NE(brought.error().message.find(one.flaw), std::string::npos) << brought.error().message;
    office.forge("grace", approval, "grace");
    EXPECT_EQ(office.gate(), std::string("waiting: 0 of 1 from sre; grace's does not count: ") + one.words);
    EXPECT_EQ(office.promote("production").answer, "waiting") << one.flaw;
  }
}

TEST(Approve, S3_OfAnotherPromotionOfTheSame) {
  Office office;
  std::string record = Office::sign(office.approval(), "grace");
  ASSERT_TRUE(office.service().abort(Context{}, {.environment = "production"}).ok());
  EXPECT_EQ(office.promote("production").promotion.number, 3u);
  EXPECT_EQ(office.bring(record).error().code, ErrorCode::kConflict) << "promotion 2 is over";
  plan::PromotionOpened opened = office.promotion_state(3).opened;
  office.forge(plan::ApprovalRecorded{3, ApprovalVerdict::kApproved, model::PersonName("grace"), opened.plan, "",
                                      office.clock().now(), std::nullopt, office.attach(opened.bundle, record)});
  EXPECT_EQ(office.gate(), "waiting: 0 of 1 from sre; grace's does not count: it is about another promotion");
  EXPECT_EQ(office.promote("production").answer, "waiting");
}

TEST(Approve, S3_AfterItExpired) {
  Office office;
  ASSERT_TRUE(office.approve("grace", {.promotion = "2", .expires = "1h"}).ok());
  office.clock().advance(std::chrono::hours(2));
  EXPECT_EQ(office.gate(), "waiting: 0 of 1 from sre; grace's does not count: it expired");
  EXPECT_EQ(office.promote("production").answer, "waiting");
  Office strict("{ approval: { count: 1, from: [sre], expires: 30m } }");
  model::Approval old = strict.approval();
  old.given -= std::chrono::hours(1);
  EXPECT_NE(strict.bring(Office::sign(old, "grace")).error().message.find("expired"), std::string::npos)
      << "brought late";
}

TEST(Approve, S3_AfterTheConfigurationChanged) {
  Office office;
  ASSERT_TRUE(office.approve("grace").ok());
  office.apply(three("{ approval: { count: 1, from: [sre] } }, { soak: 1s }"));
  EXPECT_EQ(office.gate(), "waiting: 0 of 1 from sre; grace's does not count: the plan is another one now");
  EXPECT_NE(office.approve("alan").error().message.find("otherPlan"), std::string::npos) << "until it is planned anew";
  office.clock().advance(std::chrono::minutes(1));
  EXPECT_EQ(office.promote("production").answer, "waiting");
  EXPECT_EQ(office.gate(), "waiting: 0 of 1 from sre; grace's does not count: the plan is another one now");
  ASSERT_TRUE(office.approve("grace").ok());
  EXPECT_EQ(office.promote("production").answer, "done");
}

TEST(Approve, S3_AfterItsKeyWasRevoked) {
  Office office;
  ASSERT_TRUE(office.approve("grace").ok());
  ASSERT_TRUE(office.workspace().write("new.pub", Shop::public_pem("grace's new one")).ok());
  office.apply(
      three("{ approval: { count: 1, from: [sre] } }", "ada: [ada.pub, laptop.pub], grace: new.pub, alan: alan.pub"));
  EXPECT_EQ(office.gate(), "waiting: 0 of 1 from sre; grace's does not count: its key is nobody's now");
  EXPECT_EQ(office.promote("production").answer, "waiting");
  EXPECT_EQ(office.bring(Office::sign(office.approval(), "grace")).error().code, ErrorCode::kDenied);
}

TEST(Approve, S3_ARecordThatIsGoneOrSaysSomethingElse) {
  Office office;
  api::ApproveResponse out = office.approve("grace").value();
  office.blobs().lose(crypto::Digest::parse(out.record).value());
  EXPECT_EQ(office.gate(), "waiting: 0 of 1 from sre; grace's does not count: its signed record is gone or damaged");
  Office turned;
  model::Approval no = turned.approval();
  no.verdict = ApprovalVerdict::kRejected;
  plan::PromotionOpened opened = turned.promotion_state(2).opened;
  turned.forge(plan::ApprovalRecorded{2, ApprovalVerdict::kApproved, model::PersonName("grace"), opened.plan, "",
                                      no.given, std::nullopt, turned.attach(opened.bundle, Office::sign(no, "grace"))});
  EXPECT_EQ(turned.gate(), "waiting: 0 of 1 from sre; grace's does not count: its record says something else");
}

TEST(Approve, S4_WhoeverAskedWithWhicheverKey) {
  Office office;
  EXPECT_EQ(office.approve("ada").error().code, ErrorCode::kDenied);
  EXPECT_EQ(office.approve("laptop").error().code, ErrorCode::kDenied) << "another key of the same person";
  office.forge("ada", office.approval(), "laptop");
  EXPECT_EQ(office.gate(), "waiting: 0 of 1 from sre; ada's does not count: whoever asked never counts");
  office.apply(three("{ approval: { count: 1, from: [sre] } }",
                     "ada: laptop.pub, double: ada.pub, grace: grace.pub, alan: alan.pub", "ada, double, grace, alan"));
  office.forge("double", office.approval(), "ada");
  EXPECT_EQ(office.promote("production").answer, "waiting") << "the key that asked, under another name";
}

TEST(Approve, S4_TwoKeysOfOnePersonAreOne) {
  Office office("{ approval: { count: 2, from: [sre] } }");
  ASSERT_TRUE(office.workspace().write("phone.pub", Shop::public_pem("phone")).ok());
  office.apply(
      three("{ approval: { count: 2, from: [sre] } }", "ada: ada.pub, grace: [grace.pub, phone.pub], alan: alan.pub"));
  ASSERT_TRUE(office.approve("grace").ok());
  ASSERT_TRUE(office.approve("phone").ok());
  EXPECT_EQ(office.gate(), "waiting: 1 of 2 from sre: grace");
  office.forge("alan", office.approval(), "phone");
  EXPECT_EQ(office.gate(), "waiting: 1 of 2 from sre: grace; alan's does not count: its key is another person's now");
}

TEST(Approve, S4_OneWhoLeftTheGroupSince) {
  Office office;
  ASSERT_TRUE(office.approve("grace").ok());
  office.apply(
      three("{ approval: { count: 1, from: [sre] } }", "ada: ada.pub, grace: grace.pub, alan: alan.pub", "ada, alan"));
  EXPECT_EQ(office.gate(), "waiting: 0 of 1 from sre; grace's does not count: not among those who are asked");
  EXPECT_EQ(office.promote("production").answer, "waiting");
  EXPECT_EQ(office.approve("grace", {.promotion = "2", .comment = "again"}).error().code, ErrorCode::kDenied);
}

TEST(Approve, S4_NobodyKnownNeitherAsksNorApproves) {
  Office office;
  EXPECT_EQ(office.approve("").error().code, ErrorCode::kDenied) << "no key";
  EXPECT_EQ(office.approve("mallory").error().code, ErrorCode::kDenied) << "nobody's key";
  office.sign_in("");
  EXPECT_EQ(office.service().promote(Context{}, {.environment = "production"}).error().code, ErrorCode::kDenied);
}

TEST(Approve, S4_WhatNobodyKnownAskedForIsBlockedOnceItAsksForApprovals) {
  Office office("{ soak: 1h }");
  ASSERT_TRUE(office.service().abort(Context{}, {.environment = "production"}).ok());
  office.sign_in("");
  EXPECT_EQ(office.promote("production").promotion.number, 3u);
  office.apply(three("{ approval: { count: 1, from: [sre] } }"));
  EXPECT_EQ(office.promote("production").answer, "blocked") << "it could be the approver's own";
}

TEST(Approve, S4_GatesThatAreDeletedFromTheFileHoldUntilSomebodyMayApplyIt) {
  Office office;
  office.configure(three(""));
  EXPECT_EQ(office.promote("production").answer, "waiting") << "the revision in force decides";
  office.sign_in("");
  EXPECT_EQ(office.service().apply(Context{}, {}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(office.head("production"), "");
}

TEST(Approve, S7_NoBlobThatIsGoneLetsItIn) {
  const char* gates = "{ approval: { count: 2, from: [sre] } }";
  for (std::size_t gone = 0;; ++gone) {
    Office office(gates);
    ASSERT_TRUE(office.approve("grace").ok());
    std::vector<crypto::Digest> blobs = office.blobs().list(Context{}).value();
    if (gone == blobs.size()) break;
    office.blobs().lose(blobs[gone]);
    Result<api::PromoteResponse> out = office.service().promote(Context{}, {.environment = "production"});
    EXPECT_FALSE(out.ok() && (out->answer == "done" || out->answer == "running")) << blobs[gone].str();
    EXPECT_FALSE(office.environment_state("production").head.has_value()) << blobs[gone].str();
  }
}

TEST(Approve, ARetryKeepsThemAndAnotherOneDoesNot) {
  Office office;
  ASSERT_TRUE(office.approve("grace").ok());
  office.on_call([](std::string_view call) -> Status {
    if (call == "target.publish") return Error(ErrorCode::kUnavailable, "gone");
    return {};
  });
  EXPECT_EQ(office.promote("production").answer, "errored");
  office.on_call({});
  EXPECT_EQ(office.service().retry(Context{}, {.environment = "production"})->answer, "done") << "the plan stands";
}

TEST(Approve, ARollbackAsksNobodyUnlessTheEnvironmentSaysSo) {
  Office office;
  ASSERT_TRUE(office.approve("grace").ok());
  ASSERT_EQ(office.promote("production").answer, "done");
  office.edit("app", "2");
  office.release("2.0");
  office.promote("dev");
  EXPECT_EQ(office.promote("production").answer, "waiting");
  ASSERT_TRUE(office.approve("alan", {.promotion = "production"}).ok());
  ASSERT_EQ(office.promote("production").answer, "done");
  EXPECT_EQ(office.rollback("production").answer, "done");
}

TEST(Approvals, ListsWhatWaitsAndWhatCounts) {
  Office office("{ approval: { count: 2, from: [sre] } }");
  ASSERT_TRUE(office.approve("grace", {.promotion = "2", .comment = "fine"}).ok());
  api::ApprovalsResponse out = office.service().approvals(Context{}, {}).value();
  ASSERT_EQ(out.promotions.size(), 1u);
  EXPECT_EQ(out.promotions[0].number, 2u);
  EXPECT_EQ(out.promotions[0].requester, "ada");
  ASSERT_EQ(out.promotions[0].approvals.size(), 1u);
  EXPECT_TRUE(out.promotions[0].approvals[0].counts);
  EXPECT_EQ(out.promotions[0].gates[0].found, "1 of 2 from sre: grace");
  EXPECT_EQ(office.service().approvals(Context{}, {"", true}).error().code, ErrorCode::kUsage);
}

}  // namespace
}  // namespace pawl::engine
