#include "core/model/referrer.h"
#include "core/model/statement.h"
#include "tests/support/shop.h"

namespace pawl::engine {
namespace {

using testing_support::Shop;

constexpr const char* kOwn = R"(
  policySources: { own: { files: policies } }
  environments:
    - { name: dev, labels: { tier: test } }
    - { name: production, promotesFrom: [dev], labels: { tier: production } }
)";

std::string policy(const std::string& name, const std::string& rule, const std::string& resources = "configmaps",
                   const std::string& group = "") {
  return "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: { name: " + name +
         " }\nspec:\n  matchConstraints:\n    resourceRules: [{ apiGroups: ['" + group +
         "'], apiVersions: ['*'], operations: ['*'], resources: [" + resources + "] }]\n  validations:\n    - " + rule +
         "\n---\n";
}

std::string binding(const std::string& name, const std::string& environments = "", const std::string& action = "Deny") {
  std::string annotations =
      environments.empty() ? "" : ", annotations: { pawl.dev/environments: '" + environments + "' }";
  return "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: { name: " +
         name + annotations + " }\nspec: { policyName: " + name + ", validationActions: [" + action + "] }\n---\n";
}

// A shop whose folder of policies holds this.
struct PolicyShop : Shop {
  explicit PolicyShop(const std::string& policies, const std::string& rest = kOwn) : Shop(rest) {
    write(policies);
    release("1.0");
  }
  void write(const std::string& policies) { workspace().write("policies/rules.yaml", policies).value(); }
};

const std::string kNoTwo = policy("no-two", "{ expression: \"object.data.value != '2'\", message: no two }");
const std::string kNotRaised = policy(
    "not-raised", "{ expression: \"oldObject == null || int(object.data.value) >= int(oldObject.data.value)\" }");

TEST(PolicyGate, ADenialBlocksAndNamesObjectAndRule) {
  PolicyShop shop(kNoTwo + binding("no-two"));
  EXPECT_EQ(shop.promote("dev").answer, "done");
  shop.edit("app", "2");
  shop.release("2.0");
  api::PromoteResponse out = shop.promote("dev");
  EXPECT_EQ(out.answer, "blocked");
  ASSERT_EQ(out.promotion.gates.size(), 1u);
  EXPECT_EQ(out.promotion.gates[0].found, "1 rule, 1 denied");
  EXPECT_EQ(out.promotion.gates[0].details, std::vector<std::string>{"ConfigMap/app: no two (no-two[0])"});
  EXPECT_NE(shop.head("dev"), out.bundle);
}

TEST(PolicyGate, AnUpdateSeesWhatTheHeadHas) {
  PolicyShop shop(kNotRaised + binding("not-raised"));
  shop.edit("app", "5");
  shop.release("1.1");
  EXPECT_EQ(shop.promote("dev", "1.1").answer, "done");
  shop.edit("app", "4");
  shop.release("1.2");
  EXPECT_EQ(shop.promote("dev", "1.2").answer, "blocked");
}

TEST(PolicyGate, BindingsOfFilesSelectEnvironmentsByLabel) {
  PolicyShop shop(policy("never", "{ expression: 'false' }") + binding("never", "tier=production"));
  EXPECT_EQ(shop.promote("dev").answer, "done");
  EXPECT_EQ(shop.promote("production").answer, "blocked");
}

TEST(PolicyGate, BindingsOfTheProjectGiveParams) {
  std::string limited = policy("limited", "{ expression: \"object.data.value in params.spec.values\" }");
  limited.replace(limited.find("spec:\n"), 6, "spec:\n  paramKind: { apiVersion: example.com/v1, kind: Values }\n");
  PolicyShop shop(limited, std::string(kOwn) + R"(
  policyBindings:
    - { policy: limited, environments: { tier: production }, params: { values: ["1"] } }
)");
  shop.promote("dev");
  EXPECT_EQ(shop.promote("production").answer, "done");
  shop.edit("app", "3");
  shop.release("3.0");
  shop.promote("dev");
  EXPECT_EQ(shop.promote("production").answer, "blocked");
}

TEST(PolicyGate, ABuiltInPolicyIsBoundByItsNameWithItsParams) {
  Shop shop(R"(
  environments: [ { name: dev } ]
  policyBindings: [ { policy: required-labels, params: { labels: [team] } } ]
)");
  shop.release("1.0");
  api::PromoteResponse out = shop.promote("dev");
  EXPECT_EQ(out.answer, "blocked");
  EXPECT_EQ(out.promotion.gates.at(0).details.size(), 2u);
}

TEST(PolicyGate, ParamsThatTheirSchemaDoesNotAllowNeverComeIntoForce) {
  Shop shop(R"(
  environments: [ { name: dev } ]
  policyBindings: [ { policy: required-labels, params: { lables: [team] } } ]
)");
  Error error = shop.service().release(Context{}, {.version = "1.0"}).error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  ASSERT_FALSE(error.diagnostics.empty());
  EXPECT_EQ(error.diagnostics[0].file, "policyBindings.required-labels");
}

TEST(PolicyGate, NobodyPutsAPolicyInTheBuiltInOnesPlace) {
  PolicyShop shop(kNoTwo + binding("no-two"));
  shop.write(policy("change-budget", "{ expression: 'true' }") + binding("change-budget"));
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev"}).error().code, ErrorCode::kInvalid);
}

TEST(PolicyGate, AllowedChangesAreAChangeBudget) {
  Shop shop(R"(
  environments:
    - { name: dev, allowedChanges: { kinds: [ConfigMap], changes: [changed, added], fields: [data.*], most: 2 } }
)");
  shop.release("1.0");
  EXPECT_EQ(shop.promote("dev").answer, "done");
  shop.edit("app", "2");
  shop.release("2.0");
  EXPECT_EQ(shop.promote("dev").answer, "done");
  shop.configure("  environments: [ { name: dev, allowedChanges: { fields: [metadata.labels.*] } } ]\n");
  shop.edit("app", "3");
  shop.release("3.0");
  api::PromoteResponse out = shop.promote("dev");
  EXPECT_EQ(out.answer, "blocked");
  EXPECT_NE(out.promotion.gates.at(0).details.at(0).find("data.value"), std::string::npos)
      << out.promotion.gates.at(0).details.at(0);
}

TEST(PolicyGate, EvidenceIsAFactThatPoliciesRead) {
  Shop shop(R"(
  environments: [ { name: dev } ]
  policyBindings: [ { policy: required-evidence, params: { predicateTypes: ["https://example.com/scan/v1"] } } ]
  people: { ada: ada.pub }
)");
  EXPECT_TRUE(shop.workspace().write("ada.pub", Shop::public_pem("ada")).ok());
  shop.sign_in("ada");
  shop.release("1.0");
  EXPECT_EQ(shop.promote("dev").answer, "blocked");
  Result<api::AttestResponse> said = shop.service().attest(
      Context{}, {.release = "1.0", .environment = "dev", .type = "https://example.com/scan/v1", .predicate = "{}"});
  ASSERT_TRUE(said.ok()) << said.error().text();
  EXPECT_EQ(shop.promote("dev").answer, "done");
}

TEST(PolicyGate, WarningsAreSaidAndStopNothing) {
  PolicyShop shop(policy("never", "{ expression: 'false', message: mind this }") + binding("never", "", "Warn"));
  EXPECT_EQ(shop.promote("dev").answer, "done");
  EXPECT_EQ(shop.why("1.0", "production"),
            "upstream passed: dev: verified 0s ago\npolicy passed: 1 rule, 0 denied, 2 warnings\n");
}

TEST(PolicyGate, OwnObjectsAreJudgedByTheSameKind) {
  PolicyShop shop(
      policy("budget", "{ expression: 'object.plan.changes.size() <= 1', message: too much }", "promotions",
             "pawl.dev") +
      policy("asked", "{ expression: \"request.userInfo.username != 'tester'\" }", "promotions", "pawl.dev") +
      binding("budget"));
  EXPECT_EQ(shop.promote("dev").answer, "blocked") << "two objects are new";
  shop.write(policy("where",
                    "{ expression: \"object.environment.labels.tier == 'test' && object.environment.name == 'dev'\" }",
                    "promotions", "pawl.dev") +
             policy("what", "{ expression: \"object.version == '1.0' && object.serial == 1 && !object.dirty\" }",
                    "releases", "pawl.dev") +
             policy("bundle", "{ expression: \"object.inventory.objects.exists(o, o.kind == 'ConfigMap')\" }",
                    "bundles", "pawl.dev") +
             policy("place", "{ expression: \"object.metadata.name == 'dev'\" }", "environments", "pawl.dev") +
             binding("where") + binding("what") + binding("bundle") + binding("place"));
  EXPECT_EQ(shop.promote("dev").answer, "done");
}

TEST(PolicyGate, P1_RulesThatLookedAtNothingLetNothingIn) {
  PolicyShop shop(policy("pods", "{ expression: 'true' }", "pods") + binding("pods"));
  EXPECT_EQ(shop.promote("dev").answer, "blocked");
  EXPECT_EQ(shop.why("1.0", "dev"), "policy failed: 1 rule, and none was about anything here\n");
}

TEST(PolicyGate, P1_ARequiredPolicyThatNobodyBindsIsANo) {
  Shop shop("  environments: [ { name: dev, gates: [ { policy: required } ] } ]\n");
  shop.release("1.0");
  EXPECT_EQ(shop.promote("dev").answer, "blocked");
  EXPECT_EQ(shop.why("1.0", "dev"), "policy failed: no policy is bound to dev\n");
}

TEST(PolicyGate, P1_PoliciesThatCannotBeReadAreNoYes) {
  PolicyShop shop(kNoTwo + binding("no-two"));
  api::PlanResponse plan = shop.service().plan(Context{}, {.environment = "dev"}).value();
  shop.blobs().lose(crypto::Digest::parse(plan.gates.at(0).evidence.at(0)).value());
  EXPECT_EQ(shop.promote("dev").answer, "errored");
}

TEST(PolicyGate, P2_AnExpressionThatErrsIsANo) {
  PolicyShop shop(policy("missing", "{ expression: 'object.data.absent == 1' }") + binding("missing"));
  EXPECT_EQ(shop.promote("dev").answer, "blocked");
}

TEST(PolicyGate, ABrokenPolicyNeverComesIntoForce) {
  PolicyShop shop(kNoTwo + binding("no-two"));
  shop.promote("dev");
  shop.write(policy("broken", "{ expression: 'object.' }") + binding("broken"));
  Error error = shop.service().promote(Context{}, {.environment = "production"}).error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  ASSERT_FALSE(error.diagnostics.empty());
  EXPECT_EQ(error.diagnostics[0].file, "policies/rules.yaml");
  EXPECT_EQ(error.diagnostics[0].at.line, 8u);
  EXPECT_EQ(shop.count("configuration.applied"), 1u);
}

TEST(PolicyGate, AMisspeltKindIsNoRuleThatIsPassedOver) {
  PolicyShop shop(kNoTwo + binding("no-two"));
  std::string misspelt = binding("no-two");
  misspelt.replace(misspelt.find("admissionregistration.k8s.io"), 28, "admissionregistration.k8s.oi");
  shop.write(kNoTwo + misspelt);
  EXPECT_EQ(shop.service().promote(Context{}, {.environment = "dev"}).error().code, ErrorCode::kInvalid);
}

TEST(PolicyGate, ABindingOfNothingIsAnErrorOfTheFiles) {
  PolicyShop shop(kNoTwo + binding("no-two"));
  shop.write(kNoTwo + binding("no-tow"));
  Error error = shop.service().promote(Context{}, {.environment = "dev"}).error();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
}

TEST(PolicyGate, P5_AChangedPolicyIsAnotherPlan) {
  PolicyShop shop(kNoTwo + binding("no-two"));
  api::PlanResponse before = shop.service().plan(Context{}, {.environment = "dev"}).value();
  shop.write(policy("never", "{ expression: 'false' }") + binding("never"));
  Result<api::PromoteResponse> out = shop.service().promote(Context{}, {.environment = "dev", .plan = before.plan});
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().code, ErrorCode::kConflict);
  EXPECT_EQ(shop.promote("dev").answer, "blocked") << "and it is the new policy that answers";
}

