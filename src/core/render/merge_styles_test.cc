#include <gtest/gtest.h>

#include "core/render/printed.h"

// What a merge or a replacement makes of a scalar depends in kustomize on the quotes of the one that stood there. Every
// expectation is what kustomize 5.8.2 prints.

namespace pawl::render {
namespace {

using format::FileTree;

Result<std::string> build(FileTree files) {
  std::sort(files.begin(), files.end());
  format::Arena arena;
  Files view = Files::of(files);
  PAWL_ASSIGN(std::vector<Resource> resources, build_kustomization(arena, view, "top"));
  return print(std::move(resources)).text;
}

std::string widget(const std::string& spec) {
  return "apiVersion: example.io/v1\nkind: Widget\nmetadata:\n  name: w\nspec:\n  " + spec + "\n";
}

// The line of `spec` that is left of `before` once each of the patches was merged into it.
std::string merged(const std::string& before, const std::vector<std::string>& patches) {
  std::string kustomization = "resources: [w.yaml]\npatches:\n";
  FileTree files = {{"top/w.yaml", widget(before), false}};
  for (std::size_t i = 0; i < patches.size(); ++i) {
    std::string name = "p" + std::to_string(i) + ".yaml";
    bool json = patches[i].starts_with('[');
    files.push_back({"top/" + name, json ? patches[i] : widget(patches[i]), false});
    kustomization += "- path: " + name + (json ? "\n  target: {kind: Widget}\n" : "\n");
  }
  files.push_back({"top/kustomization.yaml", kustomization, false});
  std::string text = build(files).value();
  std::size_t begin = text.find("spec:\n") + 8;
  return text.substr(begin, text.find('\n', begin) - begin);
}

TEST(MergeStyles, AValueTakesTheQuotesOfTheOneBefore) {
  EXPECT_EQ(merged("v: \"0\"", {"v: 1"}), "v: \"1\"");
  EXPECT_EQ(merged("v: 0", {"v: 1"}), "v: 1");
  EXPECT_EQ(merged("v: x", {"v: \"1\""}), "v: \"1\"");
}

TEST(MergeStyles, TextThatStoodInNoQuotesGivesNone) {
  EXPECT_EQ(merged("v: 1:30", {"v: \"~\"", "v: true"}), "v: true");
  EXPECT_EQ(merged("v: -0", {"v: '*star'", "v: 0o17"}), "v: 15");
}

TEST(MergeStyles, OldWordsGetQuotesWhereverAMergeComesBy) {
  EXPECT_EQ(merged("v: yes", {"v: 1"}), "v: 1");
  EXPECT_EQ(merged("v: yes", {"x: 1", "v: 1"}), "v: \"1\"");
  EXPECT_EQ(merged("x: 1", {"v: on", "v: 1", "x: null"}), "v: \"1\"");
}

TEST(MergeStyles, AJsonPatchPrintsTheObjectAndReadsItAgain) {
  std::string touch = "[{op: add, path: /metadata/labels, value: {l: m}}]";
  EXPECT_EQ(merged("v: '*star'", {touch, "v: 0o17"}), "v: \"0o17\"");
  EXPECT_EQ(merged("v: 'star'", {touch, "v: 0o17"}), "v: 15");
}

std::string config_map(const std::string& name, const std::string& rest) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n" + rest;
}

Result<std::string> replaced(const std::string& target, const std::string& path, const std::string& options = "") {
  std::string kustomization =
      "resources: [all.yaml]\nreplacements:\n- source: {kind: ConfigMap, name: s, fieldPath: data.v}\n"
      "  targets:\n  - select: {kind: ConfigMap, name: t}\n    fieldPaths: ['" +
      path + "']\n" + options;
  std::string all = config_map("t", target) + "---\n" + config_map("s", "data: {v: new}\n");
  PAWL_ASSIGN(std::string text,
              build({{"top/all.yaml", all, false}, {"top/kustomization.yaml", kustomization, false}}));
  return text.substr(text.find("name: s\n") + 8);
}

TEST(MergeStyles, AnAnnotationIsTextWhateverStoodThere) {
  EXPECT_NE(replaced("  annotations: {a: 12e03}\n", "metadata.annotations.a").value().find("a: new"),
            std::string::npos);
  EXPECT_FALSE(replaced("  labels: {a: 12e03}\n", "metadata.labels.a").ok());
}

TEST(MergeStyles, YamlInsideOfTextKeepsItsCommentsAndQuotes) {
  std::string text =
      replaced("data:\n  c.yaml: |\n    # above\n    a: old  # behind\n    b: [\"x\"]\n", "data.c\\.yaml.a").value();
  EXPECT_NE(text.find("  c.yaml: |-\n    # above\n    a: new # behind\n    b: [\"x\"]\n"), std::string::npos) << text;
}

TEST(MergeStyles, InsideOfTextOptionsSayNothing) {
  std::string options = "    options: {delimiter: /, index: 1}\n";
  std::string text = replaced("data:\n  c.yaml: |\n    a: 1/2/3\n", "data.c\\.yaml.a", options).value();
  EXPECT_NE(text.find("  c.yaml: 'a: new'\n"), std::string::npos) << text;
}

TEST(MergeStyles, ALabelInSeveralPlacesIsOneValue) {
  std::string deployment =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\n  labels: {own: a}\nspec:\n  selector: {}\n";
  std::string base = "resources: [d.yaml]\ncommonLabels: {app: base, own: b}\n";
  std::string labels = "resources: [../base]\nlabels:\n- pairs: {app: over, own: c}\n";
  std::string text = build({{"base/d.yaml", deployment, false},
                            {"base/kustomization.yaml", base, false},
                            {"top/kustomization.yaml", labels, false}})
                         .value();
  EXPECT_NE(text.find("matchLabels:\n      app: over\n      own: b\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  labels:\n    app: over\n    own: c\n"), std::string::npos) << text;
}

TEST(MergeStyles, APatchWithATargetMayNotGiveTwoObjectsOneName) {
  FileTree files = {{"top/a.yaml", config_map("a", "") + "---\n" + config_map("b", ""), false},
                    {"top/p.yaml", config_map("c", ""), false},
                    {"top/kustomization.yaml",
                     "resources: [a.yaml]\npatches:\n- path: p.yaml\n  target: {kind: ConfigMap}\n  options: "
                     "{allowNameChange: true}\n"
                     "- path: p.yaml\n  target: {kind: ConfigMap}\n",
                     false}};
  EXPECT_FALSE(build(files).ok());
}

TEST(MergeStyles, NoEmptyAnnotationsAreLeftWhereKustomizeHadItsOwn) {
  FileTree files = {{"base/a.yaml", config_map("a", ""), false},
                    {"base/kustomization.yaml", "namePrefix: x-\nresources: [a.yaml]\n", false},
                    {"top/p.yaml", config_map("a", "  annotations: {tier: ~}\ndata: {k: v}\n"), false},
                    {"top/kustomization.yaml", "resources: [../base]\npatches:\n- path: p.yaml\n", false}};
  EXPECT_EQ(build(files).value(), "apiVersion: v1\ndata:\n  k: v\nkind: ConfigMap\nmetadata:\n  name: x-a\n");
}

}  // namespace
}  // namespace pawl::render
