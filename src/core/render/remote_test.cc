#include "core/render/remote.h"

#include <gtest/gtest.h>

#include "core/render/printed.h"

namespace pawl::render {
namespace {

model::Source git(std::string name, model::GitSource from, std::string version = {}) {
  return {std::move(name), std::move(from), std::move(version), {}};
}

std::string folder(const std::vector<model::Source>& sources, std::string_view entry) {
  std::optional<RemoteBase> remote = parse_remote(entry);
  if (!remote) return "(not remote)";
  Result<std::optional<std::string>> found = folder_of_remote(sources, *remote);
  if (!found) return "error: " + found.error().message;
  return found->value_or("(no source)");
}

TEST(Remote, EveryWayToWriteARepositoryIsOne) {
  std::vector<model::Source> sources = {git("app", {"https://github.com/org/repo", "", "v1", "", ""})};
  for (const char* entry :
       {"https://github.com/org/repo//deploy/base?ref=v1", "github.com/org/repo/deploy/base?ref=v1",
        "https://GitHub.com/org/repo.git//deploy/base?ref=v1&timeout=90s",
        "git@github.com:org/repo.git//deploy/base?ref=v1", "ssh://git@github.com/org/repo.git/deploy/base?ref=v1",
        "git::https://github.com/org/repo//deploy/base", "https://github.com/org/repo/deploy/./base/?version=v1"}) {
    EXPECT_EQ(folder(sources, entry), ".sources/app/deploy/base") << entry;
  }
  EXPECT_EQ(folder(sources, "https://github.com/org/repo?ref=v1"), ".sources/app");
}

TEST(Remote, WhatIsAnotherRepositoryHasNoSource) {
  std::vector<model::Source> sources = {git("app", {"https://github.com/org/repo", "main", "", "", ""})};
  EXPECT_EQ(folder(sources, "https://github.com/org/repository//x?ref=main"), "(no source)");
  EXPECT_EQ(folder(sources, "https://gitlab.com/org/repo?ref=main"), "(no source)");
  EXPECT_EQ(folder(sources, "https://github.com:8443/org/repo?ref=main"), "(no source)");
  EXPECT_EQ(folder(sources, "../base"), "(not remote)");
  EXPECT_EQ(folder(sources, "base.yaml"), "(not remote)");
}

TEST(Remote, AnotherVersionThanTheSourcesIsRefusedUnlessTheSourceChooses) {
  std::vector<model::Source> fixed = {git("app", {"https://h.example/org/repo", "", "v1", "", ""})};
  EXPECT_EQ(folder(fixed, "https://h.example/org/repo//a?ref=v2"), "error: it asks for v2, and source app is v1");
  std::vector<model::Source> range = {git("app", {"https://h.example/org/repo", "", "", "", ""}, ">=1 <3")};
  EXPECT_EQ(folder(range, "https://h.example/org/repo//a?ref=v2"), ".sources/app/a");
}

TEST(Remote, OnlyWhatASourceHoldsOfItsRepository) {
  std::vector<model::Source> sources = {git("app", {"https://h.example/org/repo", "main", "", "", "deploy"})};
  EXPECT_EQ(folder(sources, "https://h.example/org/repo//deploy/base?ref=main"), ".sources/app/base");
  EXPECT_EQ(folder(sources, "https://h.example/org/repo//other?ref=main"),
            "error: it names \"other\", and source app holds deploy of that repository");
}

std::string built(const format::FileTree& tree, const std::string& folder, const std::vector<model::Source>& sources) {
  format::Arena arena;
  Files files = Files::of(tree);
  Result<std::vector<Resource>> resources = build_kustomization(arena, files, folder, sources);
  if (resources) return print(*resources).text;
  std::string out = resources.error().text();
  for (const Diagnostic& d : resources.error().diagnostics)
    out += "\n" + d.file + ":" + std::to_string(d.at.line) + ":" + std::to_string(d.at.column) + ": " + d.summary;
  return out;
}

TEST(Remote, ABaseOfALockedSourceIsABaseLikeAnyOther) {
  std::vector<model::Source> sources = {git("app", {"https://h.example/org/app", "", "v1", "", ""})};
  format::FileTree tree = {
      {".sources/app/base/kustomization.yaml", "resources: [../common]\n", false},
      {".sources/app/common/kustomization.yaml", "resources: [map.yaml]\n", false},
      {".sources/app/common/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n", false},
      {"dev/kustomization.yaml", "namePrefix: dev-\nresources: ['https://h.example/org/app//base?ref=v1']\n", false}};
  EXPECT_EQ(built(tree, "dev", sources), "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: dev-m\n");
  EXPECT_NE(built(tree, "dev", {}).find("dev/kustomization.yaml:2:13"), std::string::npos) << built(tree, "dev", {});
}

TEST(Remote, X4_ASourceReachesNothingOutsideOfItself) {
  std::vector<model::Source> sources = {git("app", {"https://h.example/org/app", "", "v1", "", ""})};
  format::FileTree tree = {{".sources/app/base/kustomization.yaml", "resources: [../../../secret]\n", false},
                           {"dev/kustomization.yaml", "resources: ['https://h.example/org/app//base?ref=v1']\n", false},
                           {"secret/kustomization.yaml", "resources: [map.yaml]\n", false},
                           {"secret/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n", false}};
  EXPECT_NE(built(tree, "dev", sources).find("leaves the source app"), std::string::npos);
}

}  // namespace
}  // namespace pawl::render
