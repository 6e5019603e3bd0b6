// What every Cache must do.
#include "adapters/local/cache.h"
#include "adapters/memory/cache.h"
#include "os/file.h"
#include "tests/contract/folder.h"

namespace pawl::contract {
namespace {

class CacheContract : public testing::TestWithParam<std::string> {
 protected:
  std::shared_ptr<ports::Cache> open() {
    if (GetParam() == "memory") return std::make_shared<memory::Cache>();
    return local::open_cache(folder_.path() + "/cache", 4);
  }
  Folder folder_;
};

INSTANTIATE_TEST_SUITE_P(Adapters, CacheContract, testing::Values("memory", "local"),
                         [](const auto& adapter) { return adapter.param; });

TEST_P(CacheContract, GivesBackWhatWasPutLast) {
  std::shared_ptr<ports::Cache> cache = open();
  crypto::Digest key = crypto::sha256("key");
  EXPECT_EQ(cache->get(key), std::nullopt);
  cache->put(key, std::string_view("zero\0byte", 9));
  EXPECT_EQ(cache->get(key), std::string("zero\0byte", 9));
  cache->put(key, "");
  EXPECT_EQ(cache->get(key), "");
  EXPECT_EQ(cache->get(crypto::sha256("other")), std::nullopt);
}

TEST(FolderCache, KeepsTheNewestAndSurvivesTheLossOfItsFolder) {
  Folder folder;
  std::string place = folder.path() + "/cache";
  std::shared_ptr<ports::Cache> cache = local::open_cache(place, 4);
  for (int i = 0; i < 10; ++i) cache->put(crypto::sha256(std::to_string(i)), "bytes");
  EXPECT_EQ(os::list_folder(place).value().size(), 4u);
  EXPECT_EQ(cache->get(crypto::sha256("9")), "bytes");
  ASSERT_TRUE(os::remove_tree(place).ok());
  EXPECT_EQ(cache->get(crypto::sha256("9")), std::nullopt);
  cache->put(crypto::sha256("9"), "again");
  EXPECT_EQ(cache->get(crypto::sha256("9")), "again");
}

TEST(FolderCache, WhereNothingCanBeWrittenNothingIsKept) {
  std::shared_ptr<ports::Cache> cache = local::open_cache("/proc/no-such-folder");
  cache->put(crypto::sha256("key"), "bytes");
  EXPECT_EQ(cache->get(crypto::sha256("key")), std::nullopt);
}

}  // namespace
}  // namespace pawl::contract
