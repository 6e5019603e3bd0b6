#include "os/plain_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"

namespace pawl::os {
namespace {

class PlainFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = make_temporary_folder("/tmp", "pawl-plain-test-").value();
    ASSERT_TRUE(make_folders(path("in/deep")).ok());
    ASSERT_TRUE(write_file(path("in/deep/a"), "one").ok());
    ASSERT_TRUE(write_file(path("out"), "secret").ok());
  }
  void TearDown() override { EXPECT_TRUE(remove_tree(folder_).ok()); }
  std::string path(const std::string& name) const { return join_path(folder_, name); }
  void link(const std::string& to, const std::string& from) { ASSERT_EQ(::symlink(to.c_str(), path(from).c_str()), 0); }
  std::string folder_;
};

TEST_F(PlainFiles, ReadsWhatNoLinkLeadsTo) {
  ASSERT_TRUE(write_file(path("in/run"), "", {.mode = 0755}).ok());
  OpenFolder in(path("in"));
  auto file = in.read("deep/a");
  ASSERT_TRUE(file.has_value()) << "openat2 is there since Linux 5.6";
  EXPECT_EQ(file->bytes, "one");
  EXPECT_FALSE(file->executable);
  EXPECT_TRUE(in.read("run").value().executable);
}

TEST_F(PlainFiles, SaysNothingOfAnythingElse) {
  link("deep/a", "in/link");
  link("deep", "in/folder-link");
  link("../out", "in/out-link");
  ASSERT_EQ(::mkfifo(path("in/fifo").c_str(), 0600), 0);
  OpenFolder in(path("in"));
  for (const char* name : {"link", "folder-link/a", "out-link", "../out", "deep/../../out", "fifo", "deep", "absent"})
    EXPECT_FALSE(in.read(name).has_value()) << name;
  EXPECT_FALSE(in.read(path("out")).has_value()) << "an absolute path";
  EXPECT_FALSE(in.read("deep/a", 2).has_value()) << "more than is asked for";
  EXPECT_FALSE(OpenFolder(path("absent")).read("deep/a").has_value());
}

}  // namespace
}  // namespace pawl::os
