#include "core/model/approval.h"
#include "core/model/exception.h"
#include "tests/support/rules.h"
#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using model::ApprovalVerdict;
using testing_support::Shop;

std::string project(const std::string& people = "ada: ada.pub, grace: grace.pub, alan: alan.pub",
                    const std::string& group = "ada, grace, alan",
                    const std::string& exceptions = "{ count: 1, from: [security], longest: 7d }") {
  return R"(
  policySources: { own: { files: policies } }
  environments: [{ name: dev }, { name: staging }]
  allow: { apply: [ada] }
  people: { )" +
         people + " }\n  groups: { security: [" + group + "] }\n" +
         (exceptions.empty() ? "" : "  exceptions: " + exceptions + "\n");
}

// Ada asked for exception 1; grace and alan are elsewhere, with nothing but their keys.
class Office : public Shop {
 public:
  explicit Office(const std::string& rest = project()) : Shop(rest) {
    for (const char* name : {"ada", "grace", "alan", "new"})
      EXPECT_TRUE(workspace().write(std::string(name) + ".pub", public_pem(name)).ok());
    EXPECT_TRUE(workspace().write("policies/rule.yaml", testing_support::rule_against("2")).ok());
    sign_in("ada");
    edit("app", "2");
    release("2.0");
    ask();
  }

  void ask() {
    Result<api::ExceptionResponse> asked = service().exception_ask(
        Context{}, {.policy = "rule", .environment = "dev", .reason = "the cache is ill", .until = "3d"});
    ASSERT_TRUE(asked.ok()) << asked.error().text();
  }
  Result<std::string> exported(const std::string& number = "1") {
    PAWL_ASSIGN(api::ExceptionListResponse out, service().exception_list(Context{}, {number, true}));
    return out.request;
  }
  // What somebody signs who has the file and their key.
  std::string signed_by(const std::string& person, const std::string& request) {
    return another(person)
        ->exception_approve(Context{}, {.comment = "from home", .request = request})
        .value()
        .statement;
  }
  std::string signed_by(const std::string& person) { return signed_by(person, exported().value()); }
  model::PolicyException exception() { return model::decode_exception_request(exported().value()).value(); }
  std::string sign(const model::PolicyException& exception, const std::string& key) {
    model::ExceptionAnswer answer{exception, ApprovalVerdict::kApproved, "", clock().now()};
    return model::sign_statement(model::statement_of(answer), memory::Signer::key_of(key));
  }
  Result<api::ExceptionResponse> bring(const std::string& record) {
    return service().exception_approve(Context{}, {.imported = record});
  }
  // The flaw that bringing it is refused for, or the error's code.
  std::string refused(const std::string& record) {
    Result<api::ExceptionResponse> brought = bring(record);
    if (brought) return "";
    const std::string& text = brought.error().message;
    std::size_t at = text.find("would not count (");
    if (at == std::string::npos) return std::string(name_of(brought.error().code));
    return text.substr(at + 17, text.find(')', at) - at - 17);
  }
  bool holds(const std::string& number = "1") {
    return service().exception_list(Context{}, {number}).value().exceptions.at(0).holds;
  }
  void apply(const std::string& rest) {
    configure(rest);
    Result<api::ApplyResponse> applied = service().apply(Context{}, {});
    ASSERT_TRUE(applied.ok()) << applied.error().text();
  }
};

TEST(ExceptionAnswer, ElsewhereWithNothingButAKey) {
  Office office;
  std::string record = office.signed_by("grace");
  EXPECT_EQ(office.count("exception.answered"), 0u) << "it was only signed";
  EXPECT_EQ(office.service().exception_reject(Context{}, {.imported = record}).error().code, ErrorCode::kUsage)
      << "it says approved";
  EXPECT_TRUE(office.service().exception_approve(Context{}, {.imported = record, .dry_run = true})->dry_run);
  EXPECT_FALSE(office.holds());
  api::ExceptionResponse out = office.bring(record).value();
  EXPECT_TRUE(out.exception.holds) << "whoever brings it";
  EXPECT_EQ(out.exception.words.at(0).person, "grace");
  EXPECT_EQ(out.exception.words.at(0).comment, "from home");
  EXPECT_EQ(office.promote("dev").answer, "done");
}

TEST(ExceptionAnswer, ANoFromElsewhereSaysWhyAndStands) {
  Office office;
  std::string request = office.exported().value();
  auto alan = office.another("alan");
  EXPECT_EQ(alan->exception_reject(Context{}, {.request = request}).error().code, ErrorCode::kUsage);
  std::string record = alan->exception_reject(Context{}, {.comment = "mend it", .request = request}).value().statement;
  EXPECT_EQ(office.service().exception_reject(Context{}, {.imported = record}).value().exception.flaw, "rejected");
  EXPECT_EQ(office.promote("dev").answer, "blocked");
}

