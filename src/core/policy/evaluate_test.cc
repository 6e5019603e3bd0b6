#include "core/policy/evaluate.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "core/policy/test_policies.h"

namespace pawl::policy {
namespace {

std::string message(const Verdict& verdict) { return verdict.denial() == nullptr ? "" : verdict.denial()->text(); }

TEST(Policies, SayWhatTheApiserverSays) {
  TestWorld world(
      policy_yaml("  validations:\n"
                  "  - expression: \"object.data.a == '2'\"\n"
                  "  - {expression: \"has(object.data.b)\", message: ' b is missing ', reason: Forbidden}\n"
                  "  - expression: \"object.data.a.size() > 1\"\n"
                  "    messageExpression: \"'a of ' + object.metadata.name + ' is too short'\"\n"));
  Verdict verdict = world.judge(kConfigMap);
  EXPECT_FALSE(verdict.allowed);
  ASSERT_EQ(verdict.findings.size(), 3U);
  EXPECT_EQ(message(verdict),
            "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed expression: object.data.a == '2'");
  EXPECT_EQ(verdict.findings[1].message, "b is missing");
  EXPECT_EQ(verdict.findings[1].reason, Reason::kForbidden);
  EXPECT_EQ(verdict.findings[2].message, "a of c is too short");
  EXPECT_EQ(verdict.evaluated, 3U);
  EXPECT_GT(verdict.cost, 0U);
}

TEST(Policies, TheAnswerNamesTheObject) {
  TestWorld world(rule_yaml("false"));
  Review review = world.review(kConfigMap);
  EXPECT_EQ(answer(review, world.judge(review)),
            "configmaps \"c\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed "
            "expression: false");
}

TEST(Policies, KnowWhetherAnObjectIsNewChangedOrGone) {
  TestWorld world(
      rule_yaml("request.operation == 'DELETE' ? object == null && oldObject.data.a == '1' : "
                "request.operation == 'UPDATE' ? object.data.a == oldObject.data.a : oldObject == null"));
  EXPECT_TRUE(world.judge(kConfigMap).allowed);
  EXPECT_TRUE(world.judge("", kConfigMap).allowed);
  EXPECT_TRUE(world.judge(kConfigMap, kConfigMap).allowed);
  EXPECT_FALSE(
      world.judge("{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {a: '2'}}", kConfigMap)
          .allowed);
}

TEST(Policies, VariablesAreComposedAndLazy) {
  TestWorld world(
      policy_yaml("  variables:\n"
                  "  - {name: data, expression: \"has(object.data) ? object.data : {}\"}\n"
                  "  - {name: size, expression: \"variables.data.size()\"}\n"
                  "  - {name: broken, expression: \"1 / int(object.data.zero)\"}\n"
                  "  validations:\n"
                  "  - expression: \"variables.size == 1\"\n"
                  "  - expression: \"variables.broken == 1\"\n"));
  Verdict verdict = world.judge(kConfigMap);
  ASSERT_EQ(verdict.findings.size(), 1U);
  EXPECT_EQ(
      verdict.findings[0].message,
      "expression 'variables.broken == 1' resulted in error: composited variable \"broken\" fails to evaluate: no "
      "such key: zero");
}

TEST(Policies, MatchConditionsComeFirst) {
  TestWorld world(
      policy_yaml("  matchConditions: [{name: named, expression: \"object.metadata.name == 'c'\"}]\n"
                  "  validations: [{expression: 'false'}]"));
  EXPECT_FALSE(world.judge(kConfigMap).allowed);
  Verdict other = world.judge("{apiVersion: v1, kind: ConfigMap, metadata: {name: d, namespace: shop}}");
  EXPECT_TRUE(other.allowed);
  EXPECT_EQ(other.evaluated, 0U);
}

TEST(Policies, OneFalseConditionDecidesWhateverOthersErredAbout) {
  TestWorld world(
      policy_yaml("  matchConditions:\n"
                  "  - {name: errs, expression: \"object.nothing == 1\"}\n"
                  "  - {name: named, expression: \"object.metadata.name == 'd'\"}\n"
                  "  validations: [{expression: 'false'}]"));
  EXPECT_TRUE(world.judge(kConfigMap).allowed);
}

TEST(Policies, ActionsMakeWarningsAndAnnotations) {
  TestWorld world(
      policy_yaml("  validations: [{expression: \"1 < 0 && true\"}]\n"
                  "  auditAnnotations: [{key: name, valueExpression: \"string(object.metadata.name)\"},"
                  " {key: none, valueExpression: 'null'}]",
                  "validationActions: [Warn, Audit]"));
  Verdict verdict = world.judge(kConfigMap);
  EXPECT_TRUE(verdict.allowed);
  EXPECT_EQ(verdict.warnings,
            (std::vector<std::string>{"Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed "
                                      "expression: 1 < 0 && true"}));
  ASSERT_EQ(verdict.annotations.size(), 2U);
  EXPECT_EQ(verdict.annotations[0].second,
            "[{\"message\":\"failed expression: 1 \\u003c 0 \\u0026\\u0026 true\",\"policy\":\"p\",\"binding\":\"b\","
            "\"expressionIndex\":0,\"validationActions\":[\"Warn\",\"Audit\"]}]");
  EXPECT_EQ(verdict.annotations[1], (std::pair<std::string, std::string>("p/name", "c")));
}

TEST(Policies, FailurePolicyIgnoreLetsErrorsPassAndCountsThem) {
  TestWorld world(
      policy_yaml("  failurePolicy: Ignore\n"
                  "  validations: [{expression: \"object.data.b == '1'\"}, {expression: 'true'}]"));
  Verdict verdict = world.judge(kConfigMap);
  EXPECT_TRUE(verdict.allowed);
  EXPECT_EQ(verdict.ignored, 1U);
  EXPECT_EQ(verdict.evaluated, 1U);
}

TEST(Policies, NamespacesAreSelectedByTheirLabels) {
  std::string spec =
      "    namespaceSelector: {matchLabels: {tier: prod}}\n"
      "  validations: [{expression: \"namespaceObject.metadata.labels['kubernetes.io/metadata.name'] != 'shop'\"}]";
  TestWorld world(policy_yaml(spec) +
                  "---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {tier: prod}}}\n"
                  "---\n{apiVersion: v1, kind: Namespace, metadata: {name: dev}}\n");
  EXPECT_FALSE(world.judge(kConfigMap).allowed);
  EXPECT_EQ(world.judge("{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: dev}}").evaluated, 0U);
  EXPECT_EQ(message(world.judge("{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: gone}}")),
            "ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: namespaces \"gone\" not found");
}

TEST(Policies, AnUnknownNamespaceIsAnErrorOnlyWhereItIsAskedAbout) {
  TestWorld by_name(
      policy_yaml("    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}\n"
                  "  validations: [{expression: 'false'}]"));
  EXPECT_FALSE(by_name.judge(kConfigMap).allowed);
  TestWorld reads(rule_yaml("namespaceObject.metadata.name == 'shop'"));
  EXPECT_EQ(reads.judge(kConfigMap).findings.at(0).message,
            "expression 'namespaceObject.metadata.name == 'shop'' resulted in error: namespaces \"shop\" not found");
}

constexpr std::string_view kLimit = R"(
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: limit, namespace: policies, labels: {of: limits}}, data: {most: '0'}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: wide, namespace: policies, labels: {of: limits}}, data: {most: '9'}}
)";

