#include "core/model/project.h"

#include <gtest/gtest.h>

#include <random>

#include "core/model/test_project.h"
#include "format/json.h"
#include "format/yaml.h"

namespace pawl::model {

namespace {

using format::Arena;
using testing::parse_text;

// The example of the design.
constexpr const char* kPodinfo = R"(apiVersion: pawl.dev/v1alpha1
kind: Project
metadata: { name: podinfo }
spec:
  layers:                    # content: what the bytes are. Images are locked as the manifests write them.
    - kustomize: deploy/overlays/$(environment)
      split:                 # one rendering, three layers applied in this order; first match wins
        - { name: base, tier: infrastructure, select: { kind: [Namespace, ServiceAccount] } }
        - { name: data, tier: platform, select: { name: [cache, redis-config-*, database-*, backup-*, rollup-*] } }
        - { name: web, tier: application }

  defaults:                  # the base environment
    target: { directory: live/$(environment) }
    verification:
      - { name: smoke, command: [tests/smoke.sh], timeout: 2m }   # files named here enter the snapshot

  environments:
    - name: dev
    - name: staging
      promotesFrom: [dev]    # adds the gate: verified there, now
      gates:
        - soak: 30m
    - name: production
      purpose: serves customers
      promotesFrom: [staging]
      gates:
        - soak: 24h
        - approval: { count: 2, from: [sre] }   # whoever asked never counts
        - window: { schedule: "0 9 * * 1-5", duration: 7h, timeZone: Europe/Berlin }
      target:
        git: { url: "git@git.example.com:acme/live.git", branch: production }

