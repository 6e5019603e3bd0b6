#include "core/policy/coverage.h"

#include <gtest/gtest.h>

#include "core/policy/test_policies.h"

namespace pawl::policy {
namespace {

std::vector<std::string> lacks(const TestWorld& world, Coverage& coverage) {
  const Policy& policy = world.policies->bound().at(0).policy;
  CoverageSummary summary;
  summary.add(policy, coverage.of(policy));
  std::vector<std::string> found;
  for (const Untried& one : summary.untried) found.push_back(one.rule + " " + one.lack);
  EXPECT_EQ(summary.tried + found.size(), summary.rules);
  return found;
}

TEST(Coverage, SaysWhatEachRuleNeverSaid) {
  TestWorld world(
      policy_yaml("  matchConditions: [{name: big, expression: \"size(object.data) > 1\"}]\n"
                  "  validations:\n"
                  "  - expression: object.data.a == '1'\n"
                  "    messageExpression: \"'a is ' + object.data.a\"\n"
                  "  - expression: object.data.b != ''\n"));
  Coverage coverage;
  Evaluator evaluator(*world.policies, world.facts, &coverage);
  auto judge = [&](const std::string& data) {
    return evaluator.evaluate(
        world.review("{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: " + data + "}"));
  };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lacks(world, coverage),
            (Lines{"matchConditions[big] was never evaluated", "validations[0] was never evaluated",
                   "validations[0].messageExpression worded no refusal", "validations[1] was never evaluated"}));
  judge("{a: '1', b: x}");
  EXPECT_EQ(lacks(world, coverage),
            (Lines{"matchConditions[big] never said no", "validations[0] never said no",
                   "validations[0].messageExpression worded no refusal", "validations[1] never said no"}));
  judge("{a: '1'}");
  judge("{a: '2', b: x}");
  EXPECT_EQ(lacks(world, coverage), (Lines{"validations[1] never said no"}));
  judge("{a: '1', c: x}");  // an error is neither
  EXPECT_EQ(lacks(world, coverage), (Lines{"validations[1] never said no"}));
}

TEST(Coverage, OfNoRulesIsNone) { EXPECT_EQ(CoverageSummary().percent(), 0u); }

}  // namespace
}  // namespace pawl::policy
