#include "adapters/git/git.h"

#include <gtest/gtest.h>

#include "adapters/git/remote.h"
#include "base/text.h"
#include "os/file.h"
#include "os/git.h"

namespace pawl::git {
namespace {

using model::LayerName;

class GitTargetTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = os::make_temporary_folder("/tmp", "pawl-git-target-").value();
    ASSERT_TRUE(os::make_bare_repository({}, bare()).ok());
  }
  void TearDown() override { EXPECT_TRUE(os::remove_tree(folder_).ok()); }

  std::string bare() const { return folder_ + "/remote.git"; }
  std::string url() const { return "file://" + bare(); }
  Options options() const { return {url(), "main", "deploy", folder_ + "/cache"}; }
  std::string ask(std::vector<std::string> arguments) const {
    Result<std::string> out = os::git({}, {bare(), std::move(arguments), ""});
    return out ? std::string(trim(*out)) : "error: " + out.error().text();
  }

  static std::string object(const std::string& value) {
    return "apiVersion: v1\ndata:\n  value: " + value + "\nkind: ConfigMap\nmetadata:\n  name: config\n";
  }
  static ports::Receipt receipt_of(std::uint64_t epoch, const std::string& value) {
    return {"shop", "production", crypto::sha256(value), epoch, 12};
  }
  static Result<std::vector<std::string>> publish(ports::Target& target, std::uint64_t epoch,
                                                  const std::string& value) {
    PAWL_TRY(target.claim({}, {"shop", "production", epoch, 12, false}));
    PAWL_TRY(target.apply({}, epoch, {LayerName("web"), object(value)}));
    return target.publish({}, receipt_of(epoch, value), {LayerName("web")}, {"1.1.0", "sha256:abc", 41, "ada"});
  }

  // A commit upon main by somebody else, as an object of the remote that no branch names yet.
  std::string foreign_commit(const std::string& path, const std::string& bytes) {
    Remote theirs(url(), folder_ + "/theirs");
    auto lock = theirs.lock({});
    auto tip = theirs.fetch({}, {"refs/heads/main"}).value()[0];
    std::string made = theirs.commit({}, {"Eve <eve@example.com>", "by hand\n", tip, {{path, bytes}}}).value();
    EXPECT_TRUE(theirs.push({}, {{"refs/tmp/foreign", std::nullopt, made}}).value());
    return made;
  }
  // What the server does when a push arrives, before it looks at the refs.
  void on_receive(const std::string& script) {
    ASSERT_TRUE(os::make_folders(bare() + "/hooks").ok());
    ASSERT_TRUE(os::write_file(bare() + "/hooks/pre-receive", "#!/bin/sh\n" + script, {.mode = 0755}).ok());
  }

  std::string folder_;
};

TEST_F(GitTargetTest, IsOneCommitAPromotionWithTrailers) {
  auto target = open_git(options());
  ASSERT_TRUE(publish(*target, 1, "one").ok());
  ASSERT_TRUE(publish(*target, 2, "two").ok());
  EXPECT_EQ(ask({"rev-list", "--count", "main"}), "2");
  EXPECT_EQ(ask({"show", "main:deploy/web/configmap.config.yaml"}) + "\n", object("two"));
  std::string message = ask({"log", "-1", "--format=%an <%ae>%n%B", "main"});
  for (const char* line : {"Pawl <pawl@localhost>", "production: shop 1.1.0", "Pawl-Project: shop",
                           "Pawl-Environment: production", "Pawl-Release: 1.1.0 sha256:abc", "Pawl-Promotion: 12",
                           "Pawl-Epoch: 2", "Pawl-Ledger-Index: 41", "Pawl-Actor: ada"})
    EXPECT_NE(message.find(line), std::string::npos) << line << " in\n" << message;
  EXPECT_NE(message.find("Pawl-Bundle: " + crypto::sha256("two").str()), std::string::npos);
  ASSERT_TRUE(publish(*target, 2, "two").ok());
  EXPECT_EQ(ask({"rev-list", "--count", "main"}), "2") << "the same again makes no commit";
}