  people: { ada: keys/ada.pub, grace: keys/grace.pub, alan: keys/alan.pub }
  groups: { sre: [ada, grace, alan] }
)";

std::string canonical(const Content& content) {
  Arena arena;
  return format::canonical_json(encode(content, arena)).value();
}
std::string canonical(const Configuration& configuration) {
  Arena arena;
  return format::canonical_json(encode(configuration, arena)).value();
}

// encode, to bytes and back, encode: the same bytes.
void expect_round_trip(const Project& project) {
  std::string content = canonical(project.content);
  format::Document read = format::parse_json_document(content).value();
  Result<Content> content_again = decode_content(read.root);
  ASSERT_TRUE(content_again.ok()) << content_again.error().text();
  EXPECT_EQ(canonical(*content_again), content);

  std::string configuration = canonical(project.configuration);
  read = format::parse_json_document(configuration).value();
  Result<Configuration> again = decode_configuration(read.root);
  ASSERT_TRUE(again.ok()) << again.error().text();
  EXPECT_EQ(canonical(*again), configuration);
  EXPECT_EQ(digest_of(*again), digest_of(project.configuration));
}

TEST(ParseProject, TheExampleOfTheDesign) {
  Result<Project> project = parse_text(kPodinfo);
  ASSERT_TRUE(project.ok()) << render_diagnostics(project.error().diagnostics);
  EXPECT_EQ(project->content.project.str(), "podinfo");
  ASSERT_EQ(project->content.layers.size(), 1u);
  const Layer& layer = project->content.layers[0];
  EXPECT_EQ(std::get<KustomizeInput>(layer.input).path, "deploy/overlays/$(environment)");
  ASSERT_EQ(layer.split.size(), 3u);
  EXPECT_EQ(layer.split[1].name.str(), "data");
  EXPECT_EQ(layer.split[1].tier, Tier::kPlatform);
  EXPECT_EQ(layer.split[1].select.names.size(), 5u);
  expect_round_trip(*project);
}

TEST(ParseProject, DefaultsMergeAndChoicesReplace) {
  Project project = parse_text(kPodinfo).value();
  const Environment& dev = *project.configuration.find(EnvironmentName("dev"));
  EXPECT_EQ(std::get<DirectoryTarget>(dev.target).path, "live/dev");
  ASSERT_EQ(dev.verification.size(), 1u);
  EXPECT_EQ(dev.verification[0].timeout, std::chrono::minutes(2));
  const Environment& production = *project.configuration.find(EnvironmentName("production"));
  EXPECT_EQ(std::get<GitTarget>(production.target).branch, "production");
  ASSERT_EQ(production.gates.size(), 3u);
  EXPECT_EQ(std::get<SoakGate>(production.gates[0]).time, std::chrono::hours(24));
  EXPECT_EQ(std::get<ApprovalGate>(production.gates[1]).count, 2u);
  EXPECT_EQ(std::get<WindowGate>(production.gates[2]).time_zone, "Europe/Berlin");
  EXPECT_EQ(production.verification, dev.verification);
}

TEST(ParseProject, UpstreamGateIsImplied) {
  Project project = parse_text(kPodinfo).value();
  std::vector<Gate> staging = effective_gates(*project.configuration.find(EnvironmentName("staging")));
  ASSERT_EQ(staging.size(), 2u);
  EXPECT_EQ(name_of(staging[0]), "upstream");
  EXPECT_TRUE(effective_gates(*project.configuration.find(EnvironmentName("dev"))).empty());
}

TEST(ParseProject, FilesOfKindEnvironmentAreEntries) {
  std::string one =
      testing::with_environments("    - name: dev\n    - { name: prod, promotesFrom: dev, labels: { a: b } }\n");
  std::string main = testing::with_environments("    - name: dev\n");
  std::string other =
      "apiVersion: pawl.dev/v1alpha1\nkind: Environment\nmetadata: { name: prod }\n"
      "spec:\n  promotesFrom: dev\n  labels: { a: b }\n";
  std::vector<ProjectFile> files = {{"pawl.yaml", main}, {"prod.yaml", other}};
  Result<Project> split = parse_project(files, testing::read_key);
  ASSERT_TRUE(split.ok()) << render_diagnostics(split.error().diagnostics);
  Project whole = parse_text(one).value();
  EXPECT_EQ(canonical(split->configuration), canonical(whole.configuration));
  EXPECT_EQ(canonical(split->content), canonical(whole.content));
}

TEST(ParseProject, ParametersReachTargets) {
  Result<Project> project = parse_text(testing::with_spec(
      "  layers: [{ name: web, manifests: deploy }]\n"
      "  parameters: { region: eu, git: { branch: main } }\n"
      "  defaults: { target: { git: { url: https://git.example.com/live.git, branch: $(parameters.git.branch), path: "
      "\"$(parameters.region)/$(environment)\" } } }\n"
      "  environments: [{ name: dev, parameters: { region: us } }, { name: prod, promotesFrom: dev }]\n"));
  ASSERT_TRUE(project.ok()) << render_diagnostics(project.error().diagnostics);
  EXPECT_EQ(std::get<GitTarget>(project->configuration.environments[0].target).path, "us/dev");
  EXPECT_EQ(std::get<GitTarget>(project->configuration.environments[1].target).path, "eu/prod");
  EXPECT_EQ(std::get<GitTarget>(project->configuration.environments[1].target).branch, "main");
}

TEST(ParseProject, ParametersOfDefaultsMergeWhateverTheirNames) {
  Project project =
      parse_text(testing::with_spec("  layers: [{ name: web, manifests: deploy }]\n"
                                    "  defaults: { target: { directory: live/$(environment) }, parameters: { target: { "
                                    "a: 1, b: 2 }, list: [1] } }\n"
                                    "  environments: [{ name: dev, parameters: { target: { b: 3 }, list: [2] } }]\n"))
          .value();
  EXPECT_EQ(format::canonical_json(project.content.environments[0].parameters).value(),
            R"({"list":[2],"target":{"a":1,"b":3}})");
}

TEST(ParseProject, LayoutDecidesNothing) {
  std::string block = testing::with_spec(
      "  layers:\n    - name: web\n      manifests: deploy\n      labels:\n        - pairs: { team: shop }\n"
      "  environments:\n    - name: dev\n      target:\n        directory: live/dev\n"
      "  sources:\n    b: { image: ghcr.io/acme/b, version: 1.x }\n    a: { image: ghcr.io/acme/a, version: 2.x }\n"
      "  people:\n    grace: keys/grace.pub\n    ada: { keys: keys/ada.pub }\n");
  std::string flow = testing::with_spec(
      "  people: { ada: [keys/ada.pub], grace: [keys/grace.pub] } # the same\n"
      "  sources: { a: { version: 2.x, image: ghcr.io/acme/a }, b: { version: 1.x, image: ghcr.io/acme/b } }\n"
      "  environments: [{ target: { directory: ./live/dev/ }, name: dev }]\n"
      "  layers: [{ labels: [{ pairs: { team: shop } }], manifests: deploy/, name: web }]\n");
  Result<Project> a = parse_text(block);
  Result<Project> b = parse_text(flow);
  ASSERT_TRUE(a.ok()) << render_diagnostics(a.error().diagnostics);
  ASSERT_TRUE(b.ok()) << render_diagnostics(b.error().diagnostics);
  EXPECT_EQ(canonical(a->content), canonical(b->content));
  EXPECT_EQ(digest_of(a->configuration), digest_of(b->configuration));
}

TEST(ParseProject, ChecksDecideTheDigestOfChecksAndNothingElseDoes) {
  auto checks = [](const std::string& environment) {
    Result<Project> project = parse_text(testing::with_environments("    - " + environment + "\n"));
    EXPECT_TRUE(project.ok()) << environment;
    return digest_of_checks(project.value().configuration.environments[0]);
  };
  auto plain = checks("{ name: dev, verification: [{ name: a, command: [x] }] }");
  EXPECT_EQ(plain, checks("{ name: dev, purpose: other, verification: [{ command: [x], name: a, timeout: 5m }] }"));
  EXPECT_NE(plain, checks("{ name: dev, verification: [{ name: a, command: [y] }] }"));
  EXPECT_NE(plain, checks("{ name: dev, verification: [{ name: a, command: [x], timeout: 6m }] }"));
  EXPECT_NE(plain, checks("{ name: dev }"));
}

// What comes from a store is not trusted to be what this program wrote.
TEST(DecodeContent, RefusesWhatIsNotContent) {
  Project project = parse_text(kPodinfo).value();
  std::string good = canonical(project.content);
  auto refused = [&](std::string_view what, std::string_view by) {
    std::string text = good;
    std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what << " in " << good;
    text.replace(at, what.size(), by);
    format::Document read = format::parse_json_document(text).value();
    Result<Content> decoded = decode_content(read.root);
    return decoded.ok() ? std::string("(taken)") : decoded.error().message;
  };
  EXPECT_EQ(refused("\"format\":\"1\"", "\"format\":\"2\""), "content of a format that is not known");
  EXPECT_EQ(refused("\"project\":\"podinfo\"", "\"project\":\"../x\""), "content with a project named \"../x\"");
  EXPECT_EQ(refused("\"name\":\"dev\"", "\"name\":\"../dev\""), "content with an environment named \"../dev\"");
  EXPECT_EQ(refused("\"name\":\"web\"", "\"name\":\"a/b\""), "content with a layer named \"a/b\"");
  EXPECT_EQ(refused("\"parameters\":null", "\"parameter\":null"), "content with an unknown field \"parameter\"");
  EXPECT_EQ(refused("\"input\":{\"kustomize\":", "\"input\":{\"exec\":"), "a layer of no known input");
  EXPECT_NE(refused("\"tier\":\"platform\"", "\"tier\":\"cellar\""), "(taken)");
}

TEST(DecodeConfiguration, RefusesWhatIsNoConfiguration) {
  Project project = parse_text(kPodinfo).value();
  std::string good = canonical(project.configuration);
  auto is_taken = [&](std::string_view what, std::string_view by) {
    std::string text = good;
    std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what << " in " << good;
    text.replace(at, what.size(), by);
    format::Document read = format::parse_json_document(text).value();
    return decode_configuration(read.root).ok();
  };
  EXPECT_TRUE(is_taken("\"purpose\":\"\"", "\"purpose\":\"x\""));
  EXPECT_FALSE(is_taken("\"purpose\":\"\"", "\"purpose\":1"));
  EXPECT_FALSE(is_taken("\"purpose\":\"\"", "\"porpoise\":\"\""));
  EXPECT_FALSE(is_taken("\"soak\":", "\"sleep\":"));
  EXPECT_FALSE(is_taken("\"directory\":", "\"cluster\":"));
  EXPECT_FALSE(is_taken("\"format\":\"1\"", "\"format\":\"2\""));
  EXPECT_FALSE(is_taken("\"name\":\"dev\"", "\"name\":\"../dev\""));
}

TEST(ParseProject, PipelineOrderPutsUpstreamsFirst) {
  Project project =
      parse_text(testing::with_environments(
                     "    - { name: prod, promotesFrom: [qa, staging] }\n    - { name: staging, promotesFrom: [dev] }\n"
                     "    - { name: qa, promotesFrom: [dev] }\n    - name: dev\n"))
          .value();
  std::string order;
  for (const Environment* environment : project.configuration.in_pipeline_order())
    order += environment->name.str() + " ";
  EXPECT_EQ(order, "dev qa staging prod ");
}

// Projects that are valid by construction, of every shape that the file knows.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::string project() {
    std::string out = testing::with_spec("  layers:\n");
    int layers = 1 + below(4);
    for (int i = 0; i < layers; ++i) out += layer(i);
    if (flip()) out += "  parameters: { replicas: 2, nested: { on: true, list: [1, 2.5, null, x] } }\n";
    if (flip())
      out += "  sources: { zed: { git: \"https://git.example.com/z.git\", " +
             pick({"branch: main", "tag: v1", "version: \"v1.*\""}) +
             " }, app: { image: ghcr.io/acme/app, version: \">=1 <2\" } }\n";
    out +=
        "  people: { ada: keys/ada.pub, alan: [keys/alan.pub, keys/alan2.pub], grace: { keys: keys/grace.pub, "
        "subjects: [\"https://id.example.com grace\"] }, eve: keys/eve.pub }\n";
    out += "  groups: { sre: [ada, alan, grace] }\n";
    if (flip()) out += "  trust: { release: keys/ci.pub }\n";
    out += "  allow: { apply: [" + pick({"sre", "ada"}) + "] }\n";
    out += "  defaults: { target: { directory: live/$(environment) }, labels: { team: shop } }\n  environments:\n";
    int environments = 1 + below(5);
    for (int i = 0; i < environments; ++i) out += environment(i);
    return out;
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint32_t>(n)); }
  bool flip() { return below(2) == 0; }
  std::string pick(std::vector<std::string> from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }

  std::string layer(int i) {
    std::string n = std::to_string(i);
    std::string out = "    - " + pick({"manifests: deploy/", "kustomize: overlays/$(environment)/",
                                       "helm: { chart: charts/web, releaseName: r"});
    out += out.find("helm") == std::string::npos ? n + "\n" : n + " }\n";
    if (below(3) == 0) {
      out += "      split: [{ name: a" + n +
             ", tier: platform, select: { kind: Namespace, name: [x, \"y*\"] } }, { name: b" + n + " }]\n";
    } else {
      out += "      name: a" + n + "\n";
      if (i > 0 && flip()) out += "      dependsOn: a0\n";
    }
    if (flip()) out += "      tier: " + pick({"infrastructure", "platform", "application"}) + "\n";
    if (flip())
      out +=
          "      replicas: [{ name: web, count: $(parameters.replicas) }]\n      images: [{ name: a, newTag: \"1.0\" "
          "}]\n";
    return out;
  }

  std::string environment(int i) {
    std::string n = std::to_string(i);
    std::string out = "    - name: e" + n + "\n";
    if (flip()) out += "      purpose: \"number " + n + ", \\u20ac\"\n";
    if (flip()) out += "      parameters: { replicas: " + n + " }\n";
    if (flip())
      out += "      verification: [{ name: smoke, command: [a, \"b c\"], timeout: " + pick({"90s", "1h30m", "500ms"}) +
             " }]\n";
    if (flip()) out += "      onFailure: rollback\n      rollbackObeys: [window]\n";
    if (flip())
      out += "      target: { git: { url: https://git.example.com/live.git, branch: b" + n + ", path: clusters/x } }\n";
    if (flip()) out += "      allow: { promote: [eve], rollback: sre }\n";
    out += "      gates:\n        - approval: { count: " + std::to_string(1 + below(3)) + ", from: sre }\n";
    if (i == 0) return out;
    out += "        - soak: " + pick({"30m", "24h", "7d"}) + "\n        - upstream: any\n";
    out +=
        "        - window: { schedule: \"*/5 9-17 * jan-mar mon,fri\", duration: 1h, deny: " + pick({"true", "false"}) +
        " }\n";
    return out + "      promotesFrom: [e" + std::to_string(below(i)) + "]\n";
  }

  std::mt19937 random_;
};

