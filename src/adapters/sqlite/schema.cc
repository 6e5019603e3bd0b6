#include "adapters/sqlite/schema.h"

#include "os/file.h"

namespace pawl::sqlite {

const char* const kSchema = R"sql(
-- What this file is. 'format' is the version of these tables; a program that knows only lower ones must not touch it.
CREATE TABLE IF NOT EXISTS meta (
  key   TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The ledger's head: one row, absent while the log is empty.
CREATE TABLE IF NOT EXISTS head (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  size       INTEGER NOT NULL,  -- entries in the log; tells a writer whether another process appended
  checkpoint BLOB NOT NULL      -- the signed note over that size and the tree's root (C2SP tlog-checkpoint)
) STRICT;

-- The ledger's entries, as they were appended. Never updated, never deleted.
CREATE TABLE IF NOT EXISTS entries (
  idx   INTEGER PRIMARY KEY,    -- from 0, without gaps
  bytes BLOB NOT NULL           -- at most limits::kEntryBytes
) STRICT;

-- The Merkle tree as C2SP tlog-tiles cuts it: every hash of tree levels 0, 8, 16 ... The last tile of a level grows in
-- place until it is full; the ends of all levels are all that an append needs, so nothing is replayed at a start.
CREATE TABLE IF NOT EXISTS tiles (
  level  INTEGER NOT NULL,      -- tile level: 0 holds leaf hashes, 1 the roots of full tiles of level 0, ...
  idx    INTEGER NOT NULL,      -- the tile's place in its level
  hashes BLOB NOT NULL,         -- 1 to 256 hashes of 32 bytes
  PRIMARY KEY (level, idx)
) STRICT;

-- State: the fold of the entries, written in the transaction that appends them.
CREATE TABLE IF NOT EXISTS records (
  key   TEXT PRIMARY KEY,       -- begins with the project; compared as bytes
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Who drives what at the moment. Outside the ledger: leases spare useless work, epochs do the fencing.
CREATE TABLE IF NOT EXISTS leases (
  name   TEXT PRIMARY KEY,
  holder TEXT NOT NULL,         -- host, process and a random part
  until  INTEGER NOT NULL       -- milliseconds since 1970, UTC
) STRICT, WITHOUT ROWID;
)sql";

namespace {

constexpr int kLockMilliseconds = 10'000;

Status make_file(const std::string& path) {
  // SQLite gives -wal and -shm the mode of the database file.
  Status made = os::write_file(path, "", {.mode = 0600, .exclusive = true});
  if (!made && made.error().code != ErrorCode::kConflict) return made;
  return {};
}

Result<bool> has_tables(Connection& connection) {
  PAWL_ASSIGN(Statement count, connection.prepare("SELECT count(*) FROM sqlite_schema"));
  PAWL_TRY(count.step());
  return count.number_at(0) > 0;
}

Status check_version(Connection& connection) {
  PAWL_ASSIGN(Statement query, connection.prepare("SELECT value FROM meta WHERE key = 'format'"));
  PAWL_ASSIGN(bool found, query.step());
  if (!found) return Error(ErrorCode::kIntegrity, "the store's database does not say its format version");
  std::uint64_t version = query.number_at(0);
  if (version > kFormatVersion) {
    return Error(ErrorCode::kInvalid,
                 "the store has format version " + std::to_string(version) + ", this program knows versions up to " +
                     std::to_string(kFormatVersion),
                 "use a newer pawl");
  }
  return {};
}

Status make_tables(Connection& connection) {
  PAWL_TRY(connection.execute("BEGIN IMMEDIATE"));
  Status made = connection.execute(kSchema);
  if (made) made = connection.execute("INSERT INTO meta (key, value) VALUES ('format', 1)");
  if (made) made = connection.execute("COMMIT");
  if (!made) connection.rollback();
  return made;
}

}  // namespace

Status ensure_schema(const std::string& path) {
  // Going over to write-ahead mode needs the file alone, and SQLite does not wait for that by itself.
  PAWL_ASSIGN(os::FileLock lock, os::FileLock::acquire(path + ".open", kLockMilliseconds));
  if (!os::exists(path)) PAWL_TRY(make_file(path));
  PAWL_ASSIGN(Connection connection, Connection::open(path));
  PAWL_ASSIGN(bool there, has_tables(connection));
  if (!there) PAWL_TRY(make_tables(connection));
  return check_version(connection);
}

}  // namespace pawl::sqlite