TEST(ExceptionAnswer, OneOfThreeWays) {
  Office office;
  EXPECT_EQ(office.service().exception_approve(Context{}, {}).error().message, "which exception is it about?");
  EXPECT_EQ(office.service().exception_approve(Context{}, {.number = 1, .imported = "{}"}).error().message,
            "an exception, --request or --import: one");
  EXPECT_EQ(office.service().exception_list(Context{}, {"", true}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(office.exported("9").error().code, ErrorCode::kNotFound);
}

TEST(ExceptionAnswer, S3_BroughtTwiceIsOnceAndAfterANoItIsRefused) {
  Office office;
  std::string record = office.signed_by("grace");
  EXPECT_FALSE(office.bring(record)->existed);
  EXPECT_TRUE(office.bring(record)->existed);
  EXPECT_EQ(office.count("exception.answered"), 1u);
  ASSERT_TRUE(office.another("grace")->exception_reject(Context{}, {.number = 1, .comment = "no more"}).ok());
  EXPECT_EQ(office.refused(record), "conflict");
  EXPECT_FALSE(office.holds());
}

TEST(ExceptionAnswer, S3_ToAnythingElseItIsRefusedEachForItsOwnReason) {
  struct Case {
    const char* flaw;
    std::function<void(model::PolicyException&)> change;
  };
  const std::vector<Case> cases = {
      {"otherLedger", [](auto& x) { x.ledger = "elsewhere+1+key"; }},
      {"otherProject", [](auto& x) { x.project = model::ProjectName("toys"); }},
      {"not-found", [](auto& x) { x.number = 7; }},
      {"otherException", [](auto& x) { x.number = 2; }},
      {"otherException", [](auto& x) { x.environment = model::EnvironmentName("staging"); }},
      {"otherException", [](auto& x) { x.policy = "another"; }},
      {"otherException", [](auto& x) { x.rule = 0; }},
      {"otherException", [](auto& x) { x.object = "ConfigMap/app"; }},
      {"otherException", [](auto& x) { x.bundle = crypto::sha256("another"); }},
      {"otherException", [](auto& x) { x.reason = "another"; }},
      {"otherException", [](auto& x) { x.requester = "alan"; }},
      {"otherException", [](auto& x) { x.expires += std::chrono::hours(1); }},
  };
  Office office;
  office.clock().advance(std::chrono::minutes(1));
  office.ask();
  for (const Case& one : cases) {
    model::PolicyException exception = office.exception();
    one.change(exception);
    EXPECT_EQ(office.refused(office.sign(exception, "grace")), one.flaw);
  }
  EXPECT_EQ(office.count("exception.answered"), 0u);
  EXPECT_EQ(office.refused(office.sign(office.exception(), "grace")), "");
  EXPECT_TRUE(office.holds("1"));
  EXPECT_FALSE(office.holds("2")) << "what was said to one is said to no other";
}

TEST(ExceptionAnswer, S3_AfterTheConfigurationChanged) {
  struct Case {
    const char* what;
    std::string after;
    const char* flaw;
  };
  const std::vector<Case> cases = {
      {"her key was taken out", project("ada: ada.pub, grace: new.pub, alan: alan.pub"), "denied"},
      {"she left the group", project("ada: ada.pub, grace: grace.pub, alan: alan.pub", "ada, alan"), "notAsked"},
      {"nobody may let depart", project("ada: ada.pub, grace: grace.pub, alan: alan.pub", "ada, grace, alan", ""),
       "notAsked"},
      {"her key is whoever asked's", project("ada: [ada.pub, grace.pub], alan: alan.pub", "ada, alan"), "ownRequest"},
  };
  for (const Case& one : cases) {
    Office office;
    std::string record = office.signed_by("grace");
    office.apply(one.after);
    EXPECT_EQ(office.refused(record), one.flaw) << one.what;
    EXPECT_EQ(office.count("exception.answered"), 0u) << one.what;
  }
}

TEST(ExceptionAnswer, S3_OnceItIsOverNobodysWordIsWaitedFor) {
  Office withdrawn;
  std::string record = withdrawn.signed_by("grace");
  ASSERT_TRUE(withdrawn.service().exception_withdraw(Context{}, {.number = 1, .reason = "mended"}).ok());
  EXPECT_EQ(withdrawn.refused(record), "conflict");
  EXPECT_EQ(withdrawn.exported().error().code, ErrorCode::kConflict);
  Office expired;
  record = expired.signed_by("grace");
  expired.clock().advance(std::chrono::days(3));
  EXPECT_EQ(expired.bring(record).error().message, "nobody's word on exception 1 is waited for: it expired");
  EXPECT_EQ(expired.exported().error().code, ErrorCode::kConflict);
}

TEST(ExceptionAnswer, S4_WhoeverAskedAndStrangersNeitherCountFromElsewhere) {
  Office office;
  EXPECT_EQ(office.refused(office.signed_by("ada")), "ownRequest");
  EXPECT_EQ(office.refused(office.signed_by("mallory")), "denied");
  EXPECT_EQ(office.another("")->exception_approve(Context{}, {.request = office.exported().value()}).error().code,
            ErrorCode::kDenied)
      << "there is no key";
  EXPECT_EQ(office.count("exception.answered"), 0u);
}

TEST(ExceptionAnswer, FilesOfAnotherKindAreRefused) {
  Office office;
  std::string request = office.exported().value();
  model::Approval approval{
      {"log", model::ProjectName("shop"), model::EnvironmentName("dev"), 1, crypto::sha256("b"), crypto::sha256("p")},
      ApprovalVerdict::kApproved,
      "",
      office.clock().now(),
      std::nullopt};
  std::string approved = model::sign_statement(model::statement_of(approval), memory::Signer::key_of("grace"));
  for (const std::string& record : {request, approved, std::string("{}"), std::string("no JSON")})
    EXPECT_EQ(office.refused(record), "invalid") << record;
  std::string cut = office.signed_by("grace").replace(200, 4, "AAAA");
  EXPECT_NE(office.refused(cut), "");
  for (const std::string& file : {office.signed_by("grace"), std::string("{}"), request.substr(0, 40)})
    EXPECT_EQ(office.service().exception_approve(Context{}, {.request = file}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(office.service().approve(Context{}, {.request = request}).error().message, "it is no approval request");
  EXPECT_EQ(office.service().approve(Context{}, {.imported = office.signed_by("grace")}).error().code,
            ErrorCode::kInvalid);
  EXPECT_EQ(office.count("exception.answered"), 0u);
}

}  // namespace
}  // namespace pawl::engine
