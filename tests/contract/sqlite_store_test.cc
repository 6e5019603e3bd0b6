// What only a store in a folder can get wrong: files, other processes, damage.
#include <sqlite3.h>
#include <sys/stat.h>

#include "adapters/sqlite/store.h"
#include "core/merkle/checkpoint.h"
#include "os/file.h"
#include "tests/contract/factories.h"
#include "tests/contract/folder.h"

namespace pawl::contract {
namespace {

class SqliteStore : public testing::Test {
 protected:
  Folder folder_;
  std::string root_ = folder_ / ".pawl";

  Result<std::shared_ptr<ports::Store>> open() { return sqlite::open_sqlite_store(root_, test_signer()); }
  static Status append(ports::Store& store, int count) {
    return store.transact({}, [&](ports::Transaction& t) -> Status {
      for (int i = 0; i < count; ++i) PAWL_TRY(t.append("entry"));
      return t.put("count", std::to_string(count));
    });
  }
  // Changes the database behind the store's back. With no store open.
  void tamper(const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((root_ + "/state.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
};

unsigned mode_of(const std::string& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

TEST_F(SqliteStore, IsReadableByItsOwnerAlone) {
  std::shared_ptr<ports::Store> store = open().value();
  ASSERT_TRUE(append(*store, 1));
  ASSERT_TRUE(store->publish());
  EXPECT_EQ(mode_of(root_), 0700u);
  for (const char* file : {"/state.db", "/state.db-wal", "/ledger/checkpoint"}) EXPECT_EQ(mode_of(root_ + file), 0600u);
}

TEST_F(SqliteStore, RefusesANewerFormat) {
  open().value();
  tamper("UPDATE meta SET value = 2 WHERE key = 'format'");
  Result<std::shared_ptr<ports::Store>> store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::kInvalid);
  EXPECT_NE(store.error().text().find("format version 2"), std::string::npos);
}

TEST_F(SqliteStore, R6_AFileThatIsNoDatabaseIsIntegrity) {
  ASSERT_TRUE(os::make_folders(root_));
  ASSERT_TRUE(os::write_file(root_ + "/state.db", std::string(8192, 'x')));
  Result<std::shared_ptr<ports::Store>> store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::kIntegrity);
}

TEST_F(SqliteStore, L1_ATreeThatIsNotTheCheckpointsIsNotAppendedTo) {
  ASSERT_TRUE(append(*open().value(), 5));
  tamper("UPDATE tiles SET hashes = zeroblob(160) WHERE level = 0");
  Status status = append(*open().value(), 1);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kIntegrity);
}

TEST_F(SqliteStore, L1_AMissingEntryIsNoticed) {
  ASSERT_TRUE(append(*open().value(), 5));
  tamper("DELETE FROM entries WHERE idx = 2");
  std::shared_ptr<ports::Store> store = open().value();
  Status status = store->read({}, [](ports::Reader& r) -> Status {
    PAWL_TRY(r.entries(0, 5));
    return {};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kIntegrity);
}

TEST_F(SqliteStore, ACheckpointOfAnotherKeyIsRefused) {
  ASSERT_TRUE(append(*open().value(), 5));
  merkle::NoteSigner other{"pawl.local/contract", crypto::PrivateKey::generate(crypto::KeyType::kEd25519)};
  std::shared_ptr<ports::Store> store = sqlite::open_sqlite_store(root_, other).value();
  Status status = append(*store, 1);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kIntegrity);
}

TEST_F(SqliteStore, L2_AnOlderDatabasePutBackIsNoticed) {
  ASSERT_TRUE(append(*open().value(), 5));
  std::string old = os::read_file(root_ + "/state.db").value();
  ASSERT_TRUE(append(*open().value(), 5));
  ASSERT_TRUE(os::remove_tree(root_ + "/state.db-wal"));
  ASSERT_TRUE(os::remove_tree(root_ + "/state.db-shm"));
  ASSERT_TRUE(os::write_file(root_ + "/state.db", old));
  std::shared_ptr<ports::Store> store = open().value();
  Status status = append(*store, 1);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kIntegrity);
  EXPECT_EQ(store->publish().error().code, ErrorCode::kIntegrity) << "the longer log stays published";
  std::string note = store->log_file("checkpoint").value().value();
  EXPECT_EQ(merkle::open_checkpoint(note, test_signer().verifier()).value().size, 10u);
}

TEST_F(SqliteStore, PublishesAgainWhatIsMissingOrStale) {
  ASSERT_TRUE(append(*open().value(), 300));
  std::shared_ptr<ports::Store> store = open().value();
  std::string tile = store->log_file("tile/0/000").value().value();
  std::string entries = store->log_file("tile/entries/001.p/44").value().value();
  ASSERT_TRUE(os::remove_tree(root_ + "/ledger/tile/entries"));
  ASSERT_TRUE(os::write_file(root_ + "/ledger/tile/0/000", "damaged"));
  ASSERT_TRUE(os::remove_tree(root_ + "/ledger/checkpoint"));
  ASSERT_TRUE(store->publish());
  EXPECT_EQ(store->log_file("tile/0/000").value(), tile);
  EXPECT_EQ(store->log_file("tile/entries/001.p/44").value(), entries);
  EXPECT_EQ(store->log_file("checkpoint").value(), store->checkpoint().value());
}

TEST_F(SqliteStore, OpeningPublishesWhatAnEarlierProcessDidNot) {
  ASSERT_TRUE(append(*open().value(), 10));
  ASSERT_TRUE(os::remove_tree(root_ + "/ledger"));
  std::shared_ptr<ports::Store> store = open().value();
  EXPECT_EQ(store->log_file("checkpoint").value(), store->checkpoint().value());
  EXPECT_TRUE(store->log_file("tile/0/000.p/10").value());
}

// Nobody asks for the files: they come by themselves, and all of them once the store is closed.
TEST_F(SqliteStore, ClosingPublishesTheRest) {
  std::shared_ptr<ports::Store> store = open().value();
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(append(*store, 1));
  std::string note = store->checkpoint().value().value();
  store = nullptr;
  EXPECT_EQ(os::read_file(root_ + "/ledger/checkpoint").value(), note);
  EXPECT_TRUE(os::exists(root_ + "/ledger/tile/entries/000.p/30"));
}

TEST_F(SqliteStore, PartialTilesGoWhenTheirFullTileIsThere) {
  std::shared_ptr<ports::Store> store = open().value();
  ASSERT_TRUE(append(*store, 255));
  ASSERT_TRUE(store->publish());
  ASSERT_TRUE(os::exists(root_ + "/ledger/tile/0/000.p/255"));
  ASSERT_TRUE(append(*store, 1));
  ASSERT_TRUE(store->publish());
  EXPECT_FALSE(os::exists(root_ + "/ledger/tile/0/000.p"));
  EXPECT_FALSE(os::exists(root_ + "/ledger/tile/entries/000.p"));
  EXPECT_TRUE(os::exists(root_ + "/ledger/tile/0/000"));
}

ino_t inode_of(const std::string& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_ino;
}

// After a failed sync the file can be read and need not be on the disk: only writing it again makes it safe.
TEST_F(SqliteStore, R6_TilesOfAFailedPublicationAreWrittenAgain) {
  std::shared_ptr<ports::Store> store = open().value();
  ASSERT_TRUE(append(*store, 511));
  ASSERT_TRUE(store->publish());
  std::string covered = root_ + "/ledger/tile/0/000";
  std::string uncovered = root_ + "/ledger/tile/0/001";
  ino_t before = inode_of(covered);
  ASSERT_TRUE(os::remove_tree(root_ + "/ledger/checkpoint"));
  ASSERT_TRUE(os::make_folders(root_ + "/ledger/checkpoint/in-the-way"));
  ASSERT_TRUE(append(*store, 1));
  ASSERT_FALSE(store->publish());
  ino_t failed = inode_of(uncovered);
  EXPECT_TRUE(os::exists(uncovered + ".p/255")) << "what the last checkpoint covers stays";
  ASSERT_TRUE(os::remove_tree(root_ + "/ledger/checkpoint"));
  ASSERT_TRUE(store->publish());
  EXPECT_NE(inode_of(uncovered), failed);
  EXPECT_EQ(inode_of(covered), before);
  EXPECT_FALSE(os::exists(uncovered + ".p"));
  EXPECT_EQ(store->log_file("checkpoint").value(), store->checkpoint().value());
}

// The log's folder cannot be written: the commit stands, and publish() says what is wrong.
TEST_F(SqliteStore, ACommitStandsWhenItsFilesCannotBePublished) {
  std::shared_ptr<ports::Store> store = open().value();
  ASSERT_TRUE(os::write_file(root_ + "/ledger", "in the way"));
  ASSERT_TRUE(append(*store, 3));
  EXPECT_FALSE(store->publish());
  ASSERT_TRUE(os::remove_tree(root_ + "/ledger"));
  ASSERT_TRUE(store->publish());
  EXPECT_EQ(store->log_file("checkpoint").value(), store->checkpoint().value());
}

// A database that takes no more pages: SQLITE_FULL, as a full disk gives.
TEST_F(SqliteStore, R6_AFailedCommitKeepsNothingAndTheStoreGoesOn) {
  ASSERT_TRUE(append(*open().value(), 5));
  tamper("CREATE TRIGGER full BEFORE INSERT ON tiles WHEN NEW.idx = 1 BEGIN SELECT RAISE(ABORT, 'no more'); END");
  std::shared_ptr<ports::Store> store = open().value();
  std::string before = store->checkpoint().value().value();
  Status status = append(*store, 300);
  ASSERT_FALSE(status);
  EXPECT_EQ(store->checkpoint().value(), before);
  store
      ->read({},
             [](ports::Reader& r) -> Status {
               EXPECT_EQ(r.log_size().value(), 5u);
               EXPECT_EQ(r.entries(0, 1000).value().size(), 5u);
               EXPECT_EQ(r.get("count").value(), "5");
               return {};
             })
      .value();
  ASSERT_TRUE(append(*store, 7)) << "the edge of the tree was read again";
  EXPECT_EQ(merkle::open_checkpoint(*store->checkpoint().value(), test_signer().verifier()).value().size, 12u);
}

}  // namespace
}  // namespace pawl::contract