std::string param_policy(const std::string& ref) {
  return policy_yaml(
             "  paramKind: {apiVersion: v1, kind: ConfigMap}\n"
             "  validations: [{expression: \"params == null || object.data.size() <= int(params.data.most)\"}]",
             "validationActions: [Deny]\n  paramRef: " + ref) +
         std::string(kLimit);
}

TEST(Policies, ParamsAreFoundByNameAndBySelector) {
  TestWorld by_name(param_policy("{name: limit, namespace: policies, parameterNotFoundAction: Deny}"));
  Verdict verdict = by_name.judge(kConfigMap);
  ASSERT_EQ(verdict.findings.size(), 1U);
  EXPECT_EQ(verdict.findings[0].param, "policies/limit");
  TestWorld selected(
      param_policy("{selector: {matchLabels: {of: limits}}, namespace: policies, parameterNotFoundAction: Deny}"));
  verdict = selected.judge(kConfigMap);
  EXPECT_EQ(verdict.evaluated, 2U);
  EXPECT_EQ(verdict.findings.size(), 1U);
}

TEST(Policies, ParamsThatAreNotThereDenyOrAllow) {
  TestWorld denies(param_policy("{name: none, namespace: policies, parameterNotFoundAction: Deny}"));
  EXPECT_EQ(message(denies.judge(kConfigMap)),
            "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed to configure binding: no params "
            "found for policy binding with `Deny` parameterNotFoundAction");
  TestWorld allows(param_policy("{name: none, namespace: policies, parameterNotFoundAction: Allow}"));
  Verdict verdict = allows.judge(kConfigMap);
  EXPECT_TRUE(verdict.allowed);
  EXPECT_EQ(verdict.evaluated, 0U);
}

