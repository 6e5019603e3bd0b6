// What every Store's log must be: signed, rooted in its entries, published as C2SP tlog-tiles names it.
#include <algorithm>
#include <atomic>
#include <span>
#include <thread>

#include "core/merkle/checkpoint.h"
#include "core/merkle/tile.h"
#include "core/merkle/tree.h"
#include "tests/contract/factories.h"

namespace pawl::contract {
namespace {

class StoreLogContract : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<StoreFactory> factory_ = make_store_factory(GetParam());
  std::shared_ptr<ports::Store> store_ = factory_->open();

  static Status append(ports::Store& store, std::size_t count) {
    return store.transact({}, [&](ports::Transaction& t) -> Status {
      for (std::size_t i = 0; i < count; ++i) {
        PAWL_ASSIGN(std::uint64_t size, t.log_size());
        PAWL_TRY(t.append("entry " + std::to_string(size)));
      }
      return {};
    });
  }
};

INSTANTIATE_TEST_SUITE_P(Adapters, StoreLogContract, testing::Values("memory", "sqlite"),
                         [](const auto& adapter) { return adapter.param; });

std::vector<std::string> entries_of(ports::Store& store) {
  std::vector<std::string> entries;
  store
      .read({},
            [&](ports::Reader& r) -> Status {
              PAWL_ASSIGN(std::uint64_t size, r.log_size());
              PAWL_ASSIGN(entries, r.entries(0, size));
              return {};
            })
      .value();
  return entries;
}

// Every hash of levels 0, 8, 16, computed from the entries by the definition and not by what a store uses.
std::vector<std::vector<merkle::Hash>> tile_levels(const std::vector<std::string>& entries) {
  std::vector<std::vector<merkle::Hash>> levels(1);
  for (const std::string& entry : entries) levels[0].push_back(merkle::leaf_hash(entry));
  while (levels.back().size() >= merkle::kTileWidth) {
    std::vector<merkle::Hash> row = levels.back();
    for (int step = 0; step < 8; ++step) {
      std::vector<merkle::Hash> above;
      for (std::size_t i = 0; i + 1 < row.size(); i += 2) above.push_back(merkle::node_hash(row[i], row[i + 1]));
      row = std::move(above);
    }
    levels.push_back(std::move(row));
  }
  return levels;
}

merkle::Hash root_of(std::span<const merkle::Hash> leaves) {
  if (leaves.empty()) return merkle::empty_root();
  if (leaves.size() == 1) return leaves[0];
  std::size_t left = 1;
  while (left * 2 < leaves.size()) left *= 2;
  return merkle::node_hash(root_of(leaves.first(left)), root_of(leaves.subspan(left)));
}

void expect_published(ports::Store& store) {
  std::vector<std::string> entries = entries_of(store);
  std::vector<std::vector<merkle::Hash>> levels = tile_levels(entries);
  std::optional<std::string> note = store.checkpoint().value();
  ASSERT_TRUE(note);
  EXPECT_EQ(store.log_file("checkpoint").value(), note);
  Result<merkle::Checkpoint> checkpoint = merkle::open_checkpoint(*note, test_signer().verifier());
  ASSERT_TRUE(checkpoint) << checkpoint.error().text();
  EXPECT_EQ(checkpoint->size, entries.size());
  EXPECT_EQ(checkpoint->root, root_of(levels[0]));
  for (unsigned level = 0; level < levels.size(); ++level) {
    std::span<const merkle::Hash> all(levels[level]);
    for (std::size_t first = 0; first < all.size(); first += merkle::kTileWidth) {
      std::span<const merkle::Hash> tile = all.subspan(first, std::min(merkle::kTileWidth, all.size() - first));
      std::string path = merkle::tile_path(level, first / merkle::kTileWidth, tile.size());
      EXPECT_EQ(store.log_file(path).value(), merkle::encode_tile(tile)) << path;
    }
  }
  std::span<const std::string> every(entries);
  for (std::size_t first = 0; first < every.size(); first += merkle::kTileWidth) {
    std::span<const std::string> bundle = every.subspan(first, std::min(merkle::kTileWidth, every.size() - first));
    std::string path = merkle::entries_path(first / merkle::kTileWidth, bundle.size());
    EXPECT_EQ(store.log_file(path).value(), merkle::encode_entries(bundle)) << path;
  }
}

TEST_P(StoreLogContract, PublishesEverySizeAroundATile) {
  for (std::size_t count : {1u, 1u, 3u, 250u, 1u, 1u, 256u, 510u, 1u}) {
    ASSERT_TRUE(append(*store_, count));
    expect_published(*store_);
  }
}

TEST_P(StoreLogContract, PublishesTheSecondLevel) {
  ASSERT_TRUE(append(*store_, 65'536 - 3));
  expect_published(*store_);
  ASSERT_TRUE(append(*store_, 2));
  ASSERT_TRUE(append(*store_, 3));
  expect_published(*store_);
}

TEST_P(StoreLogContract, AnswersNothingForOtherNames) {
  ASSERT_TRUE(append(*store_, 5));
  for (const char* path : {"tile/0/000", "tile/0/000.p/6", "tile/1/000", "tile/0/001.p/1", "state.db", ".lock"}) {
    EXPECT_EQ(store_->log_file(path).value(), std::nullopt) << path;
  }
  Result<std::optional<std::string>> outside = store_->log_file("tile/../../state.db");
  EXPECT_TRUE(!outside || !*outside) << "never leaves the log's folder";
}

TEST_P(StoreLogContract, RecordsAloneDoNotTouchTheLog) {
  ASSERT_TRUE(append(*store_, 3));
  std::optional<std::string> before = store_->checkpoint().value();
  ASSERT_TRUE(store_->transact({}, [](ports::Transaction& t) { return t.put("a", "b"); }));
  EXPECT_EQ(store_->checkpoint().value(), before);
}

TEST_P(StoreLogContract, GoesOnAfterReopening) {
  for (std::size_t count : {300u, 212u, 1u}) {
    ASSERT_TRUE(append(*store_, count));
    store_ = nullptr;
    store_ = factory_->open();
    expect_published(*store_);
  }
}

TEST_P(StoreLogContract, TwoInstancesInterleave) {
  std::shared_ptr<ports::Store> other = factory_->open();
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(append(*store_, 7));
    ASSERT_TRUE(append(*other, 13));
  }
  expect_published(*store_);
  expect_published(*other);
  EXPECT_EQ(entries_of(*other).size(), 400u);
}

TEST_P(StoreLogContract, TwoInstancesWriteAtOnce) {
  std::shared_ptr<ports::Store> other = factory_->open();
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 25; ++round) {
        if (!append(i % 2 == 0 ? *store_ : *other, 2)) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  std::vector<std::string> entries = entries_of(*store_);
  ASSERT_EQ(entries.size(), 400u);
  for (std::size_t i = 0; i < entries.size(); ++i) ASSERT_EQ(entries[i], "entry " + std::to_string(i));
  ASSERT_TRUE(other->publish());
  expect_published(*other);
}

}  // namespace
}  // namespace pawl::contract
