#include "core/render/helm_layer.h"

#include <gtest/gtest.h>

#include "core/render/compose.h"
#include "core/render/helm_chart.h"
#include "format/yaml.h"

namespace pawl::render {

namespace {

using format::FileTree;
using format::Value;

// A project of one layer, `helm`, over `files`; helm itself is played by `output`, and what it was asked is kept.
class HelmLayer : public ::testing::Test {
 protected:
  HelmLayer() {
    files_ = {{"charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n", false},
              {"charts/web/templates/a.yaml", "a: {{ .Values.a }}\n", false},
              {"charts/web/values.yaml", "a: 1\n", false},
              {"values/dev.yaml", "a: 2\n", false}};
  }

  void put(const std::string& path, const std::string& bytes) {
    std::erase_if(files_, [&](const format::TreeFile& file) { return file.path == path; });
    files_.push_back({path, bytes, false});
    std::sort(files_.begin(), files_.end());
  }

  Result<Rendering> render(const std::string& helm, const std::string& fields = "") {
    Value map = format::parse_yaml(arena_, helm, {}).value().at(0);
    model::Content content;
    content.arena = std::make_shared<format::Arena>();
    model::Layer layer{.name = model::LayerName("web")};
    layer.input = model::HelmInput{std::string(map.string_at("chart")), map, {4, 9}};
    if (!fields.empty()) layer.fields = format::parse_yaml(arena_, fields, {}).value().at(0);
    content.layers.push_back(layer);
    content.environments.push_back({model::EnvironmentName("dev"), {}});
    content.parameters = format::parse_yaml(arena_, "{ replicas: 3, text: x }", {}).value().at(0);
    Files files = Files::of(files_);
    return compose(arena_, content, model::EnvironmentName("dev"), files, [&](model::ChartRequest request) {
      request_ = std::move(request);
      return output_;
    });
  }

  std::string errors(const std::string& helm = "chart: charts/web") {
    Result<Rendering> rendered = render(helm);
    return rendered ? "(no error)" : rendered.error().text() + "\n" + render_diagnostics(rendered.error().diagnostics);
  }