// The plans of dev and production, once this is in force.
std::pair<std::string, std::string> plans(PolicyShop& shop, const std::string& policies) {
  shop.write(policies);
  Result<api::ApplyResponse> applied = shop.service().apply(Context{}, {});
  EXPECT_TRUE(applied.ok()) << applied.error().text();
  auto of = [&](const std::string& environment) {
    return shop.service().plan(Context{}, {.environment = environment, .release = "1.0"}).value().plan;
  };
  return {of("dev"), of("production")};
}

const std::string kAlways = policy("always", "{ expression: 'true' }");

TEST(PolicyGate, P5_APolicyThatHoldsElsewhereAloneLeavesAPlanAsItIs) {
  const std::string guard = policy("guard", "{ expression: \"object.data.value != '7'\" }");
  const std::string common = kNoTwo + binding("no-two");
  const std::string start = common + guard + binding("guard", "tier=production");
  PolicyShop shop(start);
  auto [dev, production] = plans(shop, start);
  int changes = 0;
  auto only_production = [&](const std::string& policies) {
    auto [now_dev, now_production] = plans(shop, policies);
    EXPECT_EQ(now_dev, dev) << changes;
    EXPECT_NE(now_production, std::exchange(production, now_production)) << changes;
    ++changes;
  };
  const std::string stricter = policy("guard", "{ expression: \"object.data.value != '8'\" }");
  only_production(common + stricter + binding("guard", "tier=production"));
  only_production(common + stricter + binding("guard", "tier=production", "Warn"));
  only_production(common + stricter + kAlways + binding("guard", "tier=production") +
                  binding("always", "tier=production"));
  only_production(common + stricter + kAlways + binding("guard", "tier=production"));
  // What is bound nowhere, comments and order are nothing to anybody.
  auto nobody = plans(shop, "# a word\n" + stricter + binding("guard", "tier=production") + common);
  EXPECT_EQ(nobody, std::pair(dev, production));
}

