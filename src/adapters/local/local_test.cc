#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <set>
#include <thread>

#include "adapters/local/checks.h"
#include "adapters/local/process.h"
#include "adapters/local/workspace.h"
#include "base/text.h"
#include "os/file.h"
#include "os/git.h"

namespace pawl::local {
namespace {

using Paths = std::vector<std::string>;

class LocalTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = os::canonical_path(os::make_temporary_folder("/tmp", "pawl-local-").value()).value();
    ASSERT_TRUE(os::make_folders(root()).ok());
    workspace_ = open_workspace(root());
  }
  void TearDown() override { EXPECT_TRUE(os::remove_tree(folder_).ok()); }

  // The project lies below the repository's top, as in a monorepo.
  std::string root() const { return folder_ + "/repo/project"; }
  void write(const std::string& path, const std::string& bytes, unsigned mode = 0644) {
    std::string full = root() + "/" + path;
    ASSERT_TRUE(os::make_folders(full.substr(0, full.rfind('/'))).ok());
    ASSERT_TRUE(os::write_file(full, bytes, {.mode = mode}).ok());
  }
  void link(const std::string& to, const std::string& path) {
    ASSERT_EQ(::symlink(to.c_str(), (root() + "/" + path).c_str()), 0);
  }
  std::string git(std::vector<std::string> arguments) {
    os::GitCall call{"", {"-c", "user.name=Ada", "-c", "user.email=ada@example.com"}, ""};
    call.arguments.insert(call.arguments.end(), arguments.begin(), arguments.end());
    call.folder = folder_ + "/repo";
    Result<std::string> out = os::git({}, call);
    EXPECT_TRUE(out.ok()) << out.error().text();
    return out ? std::string(trim(*out)) : "";
  }
  std::string commit_all() {
    if (!os::exists(folder_ + "/repo/.git")) git({"init", "--quiet", "."});
    git({"add", "--all", "."});
    git({"commit", "--quiet", "-m", "x"});
    return git({"rev-parse", "HEAD"});
  }
  Paths changed(const Paths& paths) {
    Result<Paths> out = workspace_->changed({}, paths);
    EXPECT_TRUE(out.ok()) << out.error().text();
    return out ? *out : Paths{"error"};
  }

  std::string folder_;
  std::shared_ptr<ports::Workspace> workspace_;
};

TEST_F(LocalTest, OutsideOfGitNothingIsKnownAndNothingIsChanged) {
  write("a", "1");
  Result<ports::Revision> revision = workspace_->revision({});
  ASSERT_TRUE(revision.ok()) << revision.error().text();
  EXPECT_FALSE(revision->in_git);
  EXPECT_TRUE(changed({"a"}).empty());
}

TEST_F(LocalTest, ARepositoryThatGitRefusesDoesNotPassForNone) {
  write("a", "1");
  commit_all();
  ASSERT_TRUE(os::write_file(folder_ + "/repo/.git/config", "[core\n").ok());
  EXPECT_FALSE(workspace_->revision({}).ok());
  EXPECT_FALSE(workspace_->changed({}, Paths{"a"}).ok());
}

TEST_F(LocalTest, NamesTheCommitAndTheOriginWithoutPassword) {
  write("a", "1");
  git({"init", "--quiet", "."});
  EXPECT_EQ(workspace_->revision({})->commit, "") << "before the first commit";
  std::string head = commit_all();
  git({"remote", "add", "origin", "https://ada:s3cret@example.com/shop.git"});
  ports::Revision revision = workspace_->revision({}).value();
  EXPECT_TRUE(revision.in_git);
  EXPECT_EQ(revision.commit, head);
  EXPECT_EQ(revision.origin, "https://example.com/shop.git");
}

TEST_F(LocalTest, WhatChangedIsJudgedOverTheGivenPathsAlone) {
  for (const char* path : {"same", "edited", "removed", "staged", "other"}) write(path, "1");
  write(".gitignore", "ignored/\n");
  commit_all();
  write("edited", "2");
  write("staged", "2");
  git({"add", "project/staged"});
  write("other", "2");
  write("new folder/ü.yaml", "1");
  write("ignored/deep/x.yaml", "1");
  ASSERT_TRUE(os::remove_tree(root() + "/removed").ok());
  EXPECT_EQ(changed({"same"}), Paths{});
  EXPECT_EQ(changed({"same", "edited", "removed", "staged"}), (Paths{"edited", "removed", "staged"}));
  EXPECT_EQ(changed({"new folder/ü.yaml", "ignored/deep/x.yaml"}), (Paths{"new folder/ü.yaml", "ignored/deep/x.yaml"}));
}

