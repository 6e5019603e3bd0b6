#include "adapters/registry/git_source.h"

#include <gtest/gtest.h>

#include "adapters/registry/version_choice.h"
#include "base/text.h"
#include "os/file.h"
#include "os/git.h"

namespace pawl::registry {
namespace {

class GitSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = os::make_temporary_folder("/tmp", "pawl-git-source-").value();
    ASSERT_TRUE(os::make_bare_repository({}, bare()).ok());
    commit("one", "M 100644 inline deploy/a.yaml\ndata 2\na\n\nM 100755 inline deploy/run.sh\ndata 2\n#!\n");
    tag("v1.9.0");
    first_ = ask({"rev-parse", "main"});
    commit("two", "M 100644 inline deploy/a.yaml\ndata 2\nb\n\n");
    tag("v1.10.0");
    tag("v2.0.0-rc.1");
    second_ = ask({"rev-parse", "main"});
  }
  void TearDown() override { EXPECT_TRUE(os::remove_tree(folder_).ok()); }

  std::string bare() const { return folder_ + "/remote.git"; }
  std::string ask(std::vector<std::string> arguments, const std::string& input = "") const {
    Result<std::string> out = os::git({}, {bare(), std::move(arguments), input});
    EXPECT_TRUE(out.ok()) << out.error().text();
    return out ? std::string(trim(*out)) : "";
  }
  void commit(const std::string& message, const std::string& changes) {
    std::string from = os::try_git({}, {bare(), {"rev-parse", "--verify", "main"}, ""})->exit_status == 0
                           ? "from refs/heads/main^0\n"
                           : "";
    ask({"fast-import", "--quiet", "--date-format=now"},
        "commit refs/heads/main\ncommitter Eve <eve@example.com> now\ndata " + std::to_string(message.size()) + "\n" +
            message + "\n" + from + changes);
  }
  // An annotated tag: its own object names the commit.
  void tag(const std::string& name) {
    ask({"-c", "user.name=Eve", "-c", "user.email=eve@example.com", "tag", "-a", "-m", name, "--", name, "main"});
  }

  model::GitSource git(const std::string& branch, const std::string& named_tag = "", const std::string& id = "",
                       const std::string& path = "deploy") const {
    return {"file://" + bare(), branch, named_tag, id, path};
  }
  Result<model::LockedSource> resolve(const model::GitSource& source, const std::string& version = "") const {
    return resolve_git({}, folder_ + "/cache", {"base", source, version, {}}, source);
  }
  Result<format::FileTree> fetch(const model::GitSource& source, const model::LockedSource& locked) const {
    return fetch_git({}, folder_ + "/cache", {"base", source, "", {}}, source, locked);
  }

  std::string folder_;
  std::string first_;
  std::string second_;
};

TEST_F(GitSourceTest, ResolvesEveryForm) {
  EXPECT_EQ(resolve(git("main"))->commit, second_);
  EXPECT_EQ(resolve(git("main"))->requested, "branch main");
  EXPECT_EQ(resolve(git("", "v1.9.0"))->commit, first_) << "an annotated tag comes to its commit";
  EXPECT_EQ(resolve(git("", "", first_))->commit, first_);
  Result<model::LockedSource> range = resolve(git(""), ">=1 <3");
  ASSERT_TRUE(range.ok()) << range.error().text();
  EXPECT_EQ(range->version, "v1.10.0") << "by precedence, and no pre-release";
  EXPECT_EQ(range->commit, second_);
  EXPECT_EQ(resolve(git(""), "v1.*")->version, "v1.10.0");
  EXPECT_EQ(resolve(git(""), "v1.9.0")->commit, first_);
}

TEST_F(GitSourceTest, FetchesWhatWasLockedWhateverMovedSince) {
  model::GitSource source = git("main");
  model::LockedSource locked = resolve(source).value();
  format::FileTree wanted = {{"a.yaml", "b\n", false}, {"run.sh", "#!", true}};
  EXPECT_EQ(fetch(source, locked).value(), wanted);
  EXPECT_EQ(locked.digest, format::tree_digest(wanted));
  commit("three", "M 100644 inline deploy/a.yaml\ndata 2\nc\n\n");
  EXPECT_EQ(fetch(source, locked).value(), wanted);
  EXPECT_EQ(fetch_git({}, "", {"base", source, "", {}}, source, locked).value(), wanted) << "from an empty cache";
}

TEST_F(GitSourceTest, A1_OtherFilesThanWereLockedAreRefused) {
  model::GitSource source = git("main");
  model::LockedSource locked = resolve(source).value();
  locked.commit = first_;
  Result<format::FileTree> other = fetch(source, locked);
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::kIntegrity);
}

TEST_F(GitSourceTest, LinksAndSubmodulesAreRefused) {
  commit("link", "M 120000 inline linked/passwd\ndata 11\n/etc/passwd\n");
  commit("submodule", "M 160000 " + std::string(40, 'a') + " sub/module\n");
  for (const char* path : {"linked", "sub", ""}) {
    Result<model::LockedSource> refused = resolve(git("main", "", "", path));
    ASSERT_FALSE(refused.ok()) << path;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid) << path;
  }
  EXPECT_TRUE(resolve(git("main")).ok()) << "what lies outside of the path does not matter";
}

TEST_F(GitSourceTest, SaysWhatIsNotThere) {
  EXPECT_EQ(resolve(git("none")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(resolve(git("", "v9")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(resolve(git("", "", std::string(40, 'a'))).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(resolve(git("main", "", "", "nowhere")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(resolve(git(""), ">=5").error().code, ErrorCode::kNotFound);
}

TEST_F(GitSourceTest, X9_NothingOfASourceIsAnOption) {
  for (const char* bad : {"--upload-pack=touch pwned", "-x", "a b", "$(touch pwned)", "a;touch pwned", "a:b"}) {
    for (const model::GitSource& source : {git(bad), git("", bad), git("", "", bad)}) {
      Result<model::LockedSource> refused = resolve(source);
      ASSERT_FALSE(refused.ok()) << bad;
      // What git would take for a branch is asked for, and is not there; nothing else is asked for.
      bool is_name = os::check_git_name(bad).ok() && source.commit.empty();
      EXPECT_EQ(refused.error().code, is_name ? ErrorCode::kNotFound : ErrorCode::kInvalid) << bad;
    }
    EXPECT_FALSE(resolve(git(""), bad).ok()) << bad;
  }
  for (const char* url : {"--upload-pack=touch pwned", "ext::sh -c 'touch pwned'", "$(touch pwned)", "../remote.git"}) {
    model::GitSource from = git("main");
    from.url = url;
    EXPECT_EQ(resolve(from).error().code, ErrorCode::kInvalid) << url;
  }
  EXPECT_FALSE(os::exists("pwned"));
}

TEST(VersionChoice, TakesTheGreatest) {
  std::vector<std::string> tags = {"6.9.0", "6.10.0", "6.10.0-rc.1", "latest", "7.0.0", "6-alpine", "v6.2"};
  EXPECT_EQ(choose_version(">=6 <7", tags, "x").value(), "6.10.0");
  EXPECT_EQ(choose_version("6.*", tags, "x").value(), "6.10.0");
  EXPECT_EQ(choose_version("*", tags, "x").value(), "7.0.0");
  EXPECT_EQ(choose_version("l*", tags, "x").value(), "latest");
  EXPECT_EQ(choose_version("8.*", tags, "x").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(choose_version(">=oops", tags, "x").error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace pawl::registry
