// What a chart layer renders to is what `helm template` prints, for helm 3 and 4.

#include <algorithm>

#include "core/render/compose.h"
#include "core/render/helm_chart.h"
#include "format/yaml.h"
#include "os/process.h"
#include "tests/helm/programs.h"
#include "tests/support/shared.h"

namespace pawl::testing_helm {

namespace {

using format::Value;

constexpr const char* kKube = "v1.31.2";
constexpr const char* kApi = "monitoring.coreos.com/v1";

struct Case {
  std::string folder;  // of the chart
  std::string values;  // beside it; "" for none
  std::vector<std::string> allow;
  std::vector<std::string> dropped;  // names of hooks that helm prints and a layer leaves out
};

// The chart's folder as a project whose root it is.
render::Files files_below(const std::string& folder) {
  auto list = [folder](const std::string& below) -> Result<std::optional<std::vector<std::string>>> {
    std::vector<std::string> paths;
    std::vector<std::string> todo = {below == "." ? "" : below};
    if (os::kind_of(os::join_path(folder, below)) != os::EntryKind::kFolder)
      return std::optional<std::vector<std::string>>();
    while (!todo.empty()) {
      std::string at = todo.back();
      todo.pop_back();
      PAWL_ASSIGN(std::vector<os::FolderEntry> entries, os::list_folder(os::join_path(folder, at)));
      for (const os::FolderEntry& entry : entries) {
        std::string path = at.empty() ? entry.name : at + "/" + entry.name;
        (entry.kind == os::EntryKind::kFolder ? todo : paths).push_back(path);
      }
    }
    std::sort(paths.begin(), paths.end());
    return std::optional<std::vector<std::string>>(std::move(paths));
  };
  auto read = [folder](const std::string& path) -> Result<std::optional<format::TreeFile>> {
    PAWL_ASSIGN(std::optional<std::string> bytes, os::read_file_if_present(os::join_path(folder, path)));
    if (!bytes) return std::optional<format::TreeFile>();
    return std::optional<format::TreeFile>(format::TreeFile{path, std::move(*bytes), false});
  };
  return render::Files(read, list);
}

model::Content content_of(const Case& one) {
  model::Content content;
  content.arena = std::make_shared<format::Arena>();
  format::Arena& arena = *content.arena;
  Value helm = Value::map();
  helm.set(arena, "chart", ".");
  helm.set(arena, "namespace", "prod");
  if (!one.values.empty()) helm.set(arena, "valuesFiles", one.values);
  Value allow = Value::map();
  for (const std::string& name : one.allow) allow.set(arena, name, "the chart's author wanted it");
  helm.set(arena, "allow", allow);
  model::Layer layer{.name = model::LayerName("web"), .input = model::HelmInput{".", helm, {}}};
  content.layers.push_back(layer);
  content.environments.push_back({model::EnvironmentName("dev"), {}});
  return content;
}

std::vector<std::string> texts(const std::vector<Value>& objects, const std::vector<std::string>& dropped) {
  std::vector<std::string> out;
  for (const Value& object : objects) {
    const Value* name = object.at_path({"metadata", "name"});
    bool left_out = name != nullptr && std::find(dropped.begin(), dropped.end(), name->as_string()) != dropped.end();
    if (!left_out) out.push_back(format::render_yaml(object));
  }
  return out;
}

// What helm itself prints when it is run by hand.
std::vector<std::string> by_hand(const std::string& helm, const Case& one) {
  os::Command command{.argv = {helm, "template", "web", ".", "--namespace", "prod", "--kube-version", kKube,
                               "--api-versions", kApi, "--include-crds", "--skip-tests"},
                      .folder = one.folder,
                      .environment = {{"HOME", "/nonexistent"}, {"PATH", "/nonexistent"}},
                      .max_output = 64u << 20};
  if (!one.values.empty()) command.argv.insert(command.argv.end(), {"--values", one.values});
  Result<os::CommandResult> result = os::run({}, command);
  EXPECT_TRUE(result.ok() && result->exit_status == 0) << (result ? result->errors : result.error().text());
  static format::Arena arena;
  Result<std::vector<Value>> objects =
      format::parse_yaml(arena, result ? result->output : "", {.file = "helm's output"});
  EXPECT_TRUE(objects.ok()) << objects.error().text();
  return texts(*objects, one.dropped);
}

class Equality : public WithHelm {
 protected:
  void expect_equal(const Case& one) {
    std::shared_ptr<ports::Charts> charts = helm::make_charts(config());
    format::Arena arena;
    render::Files files = files_below(one.folder);
    Result<render::Rendering> rendering =
        render::compose(arena, content_of(one), model::EnvironmentName("dev"), files, [&](model::ChartRequest request) {
          request.kube_version = kKube;
          request.api_versions = {kApi};
          return charts->inflate({}, request, ports::Surroundings::kPlain);
        });
    ASSERT_TRUE(rendering.ok()) << rendering.error().text() << render_diagnostics(rendering.error().diagnostics);
    std::vector<Value> objects;
    for (const render::Resource& resource : rendering->layers.at(0).resources) objects.push_back(resource.object);
    std::vector<std::string> wanted = by_hand(program(GetParam()), one);
    EXPECT_GT(wanted.size(), 0u);
    EXPECT_EQ(texts(objects, {}), wanted);
  }
};

TEST_P(Equality, AChartOfOurOwn) {
  expect_equal({"tests/helm/charts/shop", "", {}, {"web-pre-delete", "web-post-rollback"}});
}

// The folder of an archive is not the project's, so the same chart is also read as a .tgz.
TEST_P(Equality, AnArchiveIsItsFolder) {
  std::string folder = os::make_temporary_folder(os::environment("TMPDIR").value_or("/tmp"), "pawl-helm-test-").value();
  os::Command tar{.argv = {"tar", "-czf", os::join_path(folder, "shop.tgz"), "-C", "tests/helm/charts", "shop"},
                  .environment = {{"PATH", "/usr/bin:/bin"}}};
  ASSERT_EQ(os::run({}, tar)->exit_status, 0);
  render::Files files = files_below(folder);
  render::Files below = files_below("tests/helm/charts/shop");
  Result<render::Chart> packed = render::load_chart(files, "shop.tgz");
  Result<render::Chart> plain = render::load_chart(below, ".");
  ASSERT_TRUE(packed.ok()) << packed.error().text();
  ASSERT_TRUE(plain.ok()) << plain.error().text();
  EXPECT_EQ(packed->name, "shop");
  EXPECT_EQ(packed->files, plain->files);
  EXPECT_TRUE(os::remove_tree(folder).ok());
}

TEST_P(Equality, Podinfo) {
  for (const char* version : {"6.12.0", "6.13.0", "6.14.1"}) {
    std::string folder = testing_support::shared("inputs/podinfo/" + std::string(version) + "/charts/podinfo");
    if (!os::exists(folder)) GTEST_SKIP() << folder << " is absent";
    Case one{folder, "values-prod.yaml", {".Capabilities", "genCA", "genSignedCert", "lookup"}, {}};
    expect_equal(one);
    one.values = "";
    expect_equal(one);
  }
}

TEST_P(Equality, MicroservicesDemo) {
  for (const char* version : {"v0.10.4", "v0.10.6"}) {
    std::string folder = testing_support::shared("inputs/microservices-demo/" + std::string(version) + "/helm-chart");
    if (!os::exists(folder)) GTEST_SKIP() << folder << " is absent";
    expect_equal({folder, "", {}, {}});
  }
}

INSTANTIATE_TEST_SUITE_P(Helm, Equality, ::testing::Values("3", "4"));

}  // namespace

}  // namespace pawl::testing_helm