TEST_F(LocalTest, ALinkIsChangedWhenWhatItLeadsToIs) {
  write("real.yaml", "1");
  link("real.yaml", "link.yaml");
  commit_all();
  EXPECT_EQ(changed({"link.yaml"}), Paths{});
  write("real.yaml", "2");
  EXPECT_EQ(changed({"link.yaml"}), Paths{"link.yaml"});
}

TEST_F(LocalTest, TheCallersRepositoryIsNotThisOne) {  // as when pawl runs in a hook
  write("a", "1");
  std::string head = commit_all();
  ASSERT_EQ(::setenv("GIT_DIR", (folder_ + "/elsewhere").c_str(), 1), 0);
  Result<ports::Revision> revision = workspace_->revision({});
  ASSERT_EQ(::unsetenv("GIT_DIR"), 0);
  ASSERT_TRUE(revision.ok());
  EXPECT_EQ(revision->commit, head);
}

TEST_F(LocalTest, ReadsAnEarlierCommit) {
  write("deploy/a.yaml", "1");
  write("deploy/run.sh", "#!", 0755);
  git({"init", "--quiet", "."});
  commit_all();
  git({"tag", "v1"});
  write("deploy/a.yaml", "2");
  commit_all();
  format::FileTree wanted = {{"a.yaml", "1", false}, {"run.sh", "#!", true}};
  EXPECT_EQ(workspace_->read_tree_at({}, "v1", "deploy").value(), wanted);
  EXPECT_EQ(workspace_->read_tree_at({}, "HEAD", ".")->front().path, "deploy/a.yaml");
  EXPECT_EQ(workspace_->read_tree_at({}, "v1", "none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(workspace_->read_tree_at({}, "v9", "deploy").error().code, ErrorCode::kNotFound);
  link("/etc/passwd", "deploy/link");
  commit_all();
  EXPECT_EQ(workspace_->read_tree_at({}, "HEAD", "deploy").error().code, ErrorCode::kInvalid);
}

TEST_F(LocalTest, X9_ARevisionIsNoOption) {
  write("a", "1");
  commit_all();
  for (const char* revision : {"--output=pwned", "-x", "", "HEAD:a", "$(id)"})
    EXPECT_FALSE(workspace_->read_tree_at({}, revision, ".").ok()) << revision;
  EXPECT_FALSE(os::exists(root() + "/pwned"));
}

TEST_F(LocalTest, X4_PathsAndLinksStayInside) {
  write("real/a.yaml", "1");
  ASSERT_TRUE(os::write_file(folder_ + "/secret", "s").ok());
  link("real/a.yaml", "inside");
  link(folder_ + "/secret", "outside");
  link("..", "real/up");
  EXPECT_EQ(workspace_->read("inside").value(), "1");
  EXPECT_EQ(workspace_->real_path("inside").value(), "real/a.yaml");
  EXPECT_EQ(workspace_->real_path("real/a.yaml").value(), "real/a.yaml");
  EXPECT_EQ(workspace_->real_path("absent").value(), "absent");
  EXPECT_EQ(workspace_->real_path(".").value(), ".");
  EXPECT_EQ(workspace_->real_path("outside").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(workspace_->real_path("real/up").error().code, ErrorCode::kInvalid) << "the root would hold itself";
  for (const char* path : {"outside", "real/up/../../secret", "../../secret", "/etc/passwd", "real/up/../secret"})
    EXPECT_EQ(workspace_->read(path).error().code, ErrorCode::kInvalid) << path;
  EXPECT_EQ(workspace_->read_tree("").error().code, ErrorCode::kInvalid) << "the tree holds a link that leaves it";
}

ports::CheckRequest script(const std::string& text, Duration timeout = std::chrono::seconds(20)) {
  return {"smoke", {"tests/smoke.sh"}, timeout, {{"tests/smoke.sh", "#!/bin/sh\n" + text + "\n", true}}, {}};
}

ports::CheckResult run(const ports::CheckRequest& request) {
  Result<ports::CheckResult> result = make_checks()->run({}, request);
  EXPECT_TRUE(result.ok()) << result.error().text();
  return result ? *result : ports::CheckResult{};
}

TEST(LocalChecks, PassFailAndCouldNotTell) {
  EXPECT_TRUE(run(script("exit 0")).passed);
  ports::CheckResult no = run(script("echo because; exit 3"));
  EXPECT_FALSE(no.passed || no.errored);
  EXPECT_EQ(no.reason, "exit status 3");
  EXPECT_EQ(no.output, "because\n");
  ports::CheckRequest absent = script("");
  absent.command = {"no-such-program-anywhere"};
  EXPECT_TRUE(run(absent).errored);
}

TEST(LocalChecks, SeeFactsAndAMinimalEnvironment) {
  ASSERT_EQ(::setenv("SECRET_TOKEN", "s3cret", 1), 0);
  ports::CheckRequest request = script("env; pwd; ls");
  request.environment["PAWL_ENVIRONMENT"] = "production";
  std::string output = run(request).output;
  ASSERT_EQ(::unsetenv("SECRET_TOKEN"), 0);
  for (const char* wanted : {"PAWL_ENVIRONMENT=production\n", "TZ=UTC\n", "LANG=C.UTF-8\n", "HOME=/", "\ntests\n"})
    EXPECT_NE(output.find(wanted), std::string::npos) << wanted << " in\n" << output;
  EXPECT_EQ(output.find("s3cret"), std::string::npos);
}

TEST(LocalChecks, LeaveNothingBehind) {
  std::string output = run(script("mkdir -p deep; : >deep/file; pwd")).output;
  std::string folder(trim(output));
  EXPECT_TRUE(folder.find("pawl-check-") != std::string::npos) << folder;
  EXPECT_FALSE(os::exists(folder));
}

TEST(LocalChecks, ATimeoutEndsTheWholeGroup) {
  auto start = std::chrono::steady_clock::now();
  ports::CheckResult slow = run(script("sleep 300 & echo $!; wait", std::chrono::milliseconds(500)));
  EXPECT_TRUE(slow.errored);
  EXPECT_NE(slow.reason.find("timed out"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  pid_t child = std::atoi(slow.output.c_str());
  ASSERT_GT(child, 1);
  for (int i = 0; i < 100 && ::kill(child, 0) == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  Result<std::string> status = os::read_file("/proc/" + std::to_string(child) + "/status");
  bool gone = !status || status->find("State:\tZ") != std::string::npos;
  EXPECT_TRUE(gone) << "the check's own child still runs";
}

TEST(LocalChecks, OutputIsBounded) {
  ports::CheckResult loud = run(script("head -c 20000000 /dev/zero | tr '\\0' x"));
  EXPECT_TRUE(loud.passed);
  EXPECT_LE(loud.output.size(), limits::kCheckOutputBytes);
  EXPECT_GT(loud.output.size(), 1000u);
}

TEST(LocalChecks, X3_FilesCannotLeaveTheFolder) {
  for (const char* path : {"../escape", "/tmp/pawl-escape", "a/../../escape"}) {
    ports::CheckRequest request = script("exit 0");
    request.files.push_back({path, "x", false});
    EXPECT_EQ(make_checks()->run({}, request).error().code, ErrorCode::kInvalid) << path;
  }
}

TEST(LocalProcess, ThePoolRunsEveryTaskOnceOnNoMoreThreadsThanItHas) {
  std::shared_ptr<ports::Executor> pool = thread_pool(3);
  std::vector<std::atomic<int>> runs(500);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  pool->for_each(runs.size(), [&](std::size_t i) {
    ++runs[i];
    std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  });
  for (const std::atomic<int>& count : runs) EXPECT_EQ(count, 1);
  EXPECT_LE(threads.size(), 3u);
  pool->for_each(0, [](std::size_t) { FAIL() << "there is nothing to do"; });
}

TEST(LocalProcess, ClockAndEntropy) {
  auto clock = system_clock();
  EXPECT_GT(clock->now(), Time());
  EXPECT_EQ(system_entropy()->bytes(32).size(), 32u);
  EXPECT_NE(system_entropy()->bytes(32), system_entropy()->bytes(32));
}

}  // namespace
}  // namespace pawl::local