  format::Arena arena_;
  FileTree files_;
  model::ChartRequest request_;
  Result<std::string> output_ = std::string();
};

TEST_F(HelmLayer, AsksForTheChartWithItsValuesInOrder) {
  ASSERT_TRUE(
      render(
          "{ chart: charts/web, valuesFiles: [values/$(environment).yaml], values: { count: $(parameters.replicas) } }",
          "{ namespace: shop-$(environment) }")
          .ok());
  EXPECT_EQ(request_.files.size(), 3u);
  EXPECT_EQ(request_.files[0].path, "Chart.yaml");
  EXPECT_EQ(request_.values, (std::vector<std::string>{"a: 2\n", "count: 3\n"}));
  EXPECT_EQ(request_.release, "web");
  EXPECT_EQ(request_.space, "shop-dev");
  EXPECT_TRUE(request_.crds);
  EXPECT_TRUE(request_.hooks);
  ASSERT_TRUE(render("{ chart: charts/web, releaseName: shop, namespace: prod, crds: false, hooks: false }").ok());
  EXPECT_EQ(request_.release, "shop");
  EXPECT_EQ(request_.space, "prod");
  EXPECT_FALSE(request_.crds);
  EXPECT_FALSE(request_.hooks);
}

constexpr const char* kOutput =
    "---\n# Source: web/crds/c.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: first }\n---\n"
    "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: second }\n---\n# Source: web/templates/h.yaml\n"
    "apiVersion: v1\nkind: Pod\nmetadata: { name: test, annotations: { helm.sh/hook: test } }\n---\n"
    "# Source: web/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: third\ndata:\n  x: |-\n"
    "    ---\n    # Source: none\n";

TEST_F(HelmLayer, TakesItsOutputApartAndAppliesTheLayersFields) {
  output_ = std::string(kOutput);
  Result<Rendering> rendered = render("chart: charts/web", "{ namePrefix: p- }");
  ASSERT_TRUE(rendered.ok()) << rendered.error().text();
  const std::vector<Resource>& resources = rendered->layers.at(0).resources;
  ASSERT_EQ(resources.size(), 3u);
  EXPECT_EQ(resources[0].object.at_path({"metadata", "name"})->as_string(), "p-first");
  EXPECT_EQ(resources[0].file, "charts/web/crds/c.yaml");
  EXPECT_EQ(resources[2].object.at_path({"data", "x"})->as_string(), "---\n# Source: none");
  EXPECT_EQ(resources[2].file, "charts/web/templates/a.yaml");
  EXPECT_EQ(rendered->origins.at(0).from, "chart web 1.0.0, release web in namespace default");
}

TEST(HelmOutput, HooksThatNeitherInstallNorUpgradeAreLeftOut) {
  auto applied = [](const std::string& hook) {
    format::Arena arena;
    return is_applied(
        format::parse_yaml(arena, "metadata: { annotations: { helm.sh/hook: \"" + hook + "\" } }", {}).value().at(0));
  };
  EXPECT_TRUE(is_applied(Value::map()));
  for (const char* hook : {"pre-install", "post-upgrade", "crd-install", "pre-delete, post-install", ""})
    EXPECT_TRUE(applied(hook)) << hook;
  for (const char* hook : {"test", "test-success", "pre-delete", "post-rollback", "post-install,test", "Test"})
    EXPECT_FALSE(applied(hook)) << hook;
}

TEST_F(HelmLayer, WhatNoReleaseDecidesIsRefusedWithItsPlace) {
  put("charts/web/templates/a.yaml", "a: {{ .Values.a }}\nb: {{ now | date \"2006\" }}\n");
  std::string said = errors();
  EXPECT_NE(said.find("charts/web/templates/a.yaml:2:7: error: the template asks for now"), std::string::npos) << said;
  EXPECT_NE(said.find("charts/web/templates/a.yaml:2:13: error: the template asks for date"), std::string::npos)
      << said;
  EXPECT_NE(said.find("helm: { allow: { now: REASON } }"), std::string::npos) << said;
}

TEST_F(HelmLayer, WhatIsAllowedWithAReasonIsADeparture) {
  put("charts/web/templates/a.yaml",
      "{{ if false }}{{ lookup \"v1\" \"Secret\" \"a\" \"b\" }}{{ randInt 1 2 }}{{ end }}");
  Result<Rendering> rendered = render("{ chart: charts/web, allow: { lookup: dead branch, rand*: dead too } }");
  ASSERT_TRUE(rendered.ok()) << rendered.error().text();
  EXPECT_EQ(rendered->departures, (std::vector<std::string>{"charts/web/templates/a.yaml:1: lookup: dead branch",
                                                            "charts/web/templates/a.yaml:1: randInt: dead too"}));
  EXPECT_NE(errors("{ chart: charts/web, allow: { lookup: dead branch } }").find("randInt"), std::string::npos);
}

TEST_F(HelmLayer, SubchartsAreLookedThroughToo) {
  put("charts/web/charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 1.0.0\n");
  put("charts/web/charts/sub/templates/b.yaml", "{{ env \"HOME\" }}");
  EXPECT_NE(errors().find("charts/web/charts/sub/templates/b.yaml:1:4: error"), std::string::npos) << errors();
}

TEST_F(HelmLayer, ValuesAreTemplatesWhereTplIsCalled) {
  put("charts/web/values.yaml", "text: '{{ now }}'\n");
  EXPECT_EQ(errors(), "(no error)");
  put("charts/web/templates/a.yaml", "a: {{ tpl .Values.text . }}");
  EXPECT_NE(errors().find("charts/web/values.yaml:1:7: error: the template asks for now"), std::string::npos)
      << errors();
  put("charts/web/values.yaml", "text: a\n");
  EXPECT_NE(errors("{ chart: charts/web, values: { text: \"{{ uuidv4 }}\" } }").find("asks for uuidv4"),
            std::string::npos);
}

TEST_F(HelmLayer, FilesAreTemplatesWhereTplAndFilesMeet) {
  put("charts/web/files/x.conf", "{{ now }}");
  put("charts/web/templates/a.yaml", "a: {{ .Files.Get \"files/x.conf\" }}");
  EXPECT_EQ(errors(), "(no error)");
  put("charts/web/templates/a.yaml", "a: {{ tpl (.Files.Get \"files/x.conf\") . }}");
  EXPECT_NE(errors().find("charts/web/files/x.conf:1:4: error"), std::string::npos) << errors();
}

TEST_F(HelmLayer, NotesAndTestsAreThrownAwayUnlessTheyDefineSomething) {
  put("charts/web/templates/NOTES.txt", "{{ now }}");
  put("charts/web/templates/tests/a.yaml", "{{ randAlphaNum 5 }}");
  EXPECT_EQ(errors(), "(no error)");
  put("charts/web/templates/NOTES.txt", "{{ define \"a\" }}{{ now }}{{ end }}");
  EXPECT_NE(errors().find("NOTES.txt:1:20: error"), std::string::npos) << errors();
}

TEST_F(HelmLayer, AMissingHelmIsSaidAtTheChart) {
  output_ = Error(ErrorCode::kNotFound, "there is no program helm", "install it");
  Result<Rendering> rendered = render("chart: charts/web");
  ASSERT_FALSE(rendered.ok());
  EXPECT_EQ(rendered.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(render_diagnostics(rendered.error().diagnostics),
            "pawl.yaml:4:9: error: the chart charts/web needs helm: there is no program helm\nhelp: install it\n");
}

TEST_F(HelmLayer, X5_NamesThatArePathsAreRefused) {
  for (const char* name : {"..", ".", "../../x", "a/b", "", "-x", "\"a\\u001b[2J\""}) {
    put("charts/web/Chart.yaml", std::string("apiVersion: v2\nversion: 1.0.0\nname: ") + name + "\n");
    EXPECT_NE(errors().find("cannot name a chart"), std::string::npos) << name << errors();
    EXPECT_EQ(errors().find('\x1b'), std::string::npos);
  }
  put("charts/web/Chart.yaml", "apiVersion: v2\nversion: 1.0.0\n");
  EXPECT_NE(errors().find("charts/web/Chart.yaml:1:1: error: \"\" cannot name a chart"), std::string::npos) << errors();
}

TEST_F(HelmLayer, X5_DependenciesAreNeverFetched) {
  put("charts/web/Chart.yaml",
      "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n- { name: x, version: 1, repository: \"file://../x\" "
      "}\n");
  std::string said = errors();
  EXPECT_NE(
      said.find("charts/web/Chart.yaml:5:3: error: the chart needs \"x\" from file://../x, and its charts/ does not "
                "hold it"),
      std::string::npos)
      << said;
  put("charts/web/charts/x/Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0\n");
  EXPECT_EQ(errors(), "(no error)");
}

TEST_F(HelmLayer, X5_EntriesThatStandTwiceAreRefused) {
  put("charts/web/charts/x/Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0\n");
  put("charts/web/Chart.yaml",
      "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n- { name: x }\n- { name: x }\n");
  EXPECT_NE(errors().find("Chart.yaml:6:3: error: two dependencies are named \"x\""), std::string::npos) << errors();
  put("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nname: web\nversion: 1.0.0\n");
  EXPECT_NE(errors().find("charts/web/Chart.yaml:3:1: error"), std::string::npos) << errors();
}

TEST_F(HelmLayer, X5_ValuesFilesStayInside) {
  for (const char* path : {"../secret.yaml", "/etc/passwd", "values/../../x", "values/$(parameters.up)"}) {
    std::string said = errors(std::string("{ chart: charts/web, valuesFiles: [\"") + path + "\"] }");
    EXPECT_EQ(said.find("(no error)"), std::string::npos) << path;
    EXPECT_TRUE(request_.chart.empty()) << path;
  }
  EXPECT_NE(errors("{ chart: ../outside }").find("leaves"), std::string::npos) << errors("{ chart: ../outside }");
}

TEST_F(HelmLayer, X5_SchemasReferToNothingOutside) {
  for (const char* target :
       {"file:///etc/passwd", "http://169.254.169.254/x", "other.json", "/etc/passwd", "\\u0068ttp://a"}) {
    put("charts/web/values.schema.json",
        std::string("{\n  \"properties\": { \"a\": { \"$ref\": \"") + target + "\" } } }");
    EXPECT_NE(errors().find("leaves the schema"), std::string::npos) << target << errors();
    EXPECT_TRUE(request_.chart.empty()) << target;
  }
  put("charts/web/values.schema.json", "{\n  \"$schema\": \"http://evil.example/s\" }");
  EXPECT_NE(errors().find("charts/web/values.schema.json:2:14: error"), std::string::npos) << errors();
  put("charts/web/values.schema.json",
      "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$ref\":\"#/definitions/a\"}");
  EXPECT_EQ(errors(), "(no error)");
}

TEST_F(HelmLayer, X5_ReleaseNamesAndNamespacesAreNoArguments) {
  for (const char* name : {"--post-renderer=x", "a b", "A", "../x", "$(parameters.none)"}) {
    std::string said = errors(std::string("{ chart: charts/web, releaseName: \"") + name + "\" }");
    EXPECT_EQ(said.find("(no error)"), std::string::npos) << name;
    said = errors(std::string("{ chart: charts/web, namespace: \"") + name + "\" }");
    EXPECT_EQ(said.find("(no error)"), std::string::npos) << name;
  }
}

TEST_F(HelmLayer, X5_ArchivesAreReadWithinBounds) {
  put("charts/web.tgz", "not gzip at all");
  EXPECT_NE(errors("{ chart: charts/web.tgz }").find("gzip stream is refused"), std::string::npos);
  put("charts/web/charts/sub.tgz", "\x1f\x8b");
  EXPECT_NE(errors().find("charts/web/charts/sub.tgz"), std::string::npos) << errors();
}

}  // namespace

}  // namespace pawl::render
