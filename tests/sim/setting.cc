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

std::string gates(const Setting& setting, bool production) {
  std::string out;
  if (production && setting.any_upstream) out += "        - upstream: any\n";
  if (setting.soak) out += "        - soak: 10m\n";
  if (setting.approval) out += "        - approval: { count: 1, from: [ada, grace] }\n";
  return out.empty() ? "" : "      gates:\n" + out;
}

std::string people(const Setting& setting) {
  if (!setting.people) return "";
  std::string allow = setting.only_ada ? "  allow: { promote: [ada], apply: [ada] }\n" : "";
  return "  people: { ada: keys/ada.pub, grace: keys/grace.pub }\n" + allow;
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
         "    - name: dev\n"
         "    - { name: qa, promotesFrom: [dev] }\n"
         "    - name: staging\n      promotesFrom: [dev]\n" +
         gates(setting, false) +
         "    - name: production\n      promotesFrom: [staging, qa]\n      target: { directory: " + place + " }\n" +
         gates(setting, true) + people(setting);
}

}  // namespace

ports::FileTree files_of(const Setting& setting, const std::string& ada, const std::string& grace) {
  ports::FileTree files = {{"app/app.yaml", config_map("app", std::to_string(setting.app)), false},
                           {"app/deployment.yaml", deployment(), false},
                           {"keys/ada.pub", ada, false},
                           {"keys/grace.pub", grace, false},
                           {"pawl.yaml", project(setting), false}};
  if (setting.plain_secret) files.push_back({"app/secret.yaml", secret(), false});
  for (const std::string name : kEnvironments) {
    int value = name == "dev" ? setting.dev_only : name == "production" ? setting.production_only : 0;
    files.push_back({"base/" + name + "/base.yaml", config_map("base", std::to_string(value)), false});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace pawl::sim
