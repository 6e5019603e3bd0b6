#include "core/plan/exception.h"
#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

// dev refuses the value 2, staging too; grace and alan may let somebody depart, for a week at most.
constexpr const char* kRules = R"(
  policySources: { own: { files: policies } }
  environments:
    - name: dev
    - { name: staging }
  people: { ada: [ada.pub, laptop.pub], grace: grace.pub, alan: alan.pub }
  groups: { security: [ada, grace, alan] }
  allow: { apply: [ada] }
)";
constexpr const char* kSecurity = "  exceptions: { count: 1, from: [security], longest: 7d }\n";

constexpr const char* kPolicies = R"(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: no-two }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: ['*'], operations: ['*'], resources: [configmaps] }]
  validations:
    - expression: "object.data.value != '3'"
    - expression: "object.data.value != '2'"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: no-two }
spec: { policyName: no-two, validationActions: [Deny] }
)";

class ExceptionShop : public Shop {
 public:
  explicit ExceptionShop(const std::string& exceptions = kSecurity) : Shop(kRules + exceptions) {
    for (const char* name : {"ada", "laptop", "grace", "alan"})
      EXPECT_TRUE(workspace().write(std::string(name) + ".pub", public_pem(name)).ok());
    EXPECT_TRUE(workspace().write("policies/rules.yaml", kPolicies).ok());
    sign_in("ada");
    edit("app", "2");
    release("2.0");
  }

  Result<api::ExceptionResponse> ask(api::ExceptionAskRequest request = {}) {
    if (request.policy.empty()) request.policy = "no-two";
    if (request.environment.empty()) request.environment = "dev";
    if (request.reason.empty()) request.reason = "the cache is ill";
    if (request.until.empty()) request.until = "3d";
    return service().exception_ask(Context{}, request);
  }
  Result<api::ExceptionResponse> approve(const std::string& person, std::uint64_t number = 1) {
    return another(person)->exception_approve(Context{}, {.number = number, .comment = "so be it"});
  }
  api::ExceptionView listed() { return service().exception_list(Context{}, {}).value().exceptions.at(0); }
  // What the plan says about exceptions.
  std::string said(const std::string& environment = "dev") {
    std::string out;
    for (const api::GateView& gate : service().plan(Context{}, {.environment = environment}).value().gates) {
      for (const std::string& detail : gate.details) out += detail.starts_with("exception ") ? detail + "\n" : "";
    }
    return out;
  }
  void apply(const std::string& exceptions) {
    configure(kRules + exceptions);
    Result<api::ApplyResponse> applied = service().apply(Context{}, {});
    ASSERT_TRUE(applied.ok()) << applied.error().text();
  }
};

TEST(Exceptions, LetPassWhatTheyAreAboutAndAreShownWhileUsed) {
  ExceptionShop shop;
  EXPECT_EQ(shop.promote("dev").answer, "blocked");
  EXPECT_EQ(shop.ask({.rule = "1", .object = "ConfigMap/a*", .ticket = "OPS-12"}).value().who, "alan, grace");
  EXPECT_EQ(shop.promote("dev").answer, "blocked") << "nobody agreed yet";
  EXPECT_TRUE(shop.approve("grace").value().exception.holds);
  EXPECT_EQ(shop.said(), "exception 1 lets 1 of no-two pass until 2026-01-08T10:00:00Z: the cache is ill, OPS-12\n");
  api::PromoteResponse out = shop.promote("dev");
  EXPECT_EQ(out.answer, "done");
  EXPECT_EQ(out.promotion.gates.at(0).found, "2 rules, 0 denied, 1 excepted");
  EXPECT_EQ(out.promotion.gates.at(0).evidence.size(), 3u) << "the policies, grace's word, the verdict";
}

