#include "adapters/directory/directory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "os/file.h"

namespace pawl::directory {
namespace {

using model::LayerName;

class DirectoryTest : public testing::Test {
 protected:
  void SetUp() override { folder_ = os::make_temporary_folder("/tmp", "pawl-directory-").value(); }
  void TearDown() override { EXPECT_TRUE(os::remove_tree(folder_).ok()); }

  static std::string object(const std::string& value) {
    return "apiVersion: v1\ndata:\n  value: " + value + "\nkind: ConfigMap\nmetadata:\n  name: config\n";
  }
  static Result<std::vector<std::string>> promote(const std::string& path, std::uint64_t epoch,
                                                  const std::string& value, bool adopt = false) {
    auto target = open_directory(path);
    PAWL_TRY(target->claim({}, {"shop", "dev", epoch, epoch, adopt}));
    PAWL_TRY(target->apply({}, epoch, {LayerName("web"), object(value)}));
    return target->publish({}, {"shop", "dev", crypto::sha256(value), epoch, epoch}, {LayerName("web")}, {});
  }
  static std::string live(const std::string& path) { return open_directory(path)->read({})->layers["web"]; }
  std::vector<std::string> names(const std::string& path) const {
    std::vector<std::string> out;
    for (const os::FolderEntry& entry : os::list_folder(path).value()) out.push_back(entry.name);
    return out;
  }

  std::string folder_;
};

TEST_F(DirectoryTest, IsOneFileAnObjectAndAReceipt) {
  ASSERT_TRUE(promote(folder_ + "/live/dev", 1, "one").ok());
  EXPECT_EQ(names(folder_ + "/live/dev"), (std::vector<std::string>{".pawl-receipt.json", "web"}));
  EXPECT_EQ(os::read_file(folder_ + "/live/dev/web/configmap.config.yaml").value(), object("one"));
  EXPECT_EQ(names(folder_ + "/live"), (std::vector<std::string>{".dev.pawl-lock", "dev"})) << "nothing else is left";
}

TEST_F(DirectoryTest, R1_WhatACrashLeftIsSweptUpByTheNextClaim) {
  std::string path = folder_ + "/dev";
  ASSERT_TRUE(promote(path, 1, "one").ok());
  ASSERT_TRUE(os::make_folders(folder_ + "/.dev.pawl-stage-7/web").ok());
  ASSERT_TRUE(os::write_file(folder_ + "/.dev.pawl-stage-7/web/half.yaml", "half").ok());
  ASSERT_TRUE(os::write_file(path + "/..pawl-receipt.json.x1.tmp", "torn").ok());
  ASSERT_TRUE(os::make_folders(folder_ + "/.development.pawl-stage-7").ok());
  ASSERT_TRUE(promote(path, 2, "two").ok());
  EXPECT_EQ(live(path), object("two"));
  EXPECT_TRUE(open_directory(path)->read({})->foreign.empty());
  EXPECT_EQ(names(folder_), (std::vector<std::string>{".dev.pawl-lock", ".development.pawl-stage-7", "dev"}))
      << "and nothing of another target";
}

TEST_F(DirectoryTest, ForeignFilesKeepTheirBytesAndTheirMode) {
  std::string path = folder_ + "/dev";
  ASSERT_TRUE(os::make_folders(path + "/tools").ok());
  ASSERT_TRUE(os::write_file(path + "/tools/run.sh", "#!/bin/sh\n", {.mode = 0755}).ok());
  ASSERT_TRUE(promote(path, 1, "one", true).ok());
  ASSERT_TRUE(promote(path, 2, "two").ok());
  EXPECT_EQ(os::read_file(path + "/tools/run.sh").value(), "#!/bin/sh\n");
  EXPECT_TRUE(os::is_executable(path + "/tools/run.sh").value());
}

TEST_F(DirectoryTest, ALinkToTheFolderStaysALink) {
  ASSERT_TRUE(os::make_folders(folder_ + "/elsewhere/dev").ok());
  ASSERT_EQ(::symlink("elsewhere/dev", (folder_ + "/dev").c_str()), 0);
  ASSERT_TRUE(promote(folder_ + "/dev", 1, "one").ok());
  ASSERT_TRUE(promote(folder_ + "/dev/", 2, "two").ok()) << "a slash at the end changes nothing";
  EXPECT_EQ(os::kind_of(folder_ + "/dev"), os::EntryKind::kLink);
  EXPECT_EQ(os::read_file(folder_ + "/elsewhere/dev/web/configmap.config.yaml").value(), object("two"));
}

TEST_F(DirectoryTest, AManagedFileThatBecameALinkIsNotFollowed) {
  std::string path = folder_ + "/dev";
  ASSERT_TRUE(promote(path, 1, "one").ok());
  ASSERT_TRUE(os::write_file(folder_ + "/secret", "s3cret").ok());
  ASSERT_TRUE(os::remove_tree(path + "/web/configmap.config.yaml").ok());
  ASSERT_EQ(::symlink((folder_ + "/secret").c_str(), (path + "/web/configmap.config.yaml").c_str()), 0);
  EXPECT_EQ(live(path), "");
  EXPECT_EQ(promote(path, 2, "one").value(), std::vector<std::string>{"web/configmap.config.yaml"});
  EXPECT_EQ(os::read_file(folder_ + "/secret").value(), "s3cret");
}

TEST_F(DirectoryTest, AReceiptThatCannotBeReadIsNotTakenForNone) {
  std::string path = folder_ + "/dev";
  ASSERT_TRUE(promote(path, 1, "one").ok());
  ASSERT_TRUE(os::write_file(path + "/.pawl-receipt.json", "{").ok());
  Result<std::vector<std::string>> refused = promote(path, 2, "two", true);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kIntegrity);
}

}  // namespace
}  // namespace pawl::directory
