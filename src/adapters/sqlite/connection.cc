#include "adapters/sqlite/connection.h"

#include <sqlite3.h>

#include <utility>

namespace pawl::sqlite {

namespace {

constexpr int kBusyMilliseconds = 10'000;

// FULL: in write-ahead mode a commit is synced before it returns. The log is checkpointed every 16 MiB, so that busy
// writers do not sync the database file many times a second.
constexpr const char* kSettings =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;";

}  // namespace

Result<Connection> Connection::open(const std::string& path) {
  Connection opened;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int code = sqlite3_open_v2(path.c_str(), &opened.connection_, flags, nullptr);
  if (code != SQLITE_OK) return error_of(opened.connection_, code, "opening " + path);
  sqlite3_busy_timeout(opened.connection_, kBusyMilliseconds);
  PAWL_TRY_WITHIN(opened.execute(kSettings), "opening " + path);
  return opened;
}

Connection::Connection(Connection&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(connection_, other.connection_);
  return *this;
}

Connection::~Connection() { sqlite3_close_v2(connection_); }

Status Connection::execute(const char* sql) {
  int code = sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(connection_, code, "running SQL");
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                &statement, nullptr);
  if (code == SQLITE_OK) return Statement(statement);
  Error error = error_of(connection_, code, "preparing " + std::string(sql));
  if (code == SQLITE_ERROR) error.code = ErrorCode::kIntegrity;
  return error;
}

void Connection::rollback() {
  if (connection_ != nullptr && sqlite3_get_autocommit(connection_) == 0) {
    sqlite3_exec(connection_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

}  // namespace pawl::sqlite