TEST(ParseProjectProperty, ValidProjectsRoundTrip) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::string text = Generator(seed).project();
    Result<Project> project = parse_text(text);
    ASSERT_TRUE(project.ok()) << "seed " << seed << "\n" << render_diagnostics(project.error().diagnostics) << text;
    expect_round_trip(*project);
    // What is read does not hang on where it stood: written out again by the YAML printer, keys sorted.
    format::Document tree =
        format::parse_yaml_document(text, {.schema = format::YamlSchema::kStrict12, .file = {}}).value();
    Result<Project> again = parse_text(format::render_yaml(tree.root));
    ASSERT_TRUE(again.ok()) << "seed " << seed << "\n" << render_diagnostics(again.error().diagnostics);
    EXPECT_EQ(canonical(again->content), canonical(project->content)) << "seed " << seed;
    EXPECT_EQ(digest_of(again->configuration), digest_of(project->configuration)) << "seed " << seed;
  }
}

// Any bytes give a project or errors that name places; never a crash.
TEST(ParseProjectProperty, DamagedFilesAreRefusedOrRead) {
  std::mt19937 random(7);
  for (int round = 0; round < 1500; ++round) {
    std::string text = kPodinfo;
    for (int i = 0; i < 3; ++i) {
      std::size_t at = random() % text.size();
      if (random() % 2 == 0)
        text[at] = static_cast<char>(" -:[]{}\n\"*&$0a"[random() % 14]);
      else
        text.erase(at, 1 + random() % 12);
    }
    Result<Project> project = parse_text(text);
    if (project.ok()) {
      expect_round_trip(*project);
    } else {
      ASSERT_FALSE(project.error().diagnostics.empty()) << text;
      for (const Diagnostic& d : project.error().diagnostics) EXPECT_NE(d.at.line, 0u) << d.summary << "\n" << text;
    }
  }
}

}  // namespace

}  // namespace pawl::model
