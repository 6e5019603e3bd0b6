#include "core/policy/read.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/policy/test_policies.h"

namespace pawl::policy {
namespace {

std::vector<std::string> faults(const std::string& yaml) {
  format::Arena arena;
  std::vector<format::Value> documents = format::parse_yaml(arena, yaml, {}).value();
  Result<PolicyDocuments> made = read_documents(documents, {"policy.yaml", yaml, nullptr});
  std::vector<std::string> found;
  if (!made)
    for (const Diagnostic& diagnostic : made.error().diagnostics) found.push_back(diagnostic.summary);
  std::ranges::sort(found);
  return found;
}

Diagnostic fault_with(const Error& error, std::string_view summary) {
  for (const Diagnostic& diagnostic : error.diagnostics)
    if (diagnostic.summary == summary) return diagnostic;
  return {};
}

using Texts = std::vector<std::string>;

Texts sorted(Texts texts) {
  std::ranges::sort(texts);
  return texts;
}

TEST(ReadPolicy, AppliesTheApiserversDefaults) {
  format::Arena arena;
  PolicyDocuments made = read_documents(format::parse_yaml(arena, rule_yaml("true"), {}).value()).value();
  ASSERT_EQ(made.policies.size(), 1U);
  EXPECT_EQ(made.policies[0].failure_policy, FailurePolicy::kFail);
  EXPECT_TRUE(made.policies[0].constraints.equivalent);
  EXPECT_EQ(made.bindings.at(0).policy, "p");
}

TEST(ReadPolicy, ReadsListsAndLeavesOtherObjectsAlone) {
  format::Arena arena;
  std::string yaml = "apiVersion: v1\nkind: List\nitems:\n- " + kConfigMap + "\n- " + kConfigMap + "\n";
  PolicyDocuments made = read_documents(format::parse_yaml(arena, yaml, {}).value()).value();
  EXPECT_EQ(made.others.size(), 2U);
}

TEST(ReadPolicy, SaysWhatIsWrongWithNumbersThatJsonHasNot) {
  Texts found = faults(
      "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\n"
      "metadata: {name: b}\nspec: {policyName: p, validationActions: [Deny, Warn, .nan]}\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].substr(0, 51), "spec.validationActions: Invalid value: a list: must");
}

TEST(ReadPolicy, GivesEveryErrorAtOnceInTheApiserversWords) {
  EXPECT_EQ(faults(policy_yaml("  failurePolicy: fail\n"
                               "  variables: [{name: in, expression: '1'}]\n"
                               "  validations:\n"
                               "  - {expression: 'object.spec.x'}\n"
                               "  - {expression: 'nothing', reason: Because, message: ' '}\n"
                               "  - {expression: ' '}\n")),
            sorted({
                "spec.failurePolicy: Unsupported value: \"fail\": supported values: \"Fail\", \"Ignore\"",
                "spec.variables[0].name: Invalid value: \"in\": must be a valid CEL identifier",
                "spec.validations[0].expression: Invalid value: \"object.spec.x\": must evaluate to bool but got dyn",
                "spec.validations[1].expression: Invalid value: \"nothing\": compilation failed: ERROR: <input>:1:1: "
                "undeclared reference to 'nothing' (in container '')",
                "spec.validations[1].message: Invalid value: \" \": must be non-empty if specified",
                "spec.validations[1].reason: Unsupported value: \"Because\": supported values: \"Forbidden\", "
                "\"Invalid\", \"RequestEntityTooLarge\"",
                "spec.validations[2].expression: Required value: expression is not specified",
            }));
}

TEST(ReadPolicy, UnknownFieldsAreErrorsWithASuggestion) {
  std::string yaml = policy_yaml("  validation: [{expression: 'true'}]\n  validations: [{expresion: 'true'}]");
  format::Arena arena;
  Result<PolicyDocuments> made =
      read_documents(format::parse_yaml(arena, yaml, {}).value(), {"policy.yaml", yaml, nullptr});
  ASSERT_FALSE(made);
  Diagnostic of_spec = fault_with(made.error(), "unknown field \"spec.validation\"");
  EXPECT_EQ(of_spec.suggestion, "did you mean \"validations\"?");
  EXPECT_EQ(of_spec.file, "policy.yaml");
  EXPECT_EQ(of_spec.at, (Position{7, 3}));
  EXPECT_EQ(fault_with(made.error(), "unknown field \"spec.validations[0].expresion\"").suggestion,
            "did you mean \"expression\"?");
}

TEST(ReadPolicy, WhatOnlyOneKindOfExpressionMayReadIsHeeded) {
  Texts found =
      faults(policy_yaml("  variables: [{name: one, expression: 'variables.two'}, {name: two, expression: '2'}]\n"
                         "  matchConditions: [{name: c, expression: 'variables.two == 2'}]\n"
                         "  validations:\n"
                         "  - expression: \"params == null\"\n"
                         "  - expression: \"variables.two == 2\"\n"
                         "    messageExpression: \"string(authorizer == null)\"\n"));
  ASSERT_EQ(found.size(), 4U);
  EXPECT_NE(found[0].find("undeclared reference to 'variables'"), std::string::npos) << found[0];
  EXPECT_NE(found[1].find("undeclared reference to 'params'"), std::string::npos) << found[1];
  EXPECT_NE(found[2].find("undeclared reference to 'authorizer'"), std::string::npos) << found[2];
  EXPECT_NE(found[3].find("undefined field 'two'"), std::string::npos) << found[3];
}

TEST(ReadPolicy, APolicyWithoutRulesIsRefused) {
  EXPECT_EQ(faults(policy_yaml("  failurePolicy: Fail")),
            sorted({"spec.validations: Required value: validations or auditAnnotations must contain at least one item",
                    "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one "
                    "item"}));
}

TEST(ReadPolicy, RulesAreChecked) {
  EXPECT_EQ(faults(policy_yaml("    excludeResourceRules:\n"
                               "    - {apiGroups: ['*', apps], apiVersions: [v1], operations: [CREATED],"
                               " resources: ['*', pods], scope: Cluste, resourceNames: [a/b]}\n"
                               "  validations: [{expression: 'true'}]")),
            sorted({
                "spec.matchConstraints.excludeResourceRules[0].resourceNames[0]: Invalid value: \"a/b\": may not "
                "contain '/'",
                "spec.matchConstraints.excludeResourceRules[0].operations[0]: Unsupported value: \"CREATED\": "
                "supported values: \"*\", \"CONNECT\", \"CREATE\", \"DELETE\", \"UPDATE\"",
                "spec.matchConstraints.excludeResourceRules[0].apiGroups: Invalid value: [\"*\",\"apps\"]: if '*' is "
                "present, must not specify other API groups",
                "spec.matchConstraints.excludeResourceRules[0].resources: Invalid value: [\"*\",\"pods\"]: if '*' is "
                "present, must not specify other resources without subresources",
                "spec.matchConstraints.excludeResourceRules[0].scope: Unsupported value: \"Cluste\": supported values: "
                "\"*\", \"Cluster\", \"Namespaced\"",
            }));
}

TEST(ReadPolicy, NamesThatAreTooLongAreCountedInCharacters) {
  std::string label(64, 'k');
  std::string selector = "    objectSelector: {matchLabels: {" + label + ": v}}\n  validations: [{expression: 'true'}]";
  EXPECT_EQ(faults(policy_yaml(selector)),
            sorted({"spec.matchConstraints.objectSelector.matchLabels: Invalid value: \"" + label +
                    "\": name part must be no more than 63 characters"}));
}

TEST(ReadBinding, IsCheckedLikeAPolicy) {
  EXPECT_EQ(faults(policy_yaml("  validations: [{expression: 'true'}]",
                               "validationActions: [Deny, Warn, Deny, Refuse]\n"
                               "  paramRef: {name: a, selector: {}}")),
            sorted({
                "spec.paramRef.name: Forbidden: name and selector are mutually exclusive",
                "spec.paramRef.selector: Forbidden: name and selector are mutually exclusive",
                "spec.paramRef.parameterNotFoundAction: Required value",
                "spec.validationActions[2]: Duplicate value: \"Deny\"",
                "spec.validationActions[3]: Unsupported value: \"Refuse\": supported values: \"Audit\", \"Deny\", "
                "\"Warn\"",
                "spec.validationActions: Invalid value: [\"Deny\",\"Warn\",\"Deny\",\"Refuse\"]: must not contain both "
                "Deny and Warn (repeating the same validation failure information in the API response and headers "
                "serves no purpose)",
            }));
}

TEST(ReadPolicy, OldVersionsAreNamed) {
  std::string yaml = rule_yaml("true");
  for (std::size_t at = yaml.find("/v1\n"); at != std::string::npos; at = yaml.find("/v1\n", at + 1))
    yaml.replace(at, 4, "/v1alpha1\n");
  EXPECT_EQ(faults(yaml).at(0), "no version \"v1alpha1\" of ValidatingAdmissionPolicy");
}

TEST(Resources, KnowBuiltinAndDefinedKinds) {
  Resources resources;
  ResourceOf role = resources.resource_of({"rbac.authorization.k8s.io", "v1", "ClusterRole"}).value();
  EXPECT_EQ(role.resource.plural, "clusterroles");
  EXPECT_FALSE(role.namespaced);
  Result<ResourceOf> unknown = resources.resource_of({"example.com", "v1", "Widget"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "no resource is known for example.com/v1, Kind=Widget");
  EXPECT_EQ(guess({"example.com", "v1", "Policy"}, true).resource.plural, "policies");
  EXPECT_EQ(resources.equivalents({"autoscaling", "v1", "horizontalpodautoscalers"}).size(), 1U);
  EXPECT_EQ(resources.equivalents({"", "v1", "events"}).size(), 1U);
  EXPECT_TRUE(resources.equivalents({"apps", "v1", "deployments"}).empty());
}

TEST(LabelSelectors, MeanWhatKubernetesMeans) {
  format::Arena arena;
  format::Value labels = format::parse_yaml(arena, "{a: '1', b: ''}", {}).value().at(0);
  auto holds = [&](std::string key, Requirement::Operator op, std::vector<std::string> values) {
    return matches({{{std::move(key), op, std::move(values)}}}, &labels);
  };
  using Operator = Requirement::Operator;
  EXPECT_TRUE(holds("a", Operator::kIn, {"0", "1"}));
  EXPECT_FALSE(holds("c", Operator::kIn, {"1"}));
  EXPECT_TRUE(holds("c", Operator::kNotIn, {"1"}));
  EXPECT_FALSE(holds("a", Operator::kNotIn, {"1"}));
  EXPECT_TRUE(holds("b", Operator::kExists, {}));
  EXPECT_TRUE(holds("c", Operator::kDoesNotExist, {}));
  EXPECT_TRUE(matches({}, nullptr));
}

}  // namespace
}  // namespace pawl::policy