TEST(Policies, WhatWasAddedFirstIsTheParam) {
  TestWorld world(param_policy("{name: wide, namespace: policies, parameterNotFoundAction: Deny}"));
  format::Value* twin =
      world.object("{apiVersion: v1, kind: ConfigMap, metadata: {name: wide, namespace: policies}, data: {most: '0'}}");
  world.facts.add(*twin);
  EXPECT_TRUE(world.judge(kConfigMap).allowed);
}

TEST(Policies, AnUnknownParamKindIsAFaultyPolicy) {
  TestWorld world(
      policy_yaml("  paramKind: {apiVersion: rules.example.com/v1, kind: Limit}\n"
                  "  validations: [{expression: 'true'}]",
                  "validationActions: [Deny]\n"
                  "  paramRef: {name: x, parameterNotFoundAction: Allow}"));
  EXPECT_EQ(message(world.judge(kConfigMap)),
            "ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource "
            "referenced by paramKind: 'rules.example.com/v1, Kind=Limit'");
}

constexpr std::string_view kWidgets = R"(
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Cluster
  versions: [{name: v1, served: true}, {name: v2, served: true}]
)";

std::string widget_policy(const std::string& more) {
  return R"(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [example.com], apiVersions: [v2], operations: [CREATE], resources: [widgets]}]
)" + more +
         R"(
  validations: [{expression: "object.apiVersion == 'example.com/v1'"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b}
spec: {policyName: p, validationActions: [Deny]}
)" + std::string(kWidgets);
}

TEST(Policies, MatchAnEquivalentVersionUnlessExact) {
  std::string widget = "{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}";
  TestWorld equivalent(widget_policy(""));
  EXPECT_FALSE(equivalent.judge(widget).allowed);  // seen as v2
  TestWorld exact(widget_policy("    matchPolicy: Exact"));
  EXPECT_EQ(exact.judge(widget).evaluated, 0U);
}

TEST(Policies, GovernPawlsOwnObjects) {
  TestWorld world(R"(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [pawl.dev], apiVersions: ['*'], operations: [CREATE], resources: [promotions]}]
  validations:
  - expression: "object.plan.changes.all(c, c.kind != 'Secret') || 'security' in request.userInfo.groups"
    messageExpression: "request.userInfo.username + ' may not change secrets'"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b}
spec: {policyName: p, validationActions: [Deny]}
)");
  Review review = world.review(
      "{apiVersion: pawl.dev/v1alpha1, kind: Promotion, metadata: {name: '7'}, plan: {changes: [{kind: Secret}]}}");
  review.user_info = world.object("{username: ada, groups: [sre]}");
  EXPECT_EQ(world.judge(review).findings.at(0).message, "ada may not change secrets");
  review.user_info = world.object("{username: ada, groups: [security]}");
  EXPECT_TRUE(world.judge(review).allowed);
}

