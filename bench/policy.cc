#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "core/policy/evaluate.h"
#include "core/policy/read.h"
#include "format/yaml.h"

// How long policies take to judge a bundle.
// usage: bench_policy generate COUNT           writes so many Deployments, some of which break a rule
//        bench_policy judge RULES OBJECTS      writes each denial as "NAME: MESSAGE"
//        bench_policy measure RULES OBJECTS    writes a row of figures, as JSON: the best of several rounds over what
//        is
//                                              loaded, reviews included

namespace {

using namespace pawl;
using namespace pawl::policy;  // NOLINT: the module that is measured

std::string container(const std::string& name, int number) {
  std::string image = "registry.example.com/app-" + std::to_string(number) + (number % 10 == 0 ? ":latest" : ":1.2.3");
  return "      - name: " + name + "\n        image: " + image +
         "\n        resources: {limits: {memory: 64Mi, cpu: 100m}}\n"
         "        readinessProbe: {httpGet: {path: /, port: 80}}\n"
         "        securityContext: {readOnlyRootFilesystem: true, privileged: " +
         (number % 17 == 0 ? "true" : "false") + "}\n        env: [{name: A, value: b}, {name: C, value: d}]\n";
}

std::string deployment(int number) {
  std::string name = "app-" + std::to_string(number);
  std::string labels = "{app.kubernetes.io/name: " + name + "}";
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " + name +
         "\n  namespace: shop\n  labels: {app.kubernetes.io/name: " + name +
         (number % 13 == 0 ? "" : ", team: checkout") + "}\nspec:\n  replicas: " + (number % 7 == 0 ? "1" : "3") +
         "\n  revisionHistoryLimit: 5\n  strategy: {type: RollingUpdate}\n  selector: {matchLabels: " + labels +
         "}\n  template:\n    metadata: {labels: " + labels +
         "}\n    spec:\n      securityContext: {runAsNonRoot: true}\n      containers:\n" + container("main", number) +
         container("side", number);
}

std::string text_of(const char* name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Bundle {
  format::Arena arena;
  PolicySet policies;
  Facts facts;
  std::vector<format::Value> objects;

  Bundle(const char* rules, const char* file)
      : policies(read(rules)), objects(format::parse_yaml(arena, text_of(file), {}).value()) {}

  PolicySet read(const char* rules) {
    PolicyDocuments made = read_documents(format::parse_yaml(arena, text_of(rules), {}).value()).value();
    return PolicySet::make(std::move(made.policies), std::move(made.bindings)).value();
  }

  Report judge() const {
    std::vector<Review> reviews;
    reviews.reserve(objects.size());
    for (const format::Value& object : objects)
      reviews.push_back(review_of(facts.resources().resource_of(kind_of(object)).value(), nullptr, &object));
    return evaluate(policies, facts, reviews);
  }
};

double milliseconds() { return static_cast<double>(std::clock()) * 1e3 / CLOCKS_PER_SEC; }

void write_denials(const Bundle& bundle) {
  Report report = bundle.judge();
  for (std::size_t i = 0; i < report.verdicts.size(); ++i)
    for (const Finding& finding : report.verdicts[i].findings)
      std::cout << bundle.objects[i].at_path({"metadata", "name"})->as_string() << ": " << finding.message << "\n";
}

void measure(const Bundle& bundle) {
  double least = 1e9;
  Report report;
  for (int round = 0; round < 9; ++round) {
    double start = milliseconds();
    report = bundle.judge();
    least = std::min(least, milliseconds() - start);
  }
  std::size_t rules = 0;
  for (const BoundPolicy& bound : bundle.policies.bound()) rules += bound.policy.validations.size();
  std::printf("{\"objects\": %zu, \"rules\": %zu, \"evaluated\": %zu, \"cpu_ms\": %.2f}\n", bundle.objects.size(),
              rules, report.evaluated, least);
}

}  // namespace

int main(int argc, char** argv) {
  std::string_view verb = argc > 1 ? argv[1] : "";
  if (verb == "generate" && argc == 3) {
    for (int i = 1; i <= std::atoi(argv[2]); ++i) std::cout << "---\n" << deployment(i);
    return 0;
  }
  if (argc != 4 || (verb != "judge" && verb != "measure")) return 2;
  Bundle bundle(argv[2], argv[3]);
  if (verb == "judge")
    write_denials(bundle);
  else
    measure(bundle);
}
