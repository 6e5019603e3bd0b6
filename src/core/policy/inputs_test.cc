#include <gtest/gtest.h>

#include <random>

#include "core/policy/test_policies.h"

namespace pawl::policy {
namespace {

// A random policy about ConfigMaps, bound with a param that must be there; what it says depends on the param, the
// namespace, variables and the object. Nothing that errs is ignored.
class RandomPolicies {
 public:
  explicit RandomPolicies(unsigned seed) : random_(seed) {}

  bool chance(int of) { return pick(of) == 0; }

  std::string policies() {
    std::string out;
    for (int i = 0; i <= pick(3); ++i) out += policy("p" + std::to_string(i)) + "---\n";
    return out;
  }
  std::string params(const std::string& name) {
    std::string data = chance(4) ? "other: x" : "most: '" + std::to_string(pick(5)) + "'";
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", namespace: rules}, data: {" + data +
           "}}\n";
  }
  std::string space() {
    std::string labels = chance(2) ? "labels: {tier: production}" : "labels: {}";
    return "{apiVersion: v1, kind: Namespace, metadata: {name: shop, " + labels + "}}\n";
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  std::string expression() {
    const std::vector<std::string> all = {
        "int(object.data.a) <= int(params.data.most)",
        "!has(params.data.most) || object.data.a != params.data.most",
        "namespaceObject.metadata.labels.exists(k, k == 'tier')",
        "!namespaceObject.metadata.labels.exists(k, k == 'tier') || variables.most > 1",
        "variables.most >= 0",
        "has(params.data.most) != has(params.data.other)",
        "object.data.a == '1'",
        "true",
    };
    return all[static_cast<std::size_t>(pick(static_cast<int>(all.size())))];
  }

  std::string policy(const std::string& name) {
    std::string rules;
    for (int i = 0; i <= pick(2); ++i) rules += "  - expression: \"" + expression() + "\"\n";
    std::string condition =
        chance(4) ? "  matchConditions: [{name: c, expression: \"has(params.data.most) || true\"}]\n" : "";
    return "apiVersion: admissionregistration.k8s.io/v1\n"
           "kind: ValidatingAdmissionPolicy\n"
           "metadata: {name: " +
           name +
           "}\n"
           "spec:\n"
           "  paramKind: {apiVersion: v1, kind: ConfigMap}\n"
           "  matchConstraints:\n"
           "    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: [configmaps]}]\n" +
           condition + "  variables: [{name: most, expression: \"int(params.data.most)\"}]\n  validations:\n" + rules +
           "---\n"
           "apiVersion: admissionregistration.k8s.io/v1\n"
           "kind: ValidatingAdmissionPolicyBinding\n"
           "metadata: {name: " +
           name +
           "}\n"
           "spec:\n"
           "  policyName: " +
           name +
           "\n"
           "  validationActions: [Deny]\n"
           "  paramRef: {name: " +
           (chance(2) ? "one" : "two") + ", namespace: rules, parameterNotFoundAction: Deny}\n";
  }

  std::mt19937 random_;
};

bool allows(const std::string& policies, const std::vector<std::string>& inputs) {
  std::string yaml = policies;
  for (const std::string& input : inputs) yaml += input + "---\n";
  TestWorld world(yaml);
  return world.judge(kConfigMap).allowed;
}

TEST(Policies, P1_TakingAnyInputAwayNeverMakesAYes) {
  int yes = 0;
  int no = 0;
  for (unsigned seed = 0; seed < 600; ++seed) {
    RandomPolicies random(seed);
    const std::string policies = random.policies();
    const std::vector<std::string> all = {random.params("one"), random.params("two"), random.space()};
    if (allows(policies, all)) {
      ++yes;
      continue;
    }
    ++no;
    for (std::size_t gone = 0; gone < all.size(); ++gone) {
      std::vector<std::string> less = all;
      less.erase(less.begin() + static_cast<std::ptrdiff_t>(gone));
      EXPECT_FALSE(allows(policies, less)) << "seed " << seed << " without " << all[gone] << policies;
    }
  }
  EXPECT_GT(yes, 50) << "a property of refusals alone would say little";
  EXPECT_GT(no, 50);
}

}  // namespace
}  // namespace pawl::policy
