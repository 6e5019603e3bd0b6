#include "tests/sim/setting.h"

#include <algorithm>

namespace pawl::sim {

namespace {

std::string config_map(const std::string& name, const std::string& value) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  value: \"" + value + "\"\n";
}

std::string deployment() {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\nspec:\n  template:\n    spec:\n"
         "      containers:\n        - name: app\n          image: " +
         std::string(kImage) + "\n";
}

std::string secret() {
  return "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  password: " + std::string(kSecret) + "\n";
}

// From 20 to 8, and not from 2 to 3.
constexpr const char* kNight =
    "        - window: { schedule: \"0 20 * * *\", duration: 12h }\n"
    "        - window: { schedule: \"0 2 * * *\", duration: 1h, deny: true }\n";

std::string gates(const Setting& setting, bool production) {
  std::string out;
  if (production && setting.window) out += kNight;
  if (production && setting.any_upstream) out += "        - upstream: any\n";
  if (setting.soak) out += "        - soak: 10m\n";
  if (setting.approval) out += "        - approval: { count: 1, from: [ada, grace] }\n";
  return out.empty() ? "" : "      gates:\n" + out;
}

std::string people(const Setting& setting) {
  if (!setting.people) return "";
  std::string allow = setting.only_ada ? "  allow: { promote: [ada], apply: [ada] }\n" : "";
  std::string exceptions = setting.exceptions ? "  exceptions: { count: 1, from: [grace, ada], longest: 7d }\n" : "";
  return "  people: { ada: keys/ada.pub, grace: keys/grace.pub }\n" + allow + exceptions;
}

std::string policy(const std::string& name, const std::string& group, const std::string& resource,
                   const std::string& expression) {
  return "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: { name: " + name +
         " }\nspec:\n  matchConstraints:\n    resourceRules: [{ apiGroups: ['" + group +
         "'], apiVersions: ['*'], operations: ['*'], resources: [" + resource +
         "] }]\n  validations:\n    - expression: \"" + expression +
         "\"\n---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: { "
         "name: " +
         name + ", annotations: { pawl.dev/environments: " + kGuarded + "=yes } }\nspec: { policyName: " + name +
         ", validationActions: [Deny] }\n---\n";
}

std::string policies(const Setting& setting) {
  std::string value = "object.metadata.name != 'app' || int(object.data.value) ";
  value += setting.broken ? std::string(kBrokenRule) : setting.strict ? std::string(kStrictRule) : ">= 0";
  std::string out = policy(kValuePolicy, "", "configmaps", value);
  if (!setting.budget) return out;
  std::string budget =
      "!has(object.from) || !has(object.plan.changes) || object.plan.changes." + std::string(kBudgetRule);
  return out + policy(kBudgetPolicy, "pawl.dev", "promotions", budget);
}

std::string project(const Setting& setting) {
  std::string load = setting.load_check ? "      - { name: load, command: [\"true\"] }\n" : "";
  std::string back = setting.rollback_on_failure ? "    onFailure: rollback\n" : "";
  std::string place = setting.moved_target ? "elsewhere/production" : "live/production";
  return "apiVersion: pawl.dev/v1alpha1\nkind: Project\nmetadata: { name: sim }\nspec:\n"
         "  layers:\n"
         "    - { name: base, tier: infrastructure, manifests: base/$(environment) }\n"
         "    - { name: app, manifests: app, dependsOn: [base] }\n"
         "  defaults:\n"
         "    target: { directory: live/$(environment) }\n" +
         back + "    verification:\n      - { name: smoke, command: [\"true\"] }\n" + load +
         "  environments:\n"
         "    - { name: dev, labels: { guarded: \"yes\" } }\n"
         "    - { name: qa, promotesFrom: [dev] }\n"
         "    - name: staging\n      promotesFrom: [dev]\n" +
         gates(setting, false) +
         "    - name: production\n      promotesFrom: [staging, qa]\n      labels: { guarded: \"yes\" }\n"
         "      target: { directory: " +
         place + " }\n" + gates(setting, true) + people(setting) +
         (setting.policies ? "  policySources: { own: { files: policies } }\n" : "");
}

}  // namespace

ports::FileTree files_of(const Setting& setting, const std::string& ada, const std::string& grace) {
  ports::FileTree files = {{"app/app.yaml", config_map("app", std::to_string(setting.app)), false},
                           {"app/deployment.yaml", deployment(), false},
                           {"keys/ada.pub", ada, false},
                           {"keys/grace.pub", grace, false},
                           {"pawl.yaml", project(setting), false}};
  if (setting.policies) files.push_back({"policies/rules.yaml", policies(setting), false});
  if (setting.plain_secret) files.push_back({"app/secret.yaml", secret(), false});
  for (const std::string name : kEnvironments) {
    int value = name == "dev" ? setting.dev_only : name == "production" ? setting.production_only : 0;
    files.push_back({"base/" + name + "/base.yaml", config_map("base", std::to_string(value)), false});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace pawl::sim
