#include "os/sync.h"

#include <gtest/gtest.h>

#include "os/file.h"

namespace pawl::os {
namespace {

// What a sync keeps over a power failure no test here can see; what it cannot sync it must not call synced.
TEST(SyncFiles, R6_AFileThatCannotBeSyncedIsAnErrorThatNamesIt) {
  std::string folder = make_temporary_folder("/tmp", "pawl-sync-test-").value();
  ASSERT_TRUE(write_file(folder + "/a", "x", {.durable = false}));
  EXPECT_TRUE(sync_files({folder + "/a"}));
  EXPECT_TRUE(sync_files({}));
  Status status = sync_files({folder + "/a", folder + "/gone"});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(status.error().message.find(folder + "/gone"), std::string::npos);
  EXPECT_TRUE(remove_tree(folder));
}

}  // namespace
}  // namespace pawl::os