TEST(PolicyGate, P5_WhatChangesInAnEnvironmentIsAnotherPlanThere) {
  const std::string start = kNoTwo + binding("no-two", "tier=test") + kAlways;
  PolicyShop shop(start);
  std::set<std::string> seen = {plans(shop, start).first};
  auto is_new = [&](const std::string& policies) { return seen.insert(plans(shop, policies).first).second; };
  const std::string params = "apiVersion: example.com/v1\nkind: Values\nmetadata: { name: a }\nspec: { most: ";
  EXPECT_TRUE(is_new(start + binding("always"))) << "one is bound";
  EXPECT_TRUE(is_new(start + binding("always", "tier=test", "Warn"))) << "another way";
  EXPECT_TRUE(is_new(kNoTwo + kAlways + binding("always"))) << "one is not bound any more";
  EXPECT_TRUE(is_new(policy("no-two", "{ expression: \"object.data.value != '3'\" }") + binding("no-two", "tier=test") +
                     kAlways))
      << "its text";
  EXPECT_TRUE(is_new(start + params + "1 }\n---\n")) << "params";
  EXPECT_TRUE(is_new(start + params + "1 }\n---\n" + params + "2 }\n---\n")) << "the first of two counts";
  EXPECT_TRUE(is_new(start + params + "2 }\n---\n" + params + "1 }\n---\n")) << "which is the other one now";
  EXPECT_TRUE(is_new(start + params + "1.0 }\n---\n")) << "a number of another type";
  std::string list =
      "apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: Namespace, metadata: { name: a } }\n---\n";
  EXPECT_TRUE(is_new(start + list)) << "what rules read";
}