TEST_F(GitTargetTest, GoesOnTopOfAForeignCommitThatWasFirst) {
  auto target = open_git(options());
  ASSERT_TRUE(publish(*target, 1, "one").ok());
  std::string foreign = foreign_commit("README.md", "hello\n");
  on_receive("if [ ! -e raced ]; then : >raced; unset GIT_QUARANTINE_PATH; git update-ref refs/heads/main " + foreign +
             "; fi\n");
  ASSERT_TRUE(target->claim({}, {"shop", "production", 2, 12, false}).ok());
  ASSERT_TRUE(os::remove_tree(bare() + "/raced").ok());
  ASSERT_EQ(ask({"update-ref", "refs/heads/main", foreign + "^"}), "");
  auto done = publish(*target, 2, "two");
  ASSERT_TRUE(done.ok()) << done.error().text();
  ASSERT_TRUE(os::exists(bare() + "/raced"));
  EXPECT_EQ(ask({"rev-parse", "main^"}), foreign);
  EXPECT_EQ(ask({"show", "main:README.md"}), "hello");
  EXPECT_EQ(ask({"show", "main:deploy/web/configmap.config.yaml"}) + "\n", object("two"));
}

TEST_F(GitTargetTest, R4_AClaimThatMovesWhileAPushIsUnderWayStopsTheWholePush) {
  auto target = open_git(options());
  ASSERT_TRUE(publish(*target, 1, "one").ok());
  std::string tip = ask({"rev-parse", "main"});
  ASSERT_TRUE(target->claim({}, {"shop", "production", 2, 12, false}).ok());
  ASSERT_TRUE(target->apply({}, 2, {LayerName("web"), object("two")}).ok());
  std::string ref = ask({"for-each-ref", "--format=%(refname)", "refs/pawl/claims"});
  // Somebody claims epoch 3; the server is put back, and moves on to it in the middle of the push that follows.
  std::string second = ask({"rev-parse", ref});
  ASSERT_TRUE(open_git(options())->claim({}, {"shop", "production", 3, 13, false}).ok());
  std::string third = ask({"rev-parse", ref});
  ASSERT_EQ(ask({"update-ref", ref, second}), "");
  on_receive("unset GIT_QUARANTINE_PATH; git update-ref " + ref + " " + third + "\n");
  auto late = target->publish({}, receipt_of(2, "two"), {LayerName("web")}, {});
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kConflict) << late.error().text();
  EXPECT_NE(late.error().text().find("epoch 3"), std::string::npos);
  EXPECT_EQ(ask({"rev-parse", "main"}), tip) << "nothing was written";
}

TEST_F(GitTargetTest, AHookThatSaysNoIsTheAnswer) {
  on_receive("echo 'not on a Friday' >&2; exit 1\n");
  auto refused = publish(*open_git(options()), 1, "one");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kDenied) << refused.error().text();
  EXPECT_NE(refused.error().text().find("hook declined"), std::string::npos) << refused.error().text();
}

TEST_F(GitTargetTest, NamesWhoEditedAFile) {
  auto target = open_git(options());
  ASSERT_TRUE(publish(*target, 1, "one").ok());
  std::string edit = foreign_commit("deploy/web/configmap.config.yaml", object("edited"));
  ASSERT_EQ(ask({"update-ref", "refs/heads/main", edit}), "");
  ports::Live live = target->read({}).value();
  EXPECT_EQ(live.layers["web"], object("edited"));
  std::string who = live.changed_by["web/configmap.config.yaml"];
  EXPECT_TRUE(who.starts_with("Eve <eve@example.com>, 20")) << who;
}

