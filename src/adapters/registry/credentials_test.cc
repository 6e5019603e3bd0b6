#include "adapters/registry/credentials.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/encoding.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::registry {
namespace {

class CredentialsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = os::make_temporary_folder("/tmp", "pawl-credentials-").value();
    path_ = os::environment("PATH").value_or("");
    ASSERT_EQ(::setenv("PATH", (folder_ + ":" + path_).c_str(), 1), 0);
  }
  void TearDown() override {
    ASSERT_EQ(::setenv("PATH", path_.c_str(), 1), 0);
    EXPECT_TRUE(os::remove_tree(folder_).ok());
  }
  void configure(const std::string& json) { ASSERT_TRUE(os::write_file(folder_ + "/config.json", json).ok()); }
  void add_helper(const std::string& name, const std::string& script) {
    ASSERT_TRUE(
        os::write_file(folder_ + "/docker-credential-" + name, "#!/bin/sh\n" + script + "\n", {.mode = 0755}).ok());
  }
  Result<Credentials> find(const std::string& registry) { return find_credentials({}, folder_, registry); }

  std::string folder_;
  std::string path_;
};

TEST_F(CredentialsTest, AreAbsentWithoutAFile) {
  EXPECT_TRUE(find("ghcr.io").value().empty());
  EXPECT_TRUE(find_credentials({}, "", "ghcr.io").value().empty());
}

TEST_F(CredentialsTest, AreReadUnderEveryNameThatDockerWrites) {
  std::string auth = to_base64("ada:with:colon");
  configure("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" + auth + "\"},\"https://ghcr.io\":{\"auth\":\"" +
            auth + "\"},\"quay.io\":{\"identitytoken\":\"t0ken\"}}}");
  for (const char* registry : {"docker.io", "ghcr.io"})
    EXPECT_EQ(find(registry).value().basic(), "Basic " + to_base64("ada:with:colon")) << registry;
  EXPECT_EQ(find("quay.io").value().identity_token, "t0ken");
  EXPECT_TRUE(find("other.example").value().empty());
}

TEST_F(CredentialsTest, AHelperIsAskedOverItsInputAndNeverOverItsArguments) {
  add_helper("test", "echo \"$@\" >" + folder_ + "/arguments; cat >" + folder_ +
                         "/input; echo '{\"ServerURL\":\"x\",\"Username\":\"ada\",\"Secret\":\"s3cret\"}'");
  configure("{\"credsStore\":\"test\"}");
  EXPECT_EQ(find("ghcr.io").value().basic(), "Basic " + to_base64("ada:s3cret"));
  EXPECT_EQ(os::read_file(folder_ + "/arguments").value(), "get\n");
  EXPECT_EQ(os::read_file(folder_ + "/input").value(), "ghcr.io");
  EXPECT_FALSE(find("docker.io").value().empty());
  EXPECT_EQ(os::read_file(folder_ + "/input").value(), "https://index.docker.io/v1/");
}

TEST_F(CredentialsTest, ARegistrysOwnHelperComesFirstAndATokenIsAToken) {
  add_helper("own", "echo '{\"Username\":\"<token>\",\"Secret\":\"refresh\"}'");
  add_helper("all", "echo '{\"Username\":\"ada\",\"Secret\":\"s3cret\"}'");
  configure("{\"credsStore\":\"all\",\"credHelpers\":{\"ghcr.io\":\"own\"}}");
  EXPECT_EQ(find("ghcr.io").value().identity_token, "refresh");
  EXPECT_EQ(find("quay.io").value().user, "ada");
}

TEST_F(CredentialsTest, AHelperThatKnowsNothingLeavesTheFile) {
  add_helper("empty", "echo 'credentials not found in native keychain'; exit 1");
  configure("{\"credsStore\":\"empty\",\"auths\":{\"ghcr.io\":{\"auth\":\"" + to_base64("ada:file") + "\"}}}");
  EXPECT_EQ(find("ghcr.io").value().password, "file");
}

TEST_F(CredentialsTest, WhatFailsIsSaidWithoutWhatItHolds) {
  add_helper("broken", "echo 's3cret'; echo 's3cret' >&2; exit 3");
  configure("{\"credsStore\":\"broken\"}");
  Result<Credentials> broken = find("ghcr.io");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, ErrorCode::kDenied);
  EXPECT_EQ(broken.error().text().find("s3cret"), std::string::npos);
  configure("{\"credsStore\":\"broken\", s3cret");
  Result<Credentials> garbled = find("ghcr.io");
  ASSERT_FALSE(garbled.ok());
  EXPECT_EQ(garbled.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(garbled.error().text().find("s3cret"), std::string::npos);
  EXPECT_TRUE(garbled.error().diagnostics.empty());
}

TEST_F(CredentialsTest, X9_AHelpersNameIsNoPathAndNoCommand) {
  for (const char* name : {"../../bin/sh", "a b", "x;id", "-x", "$(id)"}) {
    configure("{\"credsStore\":\"" + std::string(name) + "\"}");
    Result<Credentials> found = find("ghcr.io");
    ASSERT_FALSE(found.ok()) << name;
    EXPECT_EQ(found.error().code, ErrorCode::kInvalid) << name;
  }
}

}  // namespace
}  // namespace pawl::registry
