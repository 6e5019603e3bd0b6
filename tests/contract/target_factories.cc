#include "tests/contract/target_factories.h"

#include <gtest/gtest.h>

#include "adapters/directory/directory.h"
#include "adapters/git/git.h"
#include "adapters/git/remote.h"
#include "adapters/memory/target.h"
#include "os/file.h"
#include "os/git.h"
#include "tests/contract/folder.h"

namespace pawl::contract {

namespace {

class MemoryTargets : public TargetFactory {
 public:
  std::shared_ptr<ports::Target> open() override { return target_; }
  void edit(const std::string& path, const std::optional<std::string>& bytes) override {
    bool foreign = path.find('/') == std::string::npos;
    if (foreign)
      target_->add_foreign(path);
    else
      target_->edit(path.substr(0, path.find('/')), bytes, "somebody");
  }
  bool has_files() const override { return false; }

 private:
  std::shared_ptr<memory::Target> target_ = std::make_shared<memory::Target>();
};

class DirectoryTargets : public TargetFactory {
 public:
  std::shared_ptr<ports::Target> open() override { return directory::open_directory(path()); }
  void edit(const std::string& file, const std::optional<std::string>& bytes) override {
    std::string full = os::join_path(path(), file);
    ASSERT_TRUE(os::make_folders(full.substr(0, full.rfind('/'))).ok());
    Status done = bytes ? os::write_file(full, *bytes) : os::remove_tree(full);
    ASSERT_TRUE(done.ok());
  }

 private:
  std::string path() const { return folder_ / "live/production"; }
  Folder folder_;
};

// A bare repository; the target is the folder "deploy/production" of its branch "main".
class GitTargets : public TargetFactory {
 public:
  GitTargets() { EXPECT_TRUE(os::make_bare_repository({}, folder_ / "remote.git").ok()); }
  std::shared_ptr<ports::Target> open() override {
    return git::open_git({url(), "main", "deploy/production", folder_ / "cache"});
  }
  // A commit by somebody, from a clone of their own.
  void edit(const std::string& path, const std::optional<std::string>& bytes) override {
    git::Remote remote(url(), folder_ / "theirs");
    auto lock = remote.lock({});
    ASSERT_TRUE(lock.ok());
    auto tip = remote.fetch({}, {"refs/heads/main"}).value()[0];
    auto made = remote.commit({}, {"Eve <eve@example.com>", "by hand\n", tip, {{"deploy/production/" + path, bytes}}});
    ASSERT_TRUE(made.ok()) << made.error().text();
    ASSERT_TRUE(remote.push({}, {{"refs/heads/main", tip, *made}}).value());
  }

 private:
  std::string url() const { return "file://" + (folder_ / "remote.git"); }
  Folder folder_;
};

}  // namespace

std::unique_ptr<TargetFactory> make_target_factory(const std::string& adapter) {
  if (adapter == "memory") return std::make_unique<MemoryTargets>();
  if (adapter == "git") return std::make_unique<GitTargets>();
  return std::make_unique<DirectoryTargets>();
}

}  // namespace pawl::contract