TEST(Policies, AWildcardDoesNotMeanPawlsOwnObjects) {
  auto denies = [](const std::string& groups) {
    TestWorld world(
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: p}\n"
        "spec:\n  matchConstraints: {resourceRules: [{apiGroups: " +
        groups +
        ", apiVersions: ['*'], operations: ['*'], resources: ['*']}]}\n  validations: [{expression: 'false'}]\n"
        "---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\n"
        "metadata: {name: b}\nspec: {policyName: p, validationActions: [Deny]}\n");
    return std::pair(!world.judge("{apiVersion: pawl.dev/v1alpha1, kind: Bundle, metadata: {name: b}}").allowed,
                     !world.judge(kConfigMap).allowed);
  };
  EXPECT_EQ(denies("['*']"), std::pair(false, true));
  EXPECT_EQ(denies("[pawl.dev]"), std::pair(true, false));
}

TEST(Policies, AreNotAskedAboutPolicies) {
  TestWorld world(R"(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
  matchConstraints: {resourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*']}]}
  validations: [{expression: 'false'}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b}
spec: {policyName: p, validationActions: [Deny]}
)");
  EXPECT_TRUE(world
                  .judge("{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, "
                         "metadata: {name: q}}")
                  .allowed);
  EXPECT_FALSE(world.judge(kConfigMap).allowed);
}

TEST(Policies, SeveralThreadsShareOneSet) {
  TestWorld world(rule_yaml("object.data.a == '1' && request.operation == 'CREATE'"));
  Review review = world.review(kConfigMap);
  std::vector<std::thread> threads;
  std::vector<int> passed(4);
  for (int& count : passed)
    threads.emplace_back([&] {
      Evaluator evaluator(*world.policies, world.facts);
      for (int i = 0; i < 200; ++i) count += evaluator.evaluate(review).allowed ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(passed, std::vector<int>(4, 200));
}

// Rows of attacks. P1: nothing that was looked at is no pass.

Report report(TestWorld& world, const std::string& object) {
  std::vector<Review> reviews = {world.review(object)};
  return evaluate(*world.policies, world.facts, reviews);
}

TEST(Policies, P1_ASetWithoutRulesDoesNotPass) {
  TestWorld empty("{apiVersion: v1, kind: ConfigMap, metadata: {name: only-a-param}}");
  EXPECT_FALSE(report(empty, kConfigMap).passed());
}

TEST(Policies, P1_RulesThatMatchNothingDoNotPass) {
  TestWorld world(rule_yaml("true"));
  EXPECT_TRUE(report(world, kConfigMap).passed());
  EXPECT_FALSE(report(world, "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop}}").passed());
}

TEST(Policies, P1_OnlyIgnoredErrorsDoNotPass) {
  TestWorld world(policy_yaml("  failurePolicy: Ignore\n  validations: [{expression: \"object.data.b == '1'\"}]"));
  EXPECT_TRUE(world.judge(kConfigMap).allowed);
  EXPECT_FALSE(report(world, kConfigMap).passed());
}

TEST(Policies, P1_APolicyWithoutABindingIsNamedAndDoesNotPass) {
  std::string yaml = rule_yaml("false");
  TestWorld world(yaml.substr(0, yaml.find("---")));
  EXPECT_EQ(world.policies->unbound(), std::vector<std::string>{"p"});
  EXPECT_FALSE(report(world, kConfigMap).passed());
}

TEST(Policies, P1_ABindingOfAnUnknownPolicyIsRefused) {
  format::Arena arena;
  std::string yaml = policy_yaml("  validations: [{expression: 'false'}]");
  yaml.replace(yaml.find("policyName: p"), 13, "policyName: q");
  PolicyDocuments read = read_documents(format::parse_yaml(arena, yaml, {}).value()).value();
  Result<PolicySet> made = PolicySet::make(read.policies, read.bindings);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().diagnostics.at(0).summary,
            "ValidatingAdmissionPolicyBinding \"b\" binds a policy that is not there: \"q\"");
}

TEST(Policies, P1_AParamThatIsMissingDenies) {
  TestWorld world(param_policy("{name: none, namespace: policies, parameterNotFoundAction: Deny}"));
  EXPECT_FALSE(report(world, kConfigMap).passed());
}

// P2: what errs is a no.

void expect_error(const std::string& expression, const std::string& error) {
  TestWorld world(rule_yaml(expression));
  Verdict verdict = world.judge(kConfigMap);
  EXPECT_FALSE(verdict.allowed) << expression;
  EXPECT_EQ(verdict.findings.at(0).cause, Finding::Cause::kErred) << expression;
  EXPECT_EQ(verdict.findings.at(0).message, "expression '" + expression + "' resulted in error: " + error);
}

TEST(Policies, P2_OfExpressionsDeny) {
  expect_error("object.data.b == '1'", "no such key: b");
  expect_error("int(object.data.a) + 9223372036854775807 > 0", "integer overflow");
  expect_error("10 / (int(object.data.a) - 1) > 0", "division by zero");
  expect_error("object.data.a + 1 == 2", "no such overload");
  expect_error("object.spec.replicas > 1", "no such key: spec");
  expect_error("authorizer.group('').resource('pods').check('get').allowed()",
               "authorizer is not available: only an apiserver knows who may do what");
}

TEST(Policies, P2_OfConditionsDeny) {
  TestWorld world(
      policy_yaml("  matchConditions: [{name: errs, expression: \"object.data.b == '1'\"}]\n"
                  "  validations: [{expression: 'true'}]"));
  EXPECT_EQ(message(world.judge(kConfigMap)),
            "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: expression 'object.data.b == '1'' resulted "
            "in error: no such key: b");
}

TEST(Policies, P2_OfAuditAnnotationsDeny) {
  TestWorld world(policy_yaml("  auditAnnotations: [{key: b, valueExpression: \"string(object.data.b)\"}]",
                              "validationActions: [Audit]"));
  EXPECT_FALSE(world.judge(kConfigMap).allowed);
}

// P3: what would run for long is stopped, and is a no.

TEST(Policies, P3_EndInBoundedTime) {
  std::string many = "[0,1,2,3,4,5,6,7,8,9]";
  std::string nested = "true";
  for (char name : {'a', 'b', 'c', 'd', 'e', 'f', 'g'})
    nested = many + ".all(" + std::string(1, name) + ", " + nested + ")";
  TestWorld world(rule_yaml(nested));
  auto start = std::chrono::steady_clock::now();
  Verdict verdict = world.judge(kConfigMap);
  EXPECT_FALSE(verdict.allowed);
  EXPECT_NE(verdict.findings.at(0).message.find("operation cancelled: actual cost limit exceeded"), std::string::npos)
      << verdict.findings.at(0).message;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Policies, P3_APolicyHasABudgetOfItsOwn) {
  std::string many = "[0,1,2,3,4,5,6,7,8,9]";
  std::string nested = "true";
  for (char name : {'a', 'b', 'c', 'd', 'e'}) nested = many + ".all(" + std::string(1, name) + ", " + nested + ")";
  std::string validations = "  validations:\n";
  for (int i = 0; i < 40; ++i) validations += "  - expression: \"" + nested + "\"\n";
  TestWorld world(policy_yaml(validations));
  Verdict verdict = world.judge(kConfigMap);
  ASSERT_EQ(verdict.findings.size(), 1U);
  EXPECT_EQ(verdict.findings[0].message,
            "validation failed due to running out of cost budget, no further validation rules will be run");
}

TEST(Policies, P3_CatastrophicExpressionsCostNothing) {
  TestWorld world(rule_yaml("object.data.a.matches('(a*)*b')"));
  EXPECT_FALSE(world
                   .judge("{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {a: '" +
                          std::string(50'000, 'a') + "'}}")
                   .allowed);
}

}  // namespace
}  // namespace pawl::policy
