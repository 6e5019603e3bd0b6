// The small twins: clock, entropy, signer, checks, targets, sources, workspace.
#include <gtest/gtest.h>

#include "adapters/memory/blobs.h"
#include "adapters/memory/checks.h"
#include "adapters/memory/clock.h"
#include "adapters/memory/entropy.h"
#include "adapters/memory/executor.h"
#include "adapters/memory/notifier.h"
#include "adapters/memory/signer.h"
#include "adapters/memory/source_reader.h"
#include "adapters/memory/targets.h"
#include "adapters/memory/workspace.h"

namespace pawl::memory {
namespace {

const Context kContext;

TEST(MemoryClock, StandsUntilItIsMoved) {
  Clock clock(Time(Duration(1000)));
  clock.advance(Duration(500));
  EXPECT_EQ(clock.now(), Time(Duration(1500)));
  clock.set(Time(Duration(10)));
  EXPECT_EQ(clock.now(), Time(Duration(10)));
}

TEST(MemoryEntropy, IsAFunctionOfTheSeed) {
  Entropy a(7), b(7), c(8);
  std::string first = a.bytes(20);
  EXPECT_EQ(first.size(), 20u);
  EXPECT_EQ(first, b.bytes(20));
  EXPECT_NE(first, c.bytes(20));
  EXPECT_NE(a.bytes(20), first);
}

TEST(MemorySigner, SignsWithTheKeyOfTheRole) {
  Signer signer;
  EXPECT_EQ(signer.public_key(ports::KeyRole::kPersonal).value(), std::nullopt);
  EXPECT_EQ(signer.sign(kContext, ports::KeyRole::kPersonal, "x").error().code, ErrorCode::kNotFound);
  signer.set(ports::KeyRole::kPersonal, Signer::key_of("ada"));
  std::string signature = signer.sign(kContext, ports::KeyRole::kPersonal, "x").value();
  EXPECT_TRUE(Signer::key_of("ada").public_key().verify("x", signature));
  EXPECT_FALSE(Signer::key_of("grace").public_key().verify("x", signature));
}

TEST(MemoryChecks, AnswersAsItWasTold) {
  Checks checks;
  checks.answer("smoke", {.passed = false, .reason = "exit status 1"});
  EXPECT_FALSE(checks.run(kContext, {.name = "smoke"}).value().passed);
  EXPECT_TRUE(checks.run(kContext, {.name = "other"}).value().passed);
  EXPECT_EQ(checks.requests().size(), 2u);
}

TEST(MemoryExecutor, RunsEveryTaskInOrder) {
  std::vector<std::size_t> order;
  Executor().for_each(3, [&](std::size_t i) { order.push_back(i); });
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(MemoryNotifier, RemembersWhatItWasTold) {
  Notifier notifier;
  notifier.notify({.step = "apply", .thing = "layer web"});
  ASSERT_EQ(notifier.seen().size(), 1u);
  EXPECT_EQ(notifier.seen()[0].thing, "layer web");
}

class MemoryTarget : public testing::Test {
 protected:
  Target target_;
  model::LayerName web_{"web"};

  Status claim(std::uint64_t epoch, bool adopt = false, const std::string& project = "shop") {
    Result<ports::TargetState> state = target_.claim(kContext, {project, "dev", epoch, 1, adopt});
    return state ? Status() : Status(state.error());
  }
  Result<std::vector<std::string>> publish(std::uint64_t epoch, const std::string& yaml) {
    PAWL_TRY(target_.apply(kContext, epoch, {web_, yaml}));
    return target_.publish(kContext, {"shop", "dev", crypto::sha256(yaml), epoch, 1}, {web_}, {});
  }
};

TEST_F(MemoryTarget, ShowsALayerOnlyOncePublished) {
  ASSERT_TRUE(claim(1));
  ASSERT_TRUE(target_.apply(kContext, 1, {web_, "a"}));
  EXPECT_TRUE(target_.read(kContext).value().layers.empty());
  ASSERT_TRUE(publish(1, "b"));
  EXPECT_EQ(target_.read(kContext).value().layers.at("web"), "b");
  EXPECT_EQ(target_.inspect(kContext).value().receipt->bundle, crypto::sha256("b"));
}

TEST_F(MemoryTarget, R4_ALowerEpochIsFencedOff) {
  ASSERT_TRUE(claim(1));
  ASSERT_TRUE(target_.apply(kContext, 1, {web_, "slow"}));
  ASSERT_TRUE(claim(2));
  EXPECT_EQ(claim(1).error().code, ErrorCode::kConflict);
  EXPECT_EQ(target_.apply(kContext, 1, {web_, "slow"}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(target_.publish(kContext, {"shop", "dev", std::nullopt, 1, 1}, {web_}, {}).error().code,
            ErrorCode::kConflict);
  ASSERT_TRUE(publish(2, "fast"));
  EXPECT_EQ(target_.read(kContext).value().layers.at("web"), "fast");
}

TEST_F(MemoryTarget, R1_ACrashLosesWhatWasOnlyStaged) {
  ASSERT_TRUE(claim(1));
  ASSERT_TRUE(publish(1, "old"));
  ASSERT_TRUE(target_.apply(kContext, 1, {web_, "new"}));
  target_.crash();
  EXPECT_EQ(target_.publish(kContext, {"shop", "dev", std::nullopt, 1, 1}, {web_}, {}).error().code,
            ErrorCode::kConflict);
  EXPECT_EQ(target_.read(kContext).value().layers.at("web"), "old");
}

TEST_F(MemoryTarget, TellsWhichHandEditsItOverwrote) {
  ASSERT_TRUE(claim(1));
  EXPECT_TRUE(publish(1, "a").value().empty());
  target_.edit("web", "edited", "ada");
  EXPECT_EQ(target_.read(kContext).value().changed_by.at("web"), "ada");
  EXPECT_EQ(publish(1, "b").value(), std::vector<std::string>{"web"});
  EXPECT_TRUE(publish(1, "c").value().empty());
}

TEST_F(MemoryTarget, TakesOverForeignThingsOnlyWhenAsked) {
  target_.add_foreign("notes.txt");
  EXPECT_TRUE(target_.inspect(kContext).value().foreign);
  EXPECT_EQ(claim(1).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(claim(1, true));
  EXPECT_EQ(claim(2, false, "other").error().code, ErrorCode::kConflict);
}

TEST(MemoryTargetDisk, R6_APublishThatWasNotSyncedIsLostInACrash) {
  bool honest = true;
  Target target({}, [&](std::string_view) { return honest; });
  model::LayerName web("web");
  auto publish = [&](const std::string& yaml, std::uint64_t epoch) {
    target.claim(kContext, {"shop", "dev", epoch, 1, false}).value();
    target.apply(kContext, epoch, {web, yaml}).value();
    target.publish(kContext, {"shop", "dev", crypto::sha256(yaml), epoch, 1}, {web}, {}).value();
  };
  publish("old", 1);
  honest = false;
  publish("new", 2);
  EXPECT_EQ(target.read(kContext).value().layers.at("web"), "new");
  target.crash();
  EXPECT_EQ(target.read(kContext).value().layers.at("web"), "old");
  EXPECT_EQ(target.inspect(kContext).value().receipt->epoch, 1u);
}

TEST(MemoryBlobsDisk, R6_ABlobThatWasNotSyncedIsLostInACrashUntilItIs) {
  bool honest = false;
  Blobs blobs({}, [&](std::string_view) { return honest; });
  crypto::Digest digest = blobs.put(kContext, "text/plain", "a").value().digest;
  EXPECT_TRUE(blobs.has(kContext, digest).value());
  blobs.crash();
  EXPECT_FALSE(blobs.has(kContext, digest).value());
  blobs.put(kContext, "text/plain", "a").value();
  honest = true;
  blobs.put(kContext, "text/plain", "a").value();
  blobs.crash();
  EXPECT_TRUE(blobs.has(kContext, digest).value()) << "the second put synced what the first did not";
}

TEST(MemorySources, ATagCanMoveAndADigestCannot) {
  SourceReader sources;
  crypto::Digest first = sources.set_image("redis:7", "one");
  format::ImageReference redis = format::parse_image_reference("redis:7").value();
  EXPECT_EQ(sources.resolve_image(kContext, redis).value().digest, first);
  crypto::Digest second = sources.set_image("redis:7", "two");
  model::LockedImage locked = sources.resolve_image(kContext, redis).value();
  EXPECT_EQ(locked.digest, second);
  EXPECT_EQ(locked.reference, "redis:7");
  EXPECT_EQ(sources.fetch_manifest(kContext, redis, first).value(), "one");
  EXPECT_EQ(sources.list_tags(kContext, redis).value(), std::vector<std::string>{"7"});
  format::ImageReference absent = format::parse_image_reference("redis:8").value();
  EXPECT_EQ(sources.resolve_image(kContext, absent).error().code, ErrorCode::kNotFound);
}

TEST(MemorySources, A1_OtherFilesUnderALockedDigestAreRefused) {
  SourceReader sources;
  model::Source source{
      .name = "base", .from = model::GitSource{.url = "https://git.example.com/base.git"}, .version = "v1"};
  sources.set_source("base", "v1.0.0", {{"a.yaml", "a: 1\n"}});
  model::LockedSource locked = sources.resolve(kContext, source).value();
  EXPECT_EQ(locked.kind, "git");
  EXPECT_EQ(sources.fetch(kContext, source, locked).value().size(), 1u);
  sources.set_source("base", "v1.0.0", {{"a.yaml", "a: 2\n"}});
  EXPECT_EQ(sources.fetch(kContext, source, locked).error().code, ErrorCode::kIntegrity);
}

TEST(MemoryWorkspace, ReadsAndListsWhatIsBelowAFolder) {
  Workspace workspace({{"deploy/a.yaml", "a"}, {"deploy/sub/b.yaml", "b"}, {"pawl.yaml", "p"}});
  using Paths = std::vector<std::string>;
  EXPECT_EQ(workspace.list("deploy").value(), (Paths{"deploy/a.yaml", "deploy/sub/b.yaml"}));
  EXPECT_EQ(workspace.list("absent").value(), std::nullopt);
  EXPECT_EQ(workspace.list(".").value()->size(), 3u);
  EXPECT_EQ(workspace.read_tree("deploy/sub").value().at(0).path, "deploy/sub/b.yaml");
  EXPECT_EQ(workspace.read("absent").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(workspace.read("../outside").error().code, ErrorCode::kInvalid);
}

TEST(MemoryWorkspace, KnowsWhatDiffersFromTheCommit) {
  Workspace workspace({{"deploy/a", "1"}, {"deploy/b", "1"}});
  EXPECT_FALSE(workspace.revision(kContext).value().in_git);
  std::string commit = workspace.commit();
  EXPECT_EQ(workspace.revision(kContext).value().commit, commit);
  ASSERT_TRUE(workspace.write("deploy/a", "2"));
  ASSERT_TRUE(workspace.write("deploy/c", "new"));
  workspace.remove("deploy/b");
  std::vector<std::string> all{"deploy/a", "deploy/b", "deploy/c", "deploy/d"};
  EXPECT_EQ(workspace.changed(kContext, all).value(), (std::vector<std::string>{"deploy/a", "deploy/b", "deploy/c"}));
  ports::FileTree then = workspace.read_tree_at(kContext, commit, "deploy").value();
  ASSERT_EQ(then.size(), 2u);
  EXPECT_EQ(then[0].path, "a");
  EXPECT_EQ(then[0].bytes, "1");
}

TEST(MemoryFault, FailsTheCallThatItNames) {
  Fault fault = [](std::string_view call) -> Status {
    if (call == "workspace.write") return Error(ErrorCode::kUnavailable, "no space");
    return {};
  };
  Workspace workspace({{"a", "1"}}, fault);
  EXPECT_EQ(workspace.write("a", "2").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(workspace.read("a").value(), "1");
}

}  // namespace
}  // namespace pawl::memory
