// What a chart may not reach, tried with the real programs.

#include "core/render/helm_layer.h"
#include "tests/helm/programs.h"

namespace pawl::testing_helm {

namespace {

using ports::Surroundings;

class Sandbox : public WithHelm {
 protected:
  static model::ChartRequest request(const std::string& chart_template) {
    return {.chart = "charts/web",
            .files = {{"Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n", false},
                      {"templates/a.yaml", chart_template, false}},
            .release = "web",
            .space = "default",
            .kube_version = "v1.31.0"};
  }

  static std::string config_map(const std::string& value) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { x: {{ " + value + " | quote }} }\n";
  }

  std::string inflate(const model::ChartRequest& wanted, Surroundings surroundings = Surroundings::kPlain) {
    Result<std::string> output = helm::make_charts(config())->inflate({}, wanted, surroundings);
    return output ? *output : output.error().text() + render_diagnostics(output.error().diagnostics);
  }
};

TEST_P(Sandbox, SaysWhichProgramItIs) {
  auto charts = helm::make_charts(config());
  Result<ports::ChartProgram> found = charts->program({});
  ASSERT_TRUE(found.ok()) << found.error().text();
  EXPECT_TRUE(found->platform.starts_with("linux/"));
  Result<std::string> version = charts->version({});
  ASSERT_TRUE(version.ok()) << version.error().text();
  EXPECT_TRUE(version->starts_with("v" + GetParam() + ".")) << *version;
  EXPECT_EQ(charts->sandbox(), "namespaces");
  EXPECT_EQ(helm::make_charts(config(helm::Sandbox::kNone))->sandbox(), "none");
}

TEST_P(Sandbox, TheClusterIsWhatTheRequestSays) {
  std::string output = inflate(request(config_map(".Capabilities.KubeVersion.Version")));
  EXPECT_NE(output.find("x: \"v1.31.0\""), std::string::npos) << output;
  model::ChartRequest with_api = request(config_map(".Capabilities.APIVersions.Has \"shop.example.com/v1\""));
  EXPECT_NE(inflate(with_api).find("x: \"false\""), std::string::npos);
  with_api.api_versions = {"shop.example.com/v1"};
  EXPECT_NE(inflate(with_api).find("x: \"true\""), std::string::npos);
}

TEST_P(Sandbox, OtherSurroundingsAreAnotherZoneAtAnotherSecond) {
  model::ChartRequest zone = request(config_map("now | date \"-0700\""));
  EXPECT_NE(inflate(zone).find("x: \"+0000\""), std::string::npos) << inflate(zone);
  EXPECT_NE(inflate(zone, Surroundings::kOther).find("x: \"+1400\""), std::string::npos)
      << inflate(zone, Surroundings::kOther);
  model::ChartRequest second = request(config_map("now | unixEpoch"));
  std::string first = inflate(second);
  EXPECT_NE(first, inflate(second, Surroundings::kOther));
  model::ChartRequest plain = request(config_map(".Release.Name"));
  EXPECT_EQ(inflate(plain), inflate(plain, Surroundings::kOther));
}

TEST_P(Sandbox, MistakesNameThePlaceInTheChart) {
  std::string said = inflate(request("a: 1\nb: {{ fail \"no\" }}\n"));
  EXPECT_NE(said.find("charts/web/templates/a.yaml:2:7: error: no"), std::string::npos) << said;
  said = inflate(request("a: 1\nb: {{ .Values.x.y }}\n"));
  EXPECT_NE(said.find("charts/web/templates/a.yaml:2:"), std::string::npos) << said;
}

TEST_P(Sandbox, NoHooksAndNoCrdsOnRequest) {
  model::ChartRequest both =
      request("apiVersion: v1\nkind: Pod\nmetadata: { name: hook, annotations: { helm.sh/hook: pre-install } }\n");
  both.files.insert(both.files.begin() + 1,
                    {"crds/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: crd }\n", false});
  EXPECT_NE(inflate(both).find("name: hook"), std::string::npos);
  EXPECT_NE(inflate(both).find("name: crd"), std::string::npos);
  both.crds = both.hooks = false;
  EXPECT_EQ(inflate(both).find("name: hook"), std::string::npos);
  EXPECT_EQ(inflate(both).find("name: crd"), std::string::npos);
}

TEST_P(Sandbox, X5_NothingOfTheMachineIsSeen) {
  EXPECT_NE(inflate(request(config_map(".Files.Get \"../../../../etc/passwd\""))).find("x: \"\""), std::string::npos);
  EXPECT_NE(inflate(request(config_map("getHostByName \"localhost\""))).find("x: \"\""), std::string::npos);
  EXPECT_NE(inflate(request(config_map("lookup \"v1\" \"Secret\" \"default\" \"a\" | len"))).find("x: \"0\""),
            std::string::npos);
  for (const char* function : {"env \"HOME\"", "expandenv \"$HOME\""})
    EXPECT_NE(inflate(request(config_map(function))).find("not defined"), std::string::npos);
}

// The layer refuses these before helm runs; here the program has them.
TEST_P(Sandbox, X5_SchemasCannotReadFilesOrAskServers) {
  for (const char* target : {"file:///etc/passwd", "file:///proc/self/environ", "http://169.254.169.254/latest"}) {
    model::ChartRequest wanted = request(config_map("1"));
    wanted.files.push_back({"values.schema.json", std::string("{\"$ref\":\"") + target + "\"}", false});
    wanted.files.push_back({"values.yaml", "a: 1\n", false});
    Result<std::string> output = helm::make_charts(config())->inflate({}, wanted, Surroundings::kPlain);
    ASSERT_FALSE(output.ok()) << target;
    EXPECT_EQ(output.error().text().find("root:"), std::string::npos) << output.error().text();
  }
}

TEST_P(Sandbox, X5_LoopsAndBombsEndWithinBounds) {
  helm::Config bounded = config();
  bounded.timeout = std::chrono::seconds(20);
  bounded.max_output = 1u << 20;
  bounded.max_memory = 5ull << 29;
  auto charts = helm::make_charts(bounded);
  const std::string chart_templates[] = {
      "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
      "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
      "{{ define \"a\" }}{{ tpl \"{{ include \\\"a\\\" . }}\" . }}{{ end }}{{ include \"a\" . }}",
      "x: {{ repeat 2000000 \"0123456789\" }}",
      "{{ range untilStep 0 2000000000 1 }}x{{ end }}",
  };
  for (const std::string& text : chart_templates) {
    auto start = std::chrono::steady_clock::now();
    Result<std::string> output = charts->inflate({}, request(text), Surroundings::kPlain);
    EXPECT_FALSE(output.ok()) << text;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60)) << text;
  }
}

