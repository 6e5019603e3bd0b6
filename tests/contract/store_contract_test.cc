// What every Store must do: records, transactions, groups, leases. The log's files: store_log_contract_test.cc.
#include <atomic>
#include <thread>

#include "base/limits.h"
#include "tests/contract/factories.h"

namespace pawl::contract {
namespace {

class StoreContract : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<StoreFactory> factory_ = make_store_factory(GetParam());
  std::shared_ptr<ports::Store> store_ = factory_->open();
  Context context_;

  Status put(const std::string& key, const std::string& value) {
    return store_->transact(context_, [&](ports::Transaction& t) { return t.put(key, value); });
  }
  std::optional<std::string> get(const std::string& key) {
    std::optional<std::string> value;
    store_
        ->read(context_,
               [&](ports::Reader& r) -> Status {
                 PAWL_ASSIGN(value, r.get(key));
                 return {};
               })
        .value();
    return value;
  }
  std::uint64_t log_size() {
    std::uint64_t size = 0;
    store_
        ->read(context_,
               [&](ports::Reader& r) -> Status {
                 PAWL_ASSIGN(size, r.log_size());
                 return {};
               })
        .value();
    return size;
  }
};

INSTANTIATE_TEST_SUITE_P(Adapters, StoreContract, testing::Values("memory", "sqlite"),
                         [](const auto& adapter) { return adapter.param; });

std::vector<std::string> keys(ports::Reader& reader, std::string_view prefix, std::string_view after, std::size_t limit,
                              bool descending) {
  std::vector<std::string> found;
  std::vector<ports::Record> records = reader.scan(prefix, after, limit, descending).value();
  for (const ports::Record& record : records) found.push_back(record.key);
  return found;
}

using Keys = std::vector<std::string>;

TEST_P(StoreContract, AFreshStoreIsEmpty) {
  EXPECT_EQ(get("a"), std::nullopt);
  EXPECT_EQ(log_size(), 0u);
  EXPECT_EQ(store_->checkpoint().value(), std::nullopt);
  EXPECT_EQ(store_->log_file("checkpoint").value(), std::nullopt);
}

TEST_P(StoreContract, KeepsAndReplacesRecords) {
  ASSERT_TRUE(put("shop/head", "one"));
  EXPECT_EQ(get("shop/head"), "one");
  ASSERT_TRUE(put("shop/head", std::string("two\0bytes", 9)));
  EXPECT_EQ(get("shop/head"), std::string("two\0bytes", 9));
  ASSERT_TRUE(put("shop/head", ""));
  EXPECT_EQ(get("shop/head"), "") << "an empty value is not an absent one";
}

TEST_P(StoreContract, AReaderSeesOneMoment) {
  ASSERT_TRUE(put("a", "old"));
  std::shared_ptr<ports::Store> other = factory_->open();
  if (other == store_) GTEST_SKIP() << "one lock for readers and writers: there is nothing to see";
  Status read = store_->read(context_, [&](ports::Reader& reader) -> Status {
    other->transact(context_, [](ports::Transaction& t) { return t.put("a", "new"); }).value();
    PAWL_ASSIGN(std::optional<std::string> seen, reader.get("a"));
    EXPECT_EQ(seen, "old");
    return {};
  });
  ASSERT_TRUE(read);
  EXPECT_EQ(get("a"), "new");
}

TEST_P(StoreContract, ReadReturnsTheBodysError) {
  Status status = store_->read(context_, [](ports::Reader&) { return Status(Error(ErrorCode::kNo, "no")); });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kNo);
}

TEST_P(StoreContract, ScansInKeyOrderWithinPrefixAndLimit) {
  for (const char* key : {"b", "a/2", "a/10", "a/1", "a", "a0", "a/\xff"}) ASSERT_TRUE(put(key, "x"));
  store_
      ->read(context_,
             [&](ports::Reader& r) -> Status {
               EXPECT_EQ(keys(r, "a/", "", 10, false), (Keys{"a/1", "a/10", "a/2", "a/\xff"}));
               EXPECT_EQ(keys(r, "a/", "", 2, false), (Keys{"a/1", "a/10"}));
               EXPECT_EQ(keys(r, "a/", "a/10", 10, false), (Keys{"a/2", "a/\xff"}));
               EXPECT_EQ(keys(r, "", "", 100, false), (Keys{"a", "a/1", "a/10", "a/2", "a/\xff", "a0", "b"}));
               EXPECT_EQ(keys(r, "c", "", 10, false), Keys{});
               EXPECT_EQ(keys(r, "a/", "", 0, false), Keys{});
               EXPECT_EQ(keys(r, "a/", "b", 10, false), Keys{});
               return {};
             })
      .value();
}