TEST(Exceptions, P4_WithoutAnEndOrLongerThanAllowedAreRefused) {
  ExceptionShop shop;
  Error endless =
      shop.service().exception_ask(Context{}, {.policy = "no-two", .environment = "dev", .reason = "x"}).error();
  EXPECT_EQ(endless.code, ErrorCode::kUsage);
  EXPECT_EQ(shop.ask({.until = "8d"}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(shop.ask({.until = "2020-01-01T00:00:00Z"}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(shop.count("exception.asked"), 0u);
}

TEST(Exceptions, P4_ExpiredOnesAreIgnoredAndReported) {
  ExceptionShop shop;
  shop.ask().value();
  shop.approve("grace").value();
  shop.clock().advance(std::chrono::days(3));
  EXPECT_EQ(shop.said(), "exception 1 does not count: it expired\n");
  EXPECT_EQ(shop.promote("dev").answer, "blocked");
}

TEST(Exceptions, P4_OfAnotherScopeAreIgnoredAndReported) {
  struct Case {
    api::ExceptionAskRequest ask;
    const char* why;
  };
  for (const Case& one : {Case{{.environment = "staging"}, "environment"}, Case{{.rule = "0"}, "rule"},
                          Case{{.object = "ConfigMap/base"}, "object"}, Case{{.release = "1.0"}, "bundle"}}) {
    ExceptionShop shop;
    shop.edit("app", "1");
    shop.release("1.0");
    shop.edit("app", "2");
    shop.edit("base", "9");
    shop.release("2.1");
    shop.ask(one.ask).value();
    shop.approve("grace").value();
    EXPECT_EQ(shop.said(), std::string("exception 1 does not count: it is about another ") + one.why + "\n");
    EXPECT_EQ(shop.promote("dev", "2.1").answer, "blocked");
  }
}

TEST(Exceptions, P4_NobodyGrantsThemselvesOne) {
  ExceptionShop shop;
  shop.ask().value();
  EXPECT_EQ(shop.approve("ada").error().code, ErrorCode::kDenied);
  EXPECT_EQ(shop.approve("laptop").error().code, ErrorCode::kDenied) << "two keys of one person are one person";
  EXPECT_EQ(shop.approve("mallory").error().code, ErrorCode::kDenied);
  EXPECT_EQ(shop.promote("dev").answer, "blocked");
}

TEST(Exceptions, AsManyMustAgreeAsTheConfigurationSays) {
  ExceptionShop shop("  exceptions: { count: 2, from: [security], longest: 7d }\n");
  shop.ask().value();
  EXPECT_EQ(shop.approve("grace").value().exception.flaw, "notAgreed");
  EXPECT_EQ(shop.approve("grace").value().exception.flaw, "notAgreed") << "twice is once";
  EXPECT_TRUE(shop.approve("alan").value().exception.holds);
}

TEST(Exceptions, ANoStands) {
  ExceptionShop shop;
  shop.ask().value();
  EXPECT_EQ(
      shop.another("alan")->exception_reject(Context{}, {.number = 1, .comment = "mend it"}).value().exception.flaw,
      "rejected");
  EXPECT_EQ(shop.approve("grace").value().exception.flaw, "rejected");
  EXPECT_EQ(shop.approve("alan").error().code, ErrorCode::kConflict);
  EXPECT_EQ(shop.promote("dev").answer, "blocked");
}

TEST(Exceptions, AreOverOnceWithdrawn) {
  ExceptionShop shop;
  shop.ask().value();
  shop.approve("grace").value();
  EXPECT_EQ(shop.another("mallory")->exception_withdraw(Context{}, {.number = 1, .reason = "x"}).error().code,
            ErrorCode::kDenied);
  shop.another("alan")->exception_withdraw(Context{}, {.number = 1, .reason = "mended"}).value();
  EXPECT_EQ(shop.said(), "exception 1 does not count: it was withdrawn\n");
}

TEST(Exceptions, WhereTheConfigurationNamesNobodyThereIsNone) {
  ExceptionShop shop("");
  EXPECT_EQ(shop.ask().error().code, ErrorCode::kDenied);
  ExceptionShop later;
  later.ask().value();
  later.approve("grace").value();
  later.apply("");
  EXPECT_EQ(later.said(), "exception 1 does not count: the configuration lets nobody depart from a policy\n");
}

TEST(Exceptions, S7_WhatIsTakenAwayNeverLetsPass) {
  // Keys, groups and records: each is taken out of an exception that holds, or that does not.
  ExceptionShop shop;
  shop.ask().value();
  shop.approve("grace").value();
  crypto::Digest record = crypto::Digest::parse(shop.listed().words.at(0).record).value();
  shop.configure(std::string(kRules).replace(std::string(kRules).find("[ada, grace, alan]"), 18, "[ada, alan]") +
                 kSecurity);
  shop.service().apply(Context{}, {}).value();
  EXPECT_EQ(shop.listed().flaw, "notAgreed") << "grace left the group";
  shop.apply(kSecurity);
  EXPECT_TRUE(shop.listed().holds);
  shop.blobs().lose(record);
  EXPECT_EQ(shop.listed().flaw, "notAgreed") << "her word is gone";

  ExceptionShop rejected;
  rejected.ask().value();
  rejected.approve("grace").value();
  rejected.another("alan")->exception_reject(Context{}, {.number = 1, .comment = "no"}).value();
  rejected.blobs().lose(crypto::Digest::parse(rejected.listed().words.at(0).record).value());
  EXPECT_EQ(rejected.listed().flaw, "rejected") << "a no outlives its record";
}

TEST(Exceptions, UnknownPoliciesRulesAndStrangersAreRefusedWhenAsking) {
  ExceptionShop shop;
  EXPECT_EQ(shop.ask({.policy = "no-tow"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(shop.ask({.rule = "2"}).error().code, ErrorCode::kUsage);
  EXPECT_EQ(shop.ask({.release = "9"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(shop.another("mallory")
                ->exception_ask(Context{}, {.policy = "no-two", .environment = "dev", .reason = "x", .until = "1d"})
                .error()
                .code,
            ErrorCode::kDenied);
  EXPECT_TRUE(shop.ask({.dry_run = true}).value().dry_run);
  EXPECT_EQ(shop.count("exception.asked"), 0u);
}

}  // namespace
}  // namespace pawl::engine