TEST_P(Sandbox, X5_ASchemaThatRefersToItselfEnds) {
  helm::Config bounded = config();
  bounded.timeout = std::chrono::seconds(20);
  model::ChartRequest wanted = request(config_map("1"));
  wanted.files.push_back({"values.schema.json", "{\"allOf\":[{\"$ref\":\"#\"}]}", false});
  wanted.files.push_back({"values.yaml", "a: 1\n", false});
  auto start = std::chrono::steady_clock::now();
  (void)helm::make_charts(bounded)->inflate({}, wanted, Surroundings::kPlain).ok();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(40));
}

// Globals flow from parent to subchart, never up.
TEST_P(Sandbox, X5_SubchartsCannotOverrideGlobals) {
  model::ChartRequest wanted = request(config_map("printf \"%v-%v\" .Values.global.zone .Values.own"));
  wanted.files.insert(wanted.files.begin() + 1,
                      {{"charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 1.0.0\n", false},
                       {"charts/sub/values.yaml", "global: { zone: stolen }\nown: stolen\n", false}});
  wanted.files.push_back({"values.yaml", "global: { zone: a }\nown: b\n", false});
  EXPECT_NE(inflate(wanted).find("x: \"a-b\""), std::string::npos) << inflate(wanted);
}

// Without namespaces the environment is still a clean one.
TEST_P(Sandbox, NoneStillHasACleanHome) {
  auto charts = helm::make_charts(config(helm::Sandbox::kNone));
  Result<std::string> output = charts->inflate({}, request(config_map("now | date \"-0700\"")), Surroundings::kOther);
  ASSERT_TRUE(output.ok()) << output.error().text();
  EXPECT_NE(output->find("+1400"), std::string::npos) << *output;
}

INSTANTIATE_TEST_SUITE_P(Helm, Sandbox, ::testing::Values("3", "4"));

TEST(Program, ItsAbsenceIsSaidWithAWayOut) {
  helm::Config config = helm::config_from_environment("helm", helm::Sandbox::kNamespaces);
  config.program = "helm-that-is-not-there";
  Result<ports::ChartProgram> found = helm::make_charts(config)->program({});
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, ErrorCode::kNotFound);
  EXPECT_NE(found.error().hint.find("PAWL_HELM"), std::string::npos);
}

}  // namespace

}  // namespace pawl::testing_helm
