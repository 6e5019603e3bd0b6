#include <algorithm>

#include "core/render/printed.h"
#include "os/process.h"
#include "tests/support/shared.h"

// What kustomize v5.8.2 prints, for its own cases and for real repositories.

namespace pawl {
namespace {

using testing_support::shared;

render::Files files_below(const std::string& root) {
  using format::TreeFile;
  auto read = [root](const std::string& path) -> Result<std::optional<TreeFile>> {
    std::string full = os::join_path(root, path);
    if (os::kind_of(full) != os::EntryKind::kFile) return std::optional<TreeFile>();
    PAWL_ASSIGN(std::string bytes, os::read_file(full));
    return std::optional<TreeFile>(TreeFile{path, std::move(bytes), false});
  };
  auto list = [root](const std::string& folder) -> Result<std::optional<std::vector<std::string>>> {
    std::string full = os::join_path(root, folder);
    if (os::kind_of(full) != os::EntryKind::kFolder) return std::optional<std::vector<std::string>>();
    PAWL_ASSIGN(std::vector<os::FolderEntry> entries, os::list_folder(full));
    std::vector<std::string> paths;
    for (const os::FolderEntry& entry : entries) paths.push_back(folder + "/" + entry.name);
    return std::optional<std::vector<std::string>>(std::move(paths));
  };
  return render::Files(read, list);
}

Result<std::string> build(const std::string& root, const std::string& folder) {
  format::Arena arena;
  render::Files files = files_below(root);
  PAWL_ASSIGN(std::vector<render::Resource> resources, render::build_kustomization(arena, files, folder));
  return render::print(resources).text;
}

bool case_passes(const std::string& folder) {
  std::string root = os::read_file(os::join_path(folder, "root")).value();
  root.erase(root.find_last_not_of("\n ") + 1);
  Result<std::string> built = build(os::join_path(folder, "input"), root);
  std::string expected = os::join_path(folder, "expected.yaml");
  if (!os::exists(expected)) return !built.ok();
  return built.ok() && *built == os::read_file(expected).value();
}

TEST(KustomizeCases, Agree) {
  PAWL_NEEDS_SHARED("kustomize-cases");
  std::size_t compared = 0;
  for (const os::FolderEntry& entry : os::list_folder(shared("kustomize-cases")).value()) {
    EXPECT_TRUE(case_passes(shared("kustomize-cases/" + entry.name))) << entry.name;
    ++compared;
  }
  EXPECT_GE(compared, 90u);
}

void find_kustomizations(const std::string& root, const std::string& folder, std::vector<std::string>& out) {
  for (const os::FolderEntry& entry : os::list_folder(os::join_path(root, folder)).value()) {
    std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
    if (entry.kind == os::EntryKind::kFolder)
      find_kustomizations(root, path, out);
    else if (entry.name == "kustomization.yaml" && !folder.empty())
      out.push_back(folder);
  }
}

std::string kustomize_program() {
  return os::environment("PAWL_KUSTOMIZE")
      .value_or(os::environment("HOME").value_or("") + "/.cache/pawl/go/bin/kustomize");
}

os::CommandResult run_kustomize(const std::string& program, const std::string& folder) {
  os::Command command;
  command.argv = {program, "build", folder};
  command.environment = os::inherited_environment();
  command.max_output = 64u << 20;
  return os::run(Context{}, command).value();
}

class RealInputs : public testing::TestWithParam<const char*> {};

TEST_P(RealInputs, AgreeWithKustomizeByteForByte) {
  PAWL_NEEDS_SHARED("inputs");
  std::string program = kustomize_program();
  if (!os::exists(program)) {
    ASSERT_FALSE(os::environment("CI").has_value()) << "CI compares with kustomize: " << program << " is absent";
    GTEST_SKIP() << program << " is absent (go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2)";
  }
  std::string root = shared(std::string("inputs/") + GetParam());
  std::vector<std::string> folders;
  find_kustomizations(root, "", folders);
  ASSERT_FALSE(folders.empty());
  for (const std::string& folder : folders) {
    os::CommandResult theirs = run_kustomize(program, os::join_path(root, folder));
    Result<std::string> ours = build(root, folder);
    ASSERT_EQ(ours.ok(), theirs.exit_status == 0)
        << folder << ": " << (ours.ok() ? theirs.errors : ours.error().text());
    if (!ours.ok()) continue;
    EXPECT_EQ(*ours, theirs.output) << folder;
  }
}

INSTANTIATE_TEST_SUITE_P(Inputs, RealInputs,
                         testing::Values("podinfo/6.12.0", "podinfo/6.13.0", "podinfo/6.14.1",
                                         "microservices-demo/v0.10.4", "microservices-demo/v0.10.6",
                                         "flux2-kustomize-helm-example"),
                         [](const auto& p) {
                           std::string name = p.param;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
                           return name;
                         });

// kube-prometheus has no kustomization of its own: one over all of its manifests, in a copy.
TEST(KubePrometheus, AgreesWithKustomizeByteForByte) {
  PAWL_NEEDS_SHARED("inputs/kube-prometheus/v0.18.0/manifests");
  std::string program = kustomize_program();
  if (!os::exists(program)) GTEST_SKIP() << program << " is absent";
  std::string from = shared("inputs/kube-prometheus/v0.18.0/manifests");
  std::string root = testing::TempDir() + "pawl_kube_prometheus";
  ASSERT_TRUE(os::make_folders(root, 0700).ok());
  std::string text = "namePrefix: p-\ncommonLabels: {team: sre}\nresources:\n";
  std::size_t files = 0;
  for (const os::FolderEntry& entry : os::list_folder(from).value()) {
    if (entry.kind != os::EntryKind::kFile || !entry.name.ends_with(".yaml")) continue;
    ASSERT_TRUE(
        os::write_file(os::join_path(root, entry.name), os::read_file(os::join_path(from, entry.name)).value()).ok());
    text += "- " + entry.name + "\n";
    ++files;
  }
  EXPECT_GT(files, 50u);
  ASSERT_TRUE(os::write_file(os::join_path(root, "kustomization.yaml"), text).ok());
  os::CommandResult theirs = run_kustomize(program, root);
  Result<std::string> ours = build(root, ".");
  ASSERT_EQ(theirs.exit_status, 0) << theirs.errors;
  ASSERT_TRUE(ours.ok()) << ours.error().text();
  EXPECT_TRUE(*ours == theirs.output);
}

}  // namespace
}  // namespace pawl