TEST_P(StoreContract, ScansDescending) {
  for (const char* key : {"b", "a/2", "a/10", "a/1", "a", "a0", "a/\xff"}) ASSERT_TRUE(put(key, "x"));
  store_
      ->read(context_,
             [&](ports::Reader& r) -> Status {
               EXPECT_EQ(keys(r, "a/", "", 10, true), (Keys{"a/\xff", "a/2", "a/10", "a/1"}));
               EXPECT_EQ(keys(r, "a/", "", 1, true), (Keys{"a/\xff"}));
               EXPECT_EQ(keys(r, "a/", "a/2", 10, true), (Keys{"a/10", "a/1"}));
               EXPECT_EQ(keys(r, "a/", "a", 10, true), Keys{});
               EXPECT_EQ(keys(r, "", "", 2, true), (Keys{"b", "a0"}));
               return {};
             })
      .value();
}

TEST_P(StoreContract, ABodySeesItsOwnWritesOverWhatIsStored) {
  for (const char* key : {"k/1", "k/3", "k/5"}) ASSERT_TRUE(put(key, "stored"));
  Status status = store_->transact(context_, [&](ports::Transaction& t) -> Status {
    PAWL_TRY(t.put("k/2", "new"));
    PAWL_TRY(t.put("k/3", "changed"));
    PAWL_TRY(t.put("k/6", "new"));
    EXPECT_EQ(t.get("k/3").value(), "changed");
    EXPECT_EQ(t.get("k/5").value(), "stored");
    EXPECT_EQ(keys(t, "k/", "", 4, false), (Keys{"k/1", "k/2", "k/3", "k/5"}));
    EXPECT_EQ(keys(t, "k/", "k/2", 10, false), (Keys{"k/3", "k/5", "k/6"}));
    EXPECT_EQ(keys(t, "k/", "", 3, true), (Keys{"k/6", "k/5", "k/3"}));
    EXPECT_EQ(t.scan("k/", "k/2", 1).value().at(0).value, "changed");
    PAWL_ASSIGN(std::uint64_t index, t.append("entry"));
    EXPECT_EQ(index, 0u);
    EXPECT_EQ(t.log_size().value(), 1u);
    EXPECT_EQ(t.entries(0, 5).value(), std::vector<std::string>{"entry"});
    return {};
  });
  ASSERT_TRUE(status) << status.error().text();
  EXPECT_EQ(get("k/3"), "changed");
  EXPECT_EQ(log_size(), 1u);
}

