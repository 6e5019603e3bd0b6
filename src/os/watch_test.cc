#include "os/watch.h"

#include <gtest/gtest.h>

#include "os/file.h"

namespace pawl::os {
namespace {

class FolderWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = make_temporary_folder(testing::TempDir(), "watch-").value();
    ASSERT_TRUE(make_folders(root_ + "/deploy/base").ok());
    ASSERT_TRUE(make_folders(root_ + "/.git").ok());
  }
  void TearDown() override { (void)remove_tree(root_).ok(); }

  Status wait(FolderWatch& watch) { return watch.wait(Context{}.within(std::chrono::milliseconds(300))); }

  std::string root_;
};

TEST_F(FolderWatchTest, NoticesWhatIsWrittenFarBelow) {
  FolderWatch watch = FolderWatch::open(root_, {".git"}).value();
  EXPECT_EQ(wait(watch).error().code, ErrorCode::kTimeout) << "nothing happened yet";
  ASSERT_TRUE(write_file(root_ + "/deploy/base/a.yaml", "a: 1\n").ok());
  EXPECT_TRUE(wait(watch).ok());
  EXPECT_EQ(wait(watch).error().code, ErrorCode::kTimeout) << "what was noticed is noticed once";
}

TEST_F(FolderWatchTest, NoticesFilesOfFoldersThatCameLater) {
  FolderWatch watch = FolderWatch::open(root_, {".git"}).value();
  ASSERT_TRUE(make_folders(root_ + "/deploy/overlay/dev").ok());
  ASSERT_TRUE(wait(watch).ok());
  ASSERT_TRUE(write_file(root_ + "/deploy/overlay/dev/b.yaml", "b: 1\n").ok());
  EXPECT_TRUE(wait(watch).ok());
}

TEST_F(FolderWatchTest, LeavesOutWhatItIsTold) {
  FolderWatch watch = FolderWatch::open(root_, {".git"}).value();
  ASSERT_TRUE(write_file(root_ + "/.git/index", "x").ok());
  EXPECT_EQ(wait(watch).error().code, ErrorCode::kTimeout);
}

TEST_F(FolderWatchTest, AStopEndsTheWait) {
  FolderWatch watch = FolderWatch::open(root_, {}).value();
  std::stop_source stop;
  stop.request_stop();
  Context context;
  context.stop = stop.get_token();
  EXPECT_EQ(watch.wait(context).error().code, ErrorCode::kInterrupted);
}

}  // namespace
}  // namespace pawl::os
