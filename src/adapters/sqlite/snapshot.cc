#include "adapters/sqlite/snapshot.h"

#include "adapters/sqlite/range.h"
#include "crypto/digest.h"

namespace pawl::sqlite {

Result<Snapshot> Snapshot::open(const std::string& path) {
  Snapshot snapshot;
  PAWL_ASSIGN(snapshot.connection_, Connection::open(path));
  Connection& c = snapshot.connection_;
  PAWL_ASSIGN(snapshot.get_, c.prepare("SELECT value FROM records WHERE key = ?1"));
  PAWL_ASSIGN(snapshot.scan_up_,
              c.prepare("SELECT key, value FROM records WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3"));
  PAWL_ASSIGN(snapshot.scan_down_,
              c.prepare("SELECT key, value FROM records WHERE key >= ?1 AND key < ?2 ORDER BY key DESC LIMIT ?3"));
  PAWL_ASSIGN(snapshot.entries_, c.prepare("SELECT idx, bytes FROM entries WHERE idx >= ?1 ORDER BY idx LIMIT ?2"));
  PAWL_ASSIGN(snapshot.head_, c.prepare("SELECT size, checkpoint FROM head"));
  PAWL_ASSIGN(snapshot.tile_, c.prepare("SELECT hashes FROM tiles WHERE level = ?1 AND idx = ?2"));
  return snapshot;
}

Status Snapshot::begin() {
  PAWL_TRY(connection_.execute("BEGIN"));
  // SQLite takes the moment at the first question, not at BEGIN.
  Result<std::optional<Head>> first = head();
  if (first) return {};
  connection_.rollback();
  return std::move(first).error();
}

Result<std::optional<std::string>> Snapshot::get(std::string_view key) {
  PAWL_ASSIGN(bool found, get_.text(1, key).step());
  if (!found) return std::optional<std::string>();
  std::optional<std::string> value = get_.bytes_at(0);
  get_.reset();
  return value;
}

Result<std::vector<ports::Record>> Snapshot::scan(std::string_view prefix, std::string_view after, std::size_t limit,
                                                  bool descending) {
  KeyRange range = key_range(prefix, after, descending);
  Statement& query = descending ? scan_down_ : scan_up_;
  query.text(1, range.low).number(3, std::min<std::size_t>(limit, INT32_MAX));
  // Any blob is greater than any text: the bound of a range that has none.
  if (range.high)
    query.text(2, *range.high);
  else
    query.blob(2, "");
  std::vector<ports::Record> records;
  while (true) {
    PAWL_ASSIGN(bool row, query.step());
    if (!row) return records;
    records.push_back({query.bytes_at(0), query.bytes_at(1)});
  }
}

Result<std::uint64_t> Snapshot::log_size() {
  PAWL_ASSIGN(std::optional<Head> now, head());
  return now ? now->size : 0;
}

Result<std::vector<std::string>> Snapshot::entries(std::uint64_t first, std::size_t count) {
  std::vector<std::string> found;
  if (first > INT64_MAX) return found;
  entries_.number(1, first).number(2, std::min<std::size_t>(count, INT32_MAX));
  while (true) {
    PAWL_ASSIGN(bool row, entries_.step());
    if (!row) return found;
    if (entries_.number_at(0) != first + found.size()) {
      entries_.reset();
      return Error(ErrorCode::kIntegrity, "ledger entry " + std::to_string(first + found.size()) + " is missing");
    }
    found.push_back(entries_.bytes_at(1));
  }
}

Result<std::optional<Head>> Snapshot::head() {
  PAWL_ASSIGN(bool found, head_.step());
  if (!found) return std::optional<Head>();
  std::optional<Head> now = Head{head_.number_at(0), head_.bytes_at(1)};
  head_.reset();
  return now;
}

Result<std::string> Snapshot::tile(unsigned level, std::uint64_t index) {
  std::string name = "tile " + std::to_string(level) + "/" + std::to_string(index) + " of the ledger";
  PAWL_ASSIGN(bool found, tile_.number(1, level).number(2, index).step());
  if (!found) return Error(ErrorCode::kIntegrity, name + " is missing");
  std::string hashes = tile_.bytes_at(0);
  tile_.reset();
  if (hashes.empty() || hashes.size() % crypto::Digest::kSize != 0) {
    return Error(ErrorCode::kIntegrity, name + " has " + std::to_string(hashes.size()) + " bytes, not whole hashes");
  }
  return hashes;
}

}  // namespace pawl::sqlite