TEST_P(StoreContract, AFailedBodyLeavesNothing) {
  ASSERT_TRUE(put("a", "before"));
  Status status = store_->transact(context_, [](ports::Transaction& t) -> Status {
    PAWL_TRY(t.put("a", "after"));
    PAWL_TRY(t.put("a", "after that"));
    PAWL_TRY(t.put("b", "new"));
    PAWL_TRY(t.append("entry"));
    return Error(ErrorCode::kConflict, "somebody was first");
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kConflict);
  EXPECT_EQ(get("a"), "before");
  EXPECT_EQ(get("b"), std::nullopt);
  EXPECT_EQ(log_size(), 0u);
  EXPECT_EQ(store_->checkpoint().value(), std::nullopt);
}

// What cannot be logged does not happen: an append that is refused takes the body's records with it.
TEST_P(StoreContract, L6_AnEntryThatCannotBeLoggedKeepsNothing) {
  std::string large(limits::kEntryBytes + 1, 'x');
  Status status = store_->transact(context_, [&](ports::Transaction& t) -> Status {
    PAWL_TRY(t.put("head", "moved"));
    PAWL_TRY(t.append(large));
    return {};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(get("head"), std::nullopt);
  EXPECT_EQ(log_size(), 0u);
}

TEST_P(StoreContract, TakesEntriesUpToTheBound) {
  std::string largest(limits::kEntryBytes, 'x');  // encoded lengths have 16 bits
  Status status = store_->transact(context_, [&](ports::Transaction& t) -> Status {
    PAWL_TRY(t.append(largest));
    PAWL_TRY(t.append(""));
    return {};
  });
  ASSERT_TRUE(status) << status.error().text();
  store_
      ->read(context_,
             [&](ports::Reader& r) -> Status {
               EXPECT_EQ(r.entries(0, 9).value(), (std::vector<std::string>{largest, ""}));
               EXPECT_EQ(r.entries(1, 1).value(), std::vector<std::string>{""});
               EXPECT_TRUE(r.entries(2, 1).value().empty());
               EXPECT_TRUE(r.entries(UINT64_MAX, 1).value().empty());
               return {};
             })
      .value();
}

TEST_P(StoreContract, OnlyOneOfManySwapsWins) {
  ASSERT_TRUE(put("epoch", "0"));
  std::atomic<int> won = 0, lost = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      Status status = store_->transact(context_, [&](ports::Transaction& t) -> Status {
        PAWL_ASSIGN(std::optional<std::string> epoch, t.get("epoch"));
        if (epoch != "0") return Error(ErrorCode::kConflict, "epoch " + epoch.value_or("none"));
        PAWL_TRY(t.put("epoch", "1"));
        PAWL_TRY(t.append("won by " + std::to_string(i)));
        return {};
      });
      ++(status ? won : lost);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 15);
  EXPECT_EQ(log_size(), 1u);
}

// Every third body fails: the others of its group are kept whole, and it leaves nothing.
TEST_P(StoreContract, ManyThreadsCommitTogether) {
  constexpr int kThreads = 32, kRounds = 40;
  std::vector<std::thread> threads;
  std::atomic<int> kept = 0, wrong = 0;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < kRounds; ++round) {
        std::string name = std::to_string(thread) + "-" + std::to_string(round);
        bool fails = (thread + round) % 3 == 0;
        Status status = store_->transact(context_, [&](ports::Transaction& t) -> Status {
          PAWL_ASSIGN(std::optional<std::string> count, t.get("count"));
          PAWL_TRY(t.put("count", std::to_string(std::stoi(count.value_or("0")) + 1)));
          PAWL_ASSIGN(std::uint64_t index, t.append(name));
          PAWL_TRY(t.put("at/" + name, std::to_string(index)));
          if (fails) return Error(ErrorCode::kNo, "on purpose");
          return {};
        });
        if (status.ok() == fails) ++wrong;
        if (status) ++kept;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(log_size(), static_cast<std::uint64_t>(kept));
  EXPECT_EQ(get("count"), std::to_string(kept));
  store_
      ->read(context_,
             [&](ports::Reader& r) -> Status {
               std::vector<std::string> entries = r.entries(0, 10'000).value();
               EXPECT_EQ(entries.size(), static_cast<std::size_t>(kept));
               EXPECT_EQ(r.scan("at/", "", 10'000).value().size(), entries.size());
               for (std::size_t i = 0; i < entries.size(); ++i)
                 EXPECT_EQ(r.get("at/" + entries[i]).value(), std::to_string(i));
               return {};
             })
      .value();
}

TEST_P(StoreContract, ObeysTheContext) {
  std::stop_source source;
  source.request_stop();
  Context stopped{.stop = source.get_token()};
  bool ran = false;
  Status status = store_->transact(stopped, [&](ports::Transaction&) {
    ran = true;
    return Status();
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kInterrupted);
  EXPECT_FALSE(ran);
}

TEST_P(StoreContract, WhatWasWrittenIsThereAfterReopening) {
  store_
      ->transact(context_,
                 [](ports::Transaction& t) -> Status {
                   PAWL_TRY(t.put("a", "kept"));
                   PAWL_TRY(t.append("one"));
                   return {};
                 })
      .value();
  std::optional<std::string> checkpoint = store_->checkpoint().value();
  store_ = nullptr;
  store_ = factory_->open();
  EXPECT_EQ(get("a"), "kept");
  EXPECT_EQ(store_->checkpoint().value(), checkpoint);
  store_
      ->transact(context_,
                 [](ports::Transaction& t) -> Status {
                   EXPECT_EQ(t.append("two").value(), 1u);
                   return {};
                 })
      .value();
}

TEST_P(StoreContract, ALeaseIsHeldUntilItIsOverOrReleased) {
  Time now{Duration(1'000'000)};
  Duration term = std::chrono::seconds(30);
  EXPECT_EQ(store_->lease("production", "ada", now, term).value().holder, "ada");
  ports::Lease refused = store_->lease("production", "grace", now + term / 2, term).value();
  EXPECT_EQ(refused.holder, "ada");
  EXPECT_EQ(refused.until, now + term);
  EXPECT_EQ(store_->lease("staging", "grace", now, term).value().holder, "grace") << "leases are apart";
  EXPECT_EQ(store_->lease("production", "ada", now + term / 2, term).value().until, now + term / 2 + term) << "renewed";
  EXPECT_EQ(store_->lease("production", "grace", now + 2 * term, term).value().holder, "grace") << "it was over";
  ASSERT_TRUE(store_->release_lease("production", "ada"));
  EXPECT_EQ(store_->lease("production", "ada", now + 2 * term, term).value().holder, "grace") << "not ada's to release";
  ASSERT_TRUE(store_->release_lease("production", "grace"));
  EXPECT_EQ(store_->lease("production", "ada", now + 2 * term, term).value().holder, "ada");
  EXPECT_EQ(log_size(), 0u) << "leases are no facts";
}

}  // namespace
}  // namespace pawl::contract
