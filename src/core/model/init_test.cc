#include "core/model/init.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "core/model/test_project.h"

namespace pawl::model {

namespace {

using Files = std::map<std::string, std::string>;

const std::string kKustomization = "resources: [web.yaml]\n";
const std::string kManifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n";

Result<Guess> guess(const Files& files, std::string_view name = "shop") {
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : files) paths.push_back(path);
  return guess_project(
      paths,
      [&](const std::string& path) -> Result<std::string> {
        auto found = files.find(path);
        if (found == files.end()) return Error(ErrorCode::kNotFound, "there is no file " + path);
        return found->second;
      },
      name);
}

// The guess's environments, and its text when the text parses without an error.
std::string checked_text(const Result<Guess>& guessed) {
  if (!guessed) return "(refused) " + guessed.error().message;
  Result<Project> parsed = testing::parse_text(guessed->text);
  if (!parsed) return "(does not parse)\n" + render_diagnostics(parsed.error().diagnostics) + guessed->text;
  return guessed->text;
}

std::string order(const Result<Guess>& guessed) {
  std::string out;
  for (const EnvironmentName& name : guessed.value().environments) out += (out.empty() ? "" : " ") + name.str();
  return out;
}

std::filesystem::path shared() {
  const char* given = std::getenv("PAWL_SHARED");
  return given == nullptr ? "../shared" : given;
}

Files read_tree(const std::filesystem::path& root) {
  Files files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path()).rdbuf();
    files[std::filesystem::relative(entry.path(), root).string()] = bytes.str();
  }
  return files;
}

TEST(Init, OverlaysBecomeEnvironmentsInUsualOrder) {
  Files files = {{"deploy/base/kustomization.yaml", kKustomization},
                 {"deploy/overlays/production/kustomization.yaml", kKustomization},
                 {"deploy/overlays/dev/kustomization.yaml", kKustomization},
                 {"deploy/overlays/staging/kustomization.yaml", kKustomization}};
  EXPECT_EQ(checked_text(guess(files)),
            "apiVersion: pawl.dev/v1alpha1\n"
            "kind: Project\n"
            "metadata: { name: shop }\n"
            "spec:\n"
            "  layers:\n"
            "    - name: shop\n"
            "      kustomize: deploy/overlays/$(environment)\n"
            "\n"
            "  defaults:\n"
            "    target: { directory: live/$(environment) }\n"
            "\n"
            "  environments:\n"
            "    - name: dev\n"
            "    - name: staging\n"
            "      promotesFrom: [dev]\n"
            "    - name: production\n"
            "      promotesFrom: [staging]\n");
}

TEST(Init, UnknownNamesStandInFrontAndRegionsSideBySide) {
  Files files;
  for (const char* name : {"prod-us", "prod-eu", "staging", "zeta", "alpha"}) {
    files[std::string("envs/") + name + "/kustomization.yml"] = kKustomization;
  }
  Result<Guess> guessed = guess(files);
  EXPECT_EQ(order(guessed), "alpha zeta staging prod-eu prod-us");
  Result<Project> parsed = testing::parse_text(guessed->text);
  ASSERT_TRUE(parsed.ok()) << guessed->text;
  std::vector<EnvironmentName> staging = {EnvironmentName("staging")};
  EXPECT_EQ(parsed->configuration.find(EnvironmentName("prod-us"))->promotes_from, staging);
  EXPECT_EQ(parsed->configuration.find(EnvironmentName("prod-eu"))->promotes_from, staging);
}

TEST(Init, ComponentsBasesAndNamesThatAreNoLabelsAreNoEnvironments) {
  Files files = {{"k/overlays/dev/kustomization.yaml", kKustomization},
                 {"k/overlays/prod/kustomization.yaml", kKustomization},
                 {"k/overlays/base/kustomization.yaml", kKustomization},
                 {"k/overlays/Old_Prod/kustomization.yaml", kKustomization},
                 {"k/overlays/tls/kustomization.yaml", "kind: Component\n"}};
  EXPECT_EQ(order(guess(files)), "dev prod");
}

TEST(Init, SeveralFoldersWithTheSameOverlaysAreLayers) {
  Files files;
  for (const char* service : {"cart", "web"}) {
    for (const char* name : {"dev", "prod"}) {
      files[std::string("services/") + service + "/overlays/" + name + "/kustomization.yaml"] = kKustomization;
    }
  }
  files["other/overlays/qa/kustomization.yaml"] = kKustomization;
  files["other/overlays/lab/kustomization.yaml"] = kKustomization;
  Result<Guess> guessed = guess(files);
  Result<Project> parsed = testing::parse_text(checked_text(guessed));
  ASSERT_TRUE(parsed.ok()) << checked_text(guessed);
  ASSERT_EQ(parsed->content.layers.size(), 2u);
  EXPECT_EQ(parsed->content.layers[0].name.str(), "cart");
  EXPECT_EQ(parsed->content.layers[1].name.str(), "web");
  std::string reasons;
  for (const std::string& reason : guessed->reasons) reasons += reason + "\n";
  EXPECT_NE(reasons.find("Left out other/overlays"), std::string::npos) << reasons;
}

