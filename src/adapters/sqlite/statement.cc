#include "adapters/sqlite/statement.h"

#include <sqlite3.h>

#include <utility>

namespace pawl::sqlite {

namespace {

ErrorCode code_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return ErrorCode::kTimeout;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return ErrorCode::kIntegrity;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
      return ErrorCode::kDenied;
    default:
      return ErrorCode::kUnavailable;
  }
}

std::string hint_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process is writing; try again";
    case SQLITE_FULL:
      return "free some space and try again";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "put the store's folder back from a backup";
    default:
      return "";
  }
}

}  // namespace

Error error_of(sqlite3* connection, int code, std::string_view doing) {
  std::string message = "the store's database: ";
  message += connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  message += " (SQLite " + std::to_string(code) + ")";
  return Error(code_of(code), std::move(message), hint_of(code)).within(std::string(doing));
}

Statement::Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

// A failed bind (only out of memory or a wrong index can fail it) is a programmer's error.
Statement& Statement::text(int index, std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_text64(statement_, index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK,
        "bind text");
  return *this;
}

Statement& Statement::blob(int index, std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_blob64(statement_, index, data, value.size(), SQLITE_STATIC) == SQLITE_OK, "bind blob");
  return *this;
}

Statement& Statement::number(int index, std::uint64_t value) {
  check(sqlite3_bind_int64(statement_, index, static_cast<std::int64_t>(value)) == SQLITE_OK, "bind number");
  return *this;
}

Result<bool> Statement::step() {
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  Error error = error_of(sqlite3_db_handle(statement_), code, std::string("running ") + sqlite3_sql(statement_));
  reset();
  return error;
}

Status Statement::run() {
  PAWL_ASSIGN(bool row, step());
  if (row) reset();
  return {};
}

void Statement::reset() { sqlite3_reset(statement_); }

std::string Statement::bytes_at(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  int size = sqlite3_column_bytes(statement_, column);
  if (data == nullptr || size <= 0) return {};
  return std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

std::uint64_t Statement::number_at(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column));
}

}  // namespace pawl::sqlite