TEST(PolicyGate, P5_LabelsThatLetABindingSelectAreAnotherPlan) {
  PolicyShop shop(kNoTwo + binding("no-two", "tier=production"));
  std::string before = plans(shop, kNoTwo + binding("no-two", "tier=production")).first;
  shop.configure(R"(
  policySources: { own: { files: policies } }
  environments:
    - { name: dev, labels: { tier: production } }
    - { name: production, promotesFrom: [dev], labels: { tier: production } }
)");
  EXPECT_NE(plans(shop, kNoTwo + binding("no-two", "tier=production")).first, before);
}

TEST(PolicyGate, P5_PoliciesThatAreGoneAreAnotherPlan) {
  PolicyShop shop(kNoTwo + binding("no-two"));
  api::PlanResponse plan = shop.service().plan(Context{}, {.environment = "dev"}).value();
  shop.blobs().lose(crypto::Digest::parse(plan.gates.at(0).evidence.at(0)).value());
  Result<api::PlanResponse> again = shop.another()->plan(Context{}, {.environment = "dev"});
  ASSERT_TRUE(again.ok()) << again.error().text();
  EXPECT_NE(again->plan, plan.plan);
  EXPECT_EQ(again->verdict, "errored");
}

TEST(PolicyGate, P5_TheVerdictIsASignedSummaryThatNamesBundleEnvironmentAndPolicies) {
  PolicyShop shop(kNoTwo + binding("no-two"));
  auto verdict = [&](const std::string& version) {
    shop.release(version);
    api::PromoteResponse out = shop.promote("dev");
    const std::vector<std::string>& evidence = out.promotion.gates.at(0).evidence;
    crypto::Digest manifest = crypto::Digest::parse(evidence.back()).value();
    model::Referrer referrer = model::decode_referrer(shop.blobs().get(Context{}, manifest, 1 << 20).value()).value();
    std::string record = shop.blobs().get(Context{}, referrer.record.digest, 1 << 20).value();
    std::vector<crypto::PublicKey> keys = {memory::Signer::key_of("release").public_key()};
    model::VerifiedStatement read = model::verify_statement(record, keys).value();
    EXPECT_EQ(read.statement.predicate_type, "https://slsa.dev/verification_summary/v1");
    EXPECT_EQ(read.statement.subjects.at(0).digest.str(), out.bundle);
    const format::Value& predicate = read.statement.predicate.root;
    EXPECT_EQ(predicate.string_at("resourceUri"), "pawl:shop/dev@" + out.bundle);
    return std::string(predicate.string_at("verificationResult")) + " " +
           std::string(predicate.at_path({"policy", "digest", "sha256"})->as_string());
  };
  std::string passed = verdict("1.0");
  EXPECT_TRUE(passed.starts_with("PASSED "));
  shop.edit("app", "2");
  std::string failed = verdict("2.0");
  EXPECT_EQ(failed, "FAILED" + passed.substr(6)) << "the same policies";
  shop.write(policy("no-three", "{ expression: \"object.data.value != '3'\" }") + binding("no-three"));
  std::string later = verdict("2.1");
  EXPECT_TRUE(later.starts_with("PASSED "));
  EXPECT_NE(later, passed) << "other policies";
}

TEST(PolicyGate, P9_ARollbackIsRecordedAndBlockedOnlyWhereTheEnvironmentSaysSo) {
  for (const char* obeys : {"[]", "[policy]"}) {
    PolicyShop shop(
        kNoTwo + binding("no-two"),
        std::string("  policySources: { own: { files: policies } }\n  environments: [ { name: dev, rollbackObeys: ") +
            obeys + " } ]\n");
    shop.promote("dev");
    shop.edit("app", "3");
    shop.release("3.0");
    shop.promote("dev");
    shop.write(policy("no-one", "{ expression: \"object.data.value != '1'\" }") + binding("no-one"));
    api::PromoteResponse out = shop.rollback("dev");
    bool open = std::string_view(obeys) == "[]";
    EXPECT_EQ(out.answer, open ? "done" : "blocked");
    ASSERT_EQ(out.promotion.gates.size(), 1u);
    EXPECT_EQ(out.promotion.gates[0].found,
              open ? "1 rule, 2 denied; recorded: the way back stays open" : "1 rule, 2 denied");
  }
}

}  // namespace
}  // namespace pawl::engine