TEST(Init, ALoneKustomizationIsRenderedEverywhere) {
  Result<Guess> guessed = guess({{"kustomize/kustomization.yaml", kKustomization},
                                 {"kustomize/base/kustomization.yaml", kKustomization},
                                 {"a-component/kustomization.yaml", "kind: Component\n"}});
  EXPECT_NE(checked_text(guessed).find("      kustomize: kustomize\n"), std::string::npos) << checked_text(guessed);
  EXPECT_EQ(order(guessed), "dev staging production");
}

TEST(Init, PlainManifestsAreFoundByContentNotByName) {
  Result<Guess> guessed = guess({{"deploy/values.yaml", "replicas: 1\n"},
                                 {"chart/Chart.yaml", "apiVersion: v2\nkind: x\n"},
                                 {"chart/templates/a.yaml", kManifest},
                                 {"ops/k8s/web.yaml", kManifest},
                                 {".github/workflows/k8s/x.yaml", kManifest}});
  EXPECT_NE(checked_text(guessed).find("      manifests: ops/k8s\n"), std::string::npos) << checked_text(guessed);
}

TEST(Init, NothingToDeployIsNotFound) {
  Result<Guess> guessed = guess({{"README.md", "kind: none\n"}, {"src/main.cc", ""}});
  ASSERT_FALSE(guessed.ok());
  EXPECT_EQ(guessed.error().code, ErrorCode::kNotFound);
  EXPECT_NE(guessed.error().hint.find("pawl explain layers"), std::string::npos);
}

TEST(Init, NamesAreMadeFit) {
  EXPECT_EQ(fit_name("Acme Shop_2"), "acme-shop-2");
  EXPECT_EQ(fit_name("--x--"), "x");
  EXPECT_EQ(fit_name("\xE2\x82\xAC\n"), "project");
  EXPECT_TRUE(is_dns_label(fit_name(std::string(200, 'a') + "-")));
  // A name that YAML would read as a number stays a name.
  EXPECT_NE(checked_text(guess({{"k8s/web.yaml", kManifest}}, "42")).find("metadata: { name: \"42\" }"),
            std::string::npos);
}

TEST(Init, TheTargetAvoidsFoldersThatAreThere) {
  Result<Guess> guessed = guess({{"k8s/web.yaml", kManifest}, {"live/old.txt", ""}});
  EXPECT_NE(checked_text(guessed).find("directory: rendered/$(environment)"), std::string::npos)
      << checked_text(guessed);
}

TEST(InitAttack, X8_PathsThatWouldSteerTheFileAreLeftOut) {
  Files files = {{"a\n  evil: true/overlays/dev/kustomization.yaml", kKustomization},
                 {"a\n  evil: true/overlays/prod/kustomization.yaml", kKustomization},
                 {"../out/kustomization.yaml", kKustomization},
                 {"$(parameters.x)/kustomization.yaml", kKustomization},
                 {"it's: here/kustomization.yaml", kKustomization}};
  EXPECT_NE(checked_text(guess(files)).find("      kustomize: \"it's: here\"\n"), std::string::npos)
      << checked_text(guess(files));
}

struct RealInput {
  const char* folder;
  const char* layer;
  const char* environments;
};

class InitOnRealInput : public ::testing::TestWithParam<RealInput> {};

TEST_P(InitOnRealInput, GuessParses) {
  std::filesystem::path root = shared() / "inputs" / GetParam().folder;
  if (!std::filesystem::is_directory(root)) GTEST_SKIP() << root << " is not there";
  Result<Guess> guessed = guess(read_tree(root));
  EXPECT_NE(checked_text(guessed).find(GetParam().layer), std::string::npos) << checked_text(guessed);
  EXPECT_EQ(order(guessed), GetParam().environments);
  EXPECT_EQ(testing::warnings_of(guessed->text), "");
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, InitOnRealInput,
    ::testing::Values(
        RealInput{"podinfo/6.14.1", "kustomize: deploy/overlays/$(environment)\n", "dev staging production"},
        RealInput{"microservices-demo/v0.10.6", "kustomize: kustomize\n", "dev staging production"},
        RealInput{"flux2-kustomize-helm-example", "kustomize: apps/$(environment)\n", "staging production"},
        RealInput{"kube-prometheus/v0.18.0", "manifests: manifests\n", "dev staging production"}));

}  // namespace

}  // namespace pawl::model
