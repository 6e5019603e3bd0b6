#include "adapters/memory/store.h"

#include <gtest/gtest.h>

#include "adapters/memory/signer.h"
#include "core/merkle/checkpoint.h"

namespace pawl::memory {
namespace {

class MemoryStore : public testing::Test {
 protected:
  merkle::NoteSigner signer_{"pawl.local/memory", Signer::key_of("ledger")};
  std::string fails_;  // the call that fails
  Store store_{signer_, [this](std::string_view call) -> Status {
                 if (call != fails_) return {};
                 return Error(ErrorCode::kUnavailable, "fault at " + std::string(call));
               }};

  Status write(const std::string& value) {
    return store_.transact({}, [&](ports::Transaction& t) -> Status {
      PAWL_TRY(t.put("key", value));
      PAWL_TRY(t.append(value));
      return {};
    });
  }
  std::string state() {
    std::string text;
    fails_ = "";
    store_
        .read({},
              [&](ports::Reader& r) -> Status {
                text = r.get("key").value().value_or("none") + " " + std::to_string(r.log_size().value());
                return {};
              })
        .value();
    return text;
  }
  std::uint64_t published() {
    std::optional<std::string> note = store_.log_file("checkpoint").value();
    return note ? merkle::open_checkpoint(*note, signer_.verifier()).value().size : 0;
  }
};

TEST_F(MemoryStore, R1_AFaultBeforeTheCommitKeepsNothing) {
  ASSERT_TRUE(write("old"));
  for (const char* call : {"store.transact", "store.put", "store.append", "store.commit"}) {
    fails_ = call;
    EXPECT_EQ(write("new").error().code, ErrorCode::kUnavailable) << call;
    EXPECT_EQ(state(), "old 1") << call;
  }
}

TEST_F(MemoryStore, R1_AFaultAfterTheCommitKeepsEverything) {
  fails_ = "store.acknowledge";
  EXPECT_FALSE(write("new"));
  store_.crash();
  EXPECT_EQ(state(), "new 1");
}

TEST_F(MemoryStore, R1_ACrashBetweenCommitAndPublishLeavesStaleFiles) {
  ASSERT_TRUE(write("one"));
  fails_ = "store.publish";
  EXPECT_TRUE(write("two"));
  store_.crash();
  EXPECT_EQ(state(), "two 2");
  EXPECT_EQ(published(), 1u);
  ASSERT_TRUE(store_.publish());
  EXPECT_EQ(published(), 2u);
}

TEST_F(MemoryStore, R1_ACrashWithinABodyLosesItAndStopsIt) {
  ASSERT_TRUE(write("old"));
  Status status = store_.transact({}, [&](ports::Transaction& t) -> Status {
    PAWL_TRY(t.put("key", "new"));
    PAWL_TRY(t.append("new"));
    store_.crash();
    EXPECT_FALSE(t.get("key"));
    EXPECT_FALSE(t.put("key", "after the end"));
    return {};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(state(), "old 1");
  ASSERT_TRUE(write("next")) << "a restarted process goes on";
  EXPECT_EQ(state(), "next 2");
}

TEST(MemoryStoreDisk, R6_WhatWasNotSyncedIsLostInACrash) {
  bool honest = true;
  Store store(merkle::NoteSigner{"pawl.local/memory", Signer::key_of("ledger")}, {},
              [&](std::string_view) { return honest; });
  auto write = [&](const std::string& value) {
    return store.transact({}, [&](ports::Transaction& t) -> Status {
      PAWL_TRY(t.put("key", value));
      PAWL_TRY(t.append(value));
      return {};
    });
  };
  auto state = [&] {
    std::string text;
    store
        .read({},
              [&](ports::Reader& r) -> Status {
                text = r.get("key").value().value_or("none") + " " + std::to_string(r.log_size().value());
                return {};
              })
        .value();
    return text;
  };
  ASSERT_TRUE(write("one"));
  honest = false;
  ASSERT_TRUE(write("two"));
  EXPECT_EQ(state(), "two 2") << "everybody sees it";
  store.crash();
  EXPECT_EQ(state(), "one 1");
  ASSERT_TRUE(write("two"));
  honest = true;
  ASSERT_TRUE(write("three"));
  store.crash();
  EXPECT_EQ(state(), "three 3") << "a later sync makes earlier commits durable too";
}

// Cutting entries off leaves the tree that the shorter log had.
TEST(MemoryLog, CutRestoresTheTree) {
  Log log;
  std::vector<merkle::Hash> roots{log.root()};
  for (int i = 0; i < 70; ++i) {
    log.append("entry " + std::to_string(i));
    roots.push_back(log.root());
  }
  for (std::uint64_t size : {69u, 64u, 63u, 33u, 1u, 0u}) {
    log.cut(size);
    EXPECT_EQ(log.root(), roots[size]) << size;
    EXPECT_EQ(log.entries().size(), size);
  }
  for (int i = 0; i < 70; ++i) log.append("entry " + std::to_string(i));
  EXPECT_EQ(log.root(), roots[70]);
}

}  // namespace
}  // namespace pawl::memory
