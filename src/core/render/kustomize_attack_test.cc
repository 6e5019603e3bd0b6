#include <gtest/gtest.h>

#include "base/diagnostic.h"
#include "core/render/printed.h"

// What a kustomization must not make Pawl do: read outside of its folder, fetch, run, or go on without an end.

namespace pawl::render {
namespace {

using format::FileTree;

constexpr std::string_view kObject = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\ndata:\n  k: v\n";

FileTree tree(std::vector<format::TreeFile> files) {
  std::sort(files.begin(), files.end());
  return files;
}

// The error of building "top", as text with its place and help.
std::string refusal(const FileTree& files) {
  format::Arena arena;
  Files view = Files::of(files);
  Result<std::vector<Resource>> built = build_kustomization(arena, view, "top");
  EXPECT_FALSE(built.ok());
  if (built) return "";
  return built.error().text() + "\n" + render_diagnostics(built.error().diagnostics) + built.error().hint;
}

std::string refusal_of(std::string kustomization) {
  return refusal(tree({{"other/secret.yaml", std::string(kObject), false},
                       {"secret.yaml", std::string(kObject), false},
                       {"top/kustomization.yaml", std::move(kustomization), false},
                       {"top/one.yaml", std::string(kObject), false}}));
}

void expect_has(const std::string& text, std::string_view part) {
  EXPECT_NE(text.find(part), std::string::npos) << "no \"" << part << "\" in: " << text;
}

TEST(KustomizeAttack, X4_FileAboveTheFolderIsRefusedWithItsPlaceAndTheWayOut) {
  std::string error = refusal_of("resources:\n- one.yaml\n- ../secret.yaml\n");
  expect_has(error, "top/kustomization.yaml:3:3");
  expect_has(error, "not in or below top");
  expect_has(error, "source");
}

TEST(KustomizeAttack, X4_PathOutOfTheProjectIsRefused) {
  expect_has(refusal_of("resources:\n- ../../../etc/passwd\n"), "leaves the project's folder");
  expect_has(refusal_of("resources:\n- /etc/passwd\n"), "leaves the project's folder");
}

TEST(KustomizeAttack, X4_EveryFieldThatReadsAFileStaysInTheFolder) {
  for (std::string field :
       {"configMapGenerator:\n- name: a\n  files: [../secret.yaml]\n",
        "configMapGenerator:\n- name: a\n  envs: [/etc/passwd]\n",
        "secretGenerator:\n- name: a\n  files: [k=../other/secret.yaml]\n", "patches:\n- path: ../secret.yaml\n",
        "patchesStrategicMerge: [../secret.yaml]\n", "configurations: [../secret.yaml]\n", "crds: [../secret.yaml]\n",
        "openapi: {path: ../secret.yaml}\n", "transformers: [../secret.yaml]\n",
        "replacements:\n- path: ../secret.yaml\n",
        "patchesJson6902:\n- target: {kind: ConfigMap, name: one}\n  path: ../secret.yaml\n"}) {
    std::string error = refusal_of("resources: [one.yaml]\n" + field);
    EXPECT_TRUE(error.find("not in or below") != std::string::npos ||
                error.find("leaves the project") != std::string::npos)
        << field << error;
  }
}

TEST(KustomizeAttack, X4_RemoteBasesAndFilesAreRefusedWithTheirPlace) {
  for (std::string remote :
       {"https://example.com/x.yaml", "github.com/org/repo//base?ref=v1", "git@example.com:org/repo.git",
        "ssh://git@example.com/org/repo", "git::https://example.com/org/repo", "file:///etc"}) {
    std::string error = refusal_of("resources:\n- " + remote + "\n");
    expect_has(error, "top/kustomization.yaml:2:3");
    expect_has(error, "sources");
  }
  expect_has(refusal_of("components:\n- https://example.com/org/repo\n"), "remote");
}

TEST(KustomizeAttack, X4_CirclesAreRefused) {
  expect_has(refusal_of("resources: [../top]\n"), "circle");
  expect_has(refusal_of("resources: [..]\n"), "circle");
  expect_has(refusal(tree({{"a/kustomization.yaml", "resources: [../top]\n", false},
                           {"top/kustomization.yaml", "resources: [../a]\n", false}})),
             "circle");
}

TEST(KustomizeAttack, X4_NothingIsRun) {
  std::string function =
      "apiVersion: v1\nkind: Fn\nmetadata:\n  name: f\n  annotations:\n    config.kubernetes.io/function: |\n"
      "      exec: {path: ./run.sh}\n";
  for (std::string field : {"transformers", "generators", "validators"}) {
    std::string error =
        refusal(tree({{"top/kustomization.yaml", field + ": [fn.yaml]\n", false}, {"top/fn.yaml", function, false}}));
    expect_has(error, "would run a program");
    expect_has(error, "source");
  }
}

TEST(KustomizeAttack, X4_ChartsAreNotInflated) {
  std::string error = refusal_of("helmCharts:\n- name: minecraft\n  repo: https://example.com\n");
  expect_has(error, "top/kustomization.yaml:1:1");
  expect_has(error, "helmCharts");
  std::string plugin =
      "generators:\n- |-\n  apiVersion: builtin\n  kind: HelmChartInflationGenerator\n  metadata: {name: x}\n";
  expect_has(refusal_of(plugin), "would run a program");
}

TEST(KustomizeAttack, X4_DeepFilesAndDeepBasesEndInAnError) {
  std::string deep = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\ndata: " + std::string(10'000, '[') +
                     std::string(10'000, ']') + "\n";
  expect_has(refusal(tree({{"top/kustomization.yaml", "resources: [d.yaml]\n", false}, {"top/d.yaml", deep, false}})),
             "deep");
  std::vector<format::TreeFile> chain = {{"top/kustomization.yaml", "resources: [../b0]\n", false}};
  for (int i = 0; i < 200; ++i) {
    std::string text = "resources: [../b" + std::to_string(i + 1) + "]\n";
    chain.push_back({"b" + std::to_string(i) + "/kustomization.yaml", std::move(text), false});
  }
  expect_has(refusal(tree(std::move(chain))), "deeper");
}

TEST(KustomizeAttack, X4_HugeNumbersAndEndlessDefinitionsEndInAnError) {
  expect_has(refusal_of("resources: [one.yaml]\nreplicas: [{name: one, count: 99999999999999999999}]\n"),
             "whole number");
  std::string crd = "A: {Schema: {properties: {kind: {}, apiVersion: {}, metadata: {}, spec: {$ref: A}}}}\n";
  std::string error = refusal(tree({{"top/kustomization.yaml", "resources: [one.yaml]\ncrds: [crd.yaml]\n", false},
                                    {"top/crd.yaml", crd, false},
                                    {"top/one.yaml", std::string(kObject), false}}));
  expect_has(error, "without an end");
}

TEST(KustomizeAttack, X4_AFileThatIsReallyElsewhereIsRefused) {
  FileTree tree_of = tree(
      {{"top/kustomization.yaml", "resources: [one.yaml]\nconfigMapGenerator:\n- { name: m, files: [two] }\n", false},
       {"top/one.yaml", std::string(kObject), false},
       {"top/two", "2", false}});
  for (const char* link : {"top/one.yaml", "top/two"}) {
    Files plain = Files::of(tree_of);
    Files linked(plain.reader(), plain.lister(), [&](const std::string& path) -> Result<std::string> {
      return path == link ? "elsewhere/secret" : path;
    });
    format::Arena arena;
    Result<std::vector<Resource>> built = build_kustomization(arena, linked, "top");
    ASSERT_FALSE(built.ok()) << link;
    EXPECT_NE(built.error().diagnostics.at(0).summary.find("a link to elsewhere/secret"), std::string::npos);
    EXPECT_TRUE(build_kustomization(arena, plain, "top").ok());
  }
}

TEST(KustomizeAttack, X4_ABaseBesideTheFolderIsAllowed) {
  format::Arena arena;
  FileTree files = tree({{"base/kustomization.yaml", "resources: [one.yaml]\n", false},
                         {"base/one.yaml", std::string(kObject), false},
                         {"top/kustomization.yaml", "namePrefix: p-\nresources: [../base]\n", false}});
  Files view = Files::of(files);
  Result<std::vector<Resource>> built = build_kustomization(arena, view, "top");
  ASSERT_TRUE(built.ok()) << built.error().text();
  EXPECT_EQ(print(*built).text, "apiVersion: v1\ndata:\n  k: v\nkind: ConfigMap\nmetadata:\n  name: p-one\n");
}

}  // namespace
}  // namespace pawl::render