TEST_F(GitTargetTest, LeavesTheRestOfTheBranchAlone) {
  std::string first = foreign_commit("docs/readme.md", "text\n");
  ASSERT_EQ(ask({"update-ref", "refs/heads/main", first}), "");
  auto target = open_git(options());
  EXPECT_FALSE(target->inspect({})->foreign) << "what lies outside of the folder does not count";
  ASSERT_TRUE(publish(*target, 1, "one").ok());
  EXPECT_EQ(ask({"show", "main:docs/readme.md"}), "text");
  EXPECT_TRUE(target->read({})->foreign.empty());
}

TEST_F(GitTargetTest, AReceiptOfTheRemoteReachesNothingOutsideOfTheFolder) {
  std::string receipt =
      "{\"digests\":{},\"order\":[\"../docs/readme.md\"],\"receipt\":{\"environment\":\"production\","
      "\"epoch\":0,\"project\":\"shop\",\"promotion\":0}}";
  std::string first = foreign_commit("docs/readme.md", "text\n");
  ASSERT_EQ(ask({"update-ref", "refs/heads/main", first}), "");
  Remote theirs(url(), folder_ + "/theirs");
  std::string second =
      theirs.commit({}, {"Eve <eve@example.com>", "x\n", first, {{"deploy/.pawl-receipt.json", receipt}}}).value();
  ASSERT_TRUE(theirs.push({}, {{"refs/heads/main", first, second}}).value());
  auto done = publish(*open_git(options()), 1, "one");
  ASSERT_TRUE(done.ok()) << done.error().text();
  EXPECT_EQ(ask({"show", "main:docs/readme.md"}), "text");
}

TEST_F(GitTargetTest, X8_AReleaseNameCannotForgeATrailer) {
  auto target = open_git(options());
  ASSERT_TRUE(target->claim({}, {"shop", "production", 1, 1, false}).ok());
  ASSERT_TRUE(target->apply({}, 1, {LayerName("web"), object("one")}).ok());
  ASSERT_TRUE(
      target->publish({}, receipt_of(1, "one"), {LayerName("web")}, {"1\nPawl-Epoch: 99", "", 1, "a\x1b[2Jb"}).ok());
  std::string message = ask({"log", "-1", "--format=%B", "main"});
  EXPECT_EQ(message.find("\nPawl-Epoch: 99"), std::string::npos) << message;
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
}

TEST_F(GitTargetTest, X9_NothingOfTheConfigurationIsAnOption) {
  for (const char* branch : {"--upload-pack=touch pwned", "-d", "a b", "a:refs/heads/other", "main..x", ""}) {
    Options bad = options();
    bad.branch = branch;
    Result<ports::TargetState> state = open_git(bad)->inspect({});
    ASSERT_FALSE(state.ok()) << branch;
    EXPECT_EQ(state.error().code, ErrorCode::kInvalid) << branch;
  }
  for (const char* from : {"ext::sh -c 'touch pwned'", "--upload-pack=touch pwned", "ssh://-oProxyCommand=touch/x"}) {
    Options bad = options();
    bad.url = from;
    EXPECT_EQ(open_git(bad)->inspect({}).error().code, ErrorCode::kInvalid) << from;
  }
  for (const char* folder : {"../x", "/etc", "a//b", "a/../../b"}) {
    Options bad = options();
    bad.folder = folder;
    EXPECT_EQ(open_git(bad)->inspect({}).error().code, ErrorCode::kInvalid) << folder;
  }
  EXPECT_FALSE(os::exists("pwned"));
}

TEST_F(GitTargetTest, SaysThatARemoteIsNotThere) {
  Options absent = options();
  absent.url = "file://" + folder_ + "/none.git";
  EXPECT_EQ(open_git(absent)->inspect({}).error().code, ErrorCode::kNotFound);
  absent.url = "http://127.0.0.1:1/x.git";
  EXPECT_EQ(open_git(absent)->inspect({}).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace pawl::git
