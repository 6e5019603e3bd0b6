#include "os/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pawl::os {
namespace {

class Files : public testing::Test {
 protected:
  void SetUp() override { folder_ = make_temporary_folder("/tmp", "pawl-file-test-").value(); }
  void TearDown() override { EXPECT_TRUE(remove_tree(folder_).ok()); }
  std::string path(const std::string& name) const { return join_path(folder_, name); }
  std::string folder_;
};

TEST_F(Files, WritesAndReadsBack) {
  ASSERT_TRUE(write_file(path("a"), "one").ok());
  ASSERT_TRUE(write_file(path("a"), "two", {.mode = 0600}).ok());
  EXPECT_EQ(read_file(path("a")).value(), "two");
  struct stat status{};
  ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
  EXPECT_EQ(list_folder(folder_).value().size(), 1u) << "no temporary is left behind";
}

TEST_F(Files, ModeDoesNotDependOnTheUmask) {
  mode_t before = ::umask(0077);
  ASSERT_TRUE(write_file(path("a"), "x", {.mode = 0644}).ok());
  ::umask(before);
  struct stat status{};
  ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0644u);
}

TEST_F(Files, ExclusiveRefusesWhatIsThere) {
  ASSERT_TRUE(write_file(path("a"), "one", {.exclusive = true}).ok());
  EXPECT_EQ(write_file(path("a"), "two", {.exclusive = true}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(read_file(path("a")).value(), "one");
  EXPECT_EQ(list_folder(folder_).value().size(), 1u);
}

TEST_F(Files, ReadingIsBoundedAndNeverHangs) {
  ASSERT_TRUE(write_file(path("a"), "12345").ok());
  EXPECT_EQ(read_file(path("a"), 4).error().code, ErrorCode::kInvalid);
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_EQ(read_file(path("fifo")).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(read_file(path("absent")).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(read_file_if_present(path("absent")).value().has_value());
}

TEST_F(Files, ExchangesFolders) {
  ASSERT_TRUE(make_folders(path("x/deep")).ok());
  ASSERT_TRUE(make_folders(path("y")).ok());
  ASSERT_TRUE(exchange(path("x"), path("y")).ok());
  EXPECT_TRUE(exists(path("y/deep")));
  EXPECT_FALSE(exists(path("x/deep")));
}

TEST_F(Files, RemovesTreesWithoutFollowingLinks) {
  ASSERT_TRUE(make_folders(path("kept")).ok());
  ASSERT_TRUE(make_folders(path("gone")).ok());
  ASSERT_EQ(::symlink(path("kept").c_str(), path("gone/link").c_str()), 0);
  ASSERT_TRUE(remove_tree(path("gone")).ok());
  EXPECT_TRUE(exists(path("kept")));
  EXPECT_FALSE(exists(path("gone")));
}

TEST_F(Files, ALockIsHeldOnce) {
  {
    Result<FileLock> first = FileLock::acquire(path("lock"), 0);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(FileLock::acquire(path("lock"), 20).error().code, ErrorCode::kConflict);
  }
  EXPECT_TRUE(FileLock::acquire(path("lock"), 0).ok());
}

TEST(RelativeBelow, EndsAtFoldersAndKnowsTheTopOfAll) {
  EXPECT_EQ(relative_below("/srv", "/srv/a/b"), "a/b");
  EXPECT_EQ(relative_below("/srv", "/srv"), ".");
  EXPECT_EQ(relative_below("/srv", "/srvx/a"), std::nullopt);
  EXPECT_EQ(relative_below("/srv/a", "/srv"), std::nullopt);
  EXPECT_EQ(relative_below("/", "/srv/a"), "srv/a");
  EXPECT_EQ(relative_below("/", "/"), ".");
}

TEST(JoinChecked, X7_PathsThatLeaveTheRootAreRefused) {
  EXPECT_EQ(join_checked("/root", "a/b.yaml").value(), "/root/a/b.yaml");
  for (std::string bad : {"", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/.", "a\\b", "a\nb"}) {
    EXPECT_FALSE(join_checked("/root", bad).ok()) << bad;
  }
  EXPECT_FALSE(join_checked("/root", std::string("a\0b", 3)).ok());
  EXPECT_FALSE(join_checked("/root", std::string(5000, 'a')).ok());
}

}  // namespace
}  // namespace pawl::os
