#include "core/render/kustomize.h"

#include <algorithm>
#include <fstream>
#include <set>

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
  return render::print(resources);
}

std::set<std::string> known_failures() {
  std::set<std::string> names;
  std::ifstream file("tests/conformance/kustomize_known_failures.txt");
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') names.insert(line);
  }
  return names;
}

bool case_passes(const std::string& folder) {
  std::string root = os::read_file(os::join_path(folder, "root")).value();
  root.erase(root.find_last_not_of("\n ") + 1);
  Result<std::string> built = build(os::join_path(folder, "input"), root);
  std::string expected = os::join_path(folder, "expected.yaml");
  if (!os::exists(expected)) return !built.ok();
  return built.ok() && *built == os::read_file(expected).value();
}

// The list of what does not pass yet is exact: a case that starts to pass must leave it.
TEST(KustomizeCases, AgreeButForTheKnownOnes) {
  PAWL_NEEDS_SHARED("kustomize-cases");
  std::set<std::string> known = known_failures();
  std::size_t passed = 0;
  for (const os::FolderEntry& entry : os::list_folder(shared("kustomize-cases")).value()) {
    bool passes = case_passes(shared("kustomize-cases/" + entry.name));
    EXPECT_EQ(passes, !known.contains(entry.name))
        << entry.name << (passes ? " passes now; take it off the list" : " fails");
    passed += passes ? 1 : 0;
  }
  EXPECT_GE(passed, 50u);
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

class RealInputs : public testing::TestWithParam<const char*> {};

TEST_P(RealInputs, AgreeWithKustomizeByteForByte) {
  PAWL_NEEDS_SHARED("inputs");
  std::string program = os::environment("PAWL_KUSTOMIZE")
                            .value_or(os::environment("HOME").value_or("") + "/.cache/pawl/go/bin/kustomize");
  if (!os::exists(program)) {
    ASSERT_FALSE(os::environment("CI").has_value()) << "CI compares with kustomize: " << program << " is absent";
    GTEST_SKIP() << program << " is absent (go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2)";
  }
  std::string root = shared(std::string("inputs/") + GetParam());
  std::vector<std::string> folders;
  find_kustomizations(root, "", folders);
  ASSERT_FALSE(folders.empty());
  for (const std::string& folder : folders) {
    os::Command command;
    command.argv = {program, "build", os::join_path(root, folder)};
    command.environment = os::inherited_environment();
    command.max_output = 64u << 20;
    os::CommandResult theirs = os::run(Context{}, command).value();
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

}  // namespace
}  // namespace pawl
