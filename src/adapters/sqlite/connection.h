#pragma once

#include <string>
#include <string_view>

#include "adapters/sqlite/statement.h"
#include "base/result.h"

namespace pawl::sqlite {

// One connection to the database file. Used by one thread at a time; may move between threads.
class Connection {
 public:
  // Opens an existing file in write-ahead mode, every commit synced, and waits up to ten seconds for other writers.
  // Errors: kUnavailable, kIntegrity when the file is no database.
  static Result<Connection> open(const std::string& path);
  Connection() = default;
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  // Runs one or more statements without parameters: literals of this program only.
  Status execute(const char* sql);
  // `sql` must be right: a statement that does not compile is kIntegrity (the schema is not what it should be).
  Result<Statement> prepare(std::string_view sql);
  // Rolls back whatever is open; fine when nothing is.
  void rollback();

 private:
  sqlite3* connection_ = nullptr;
};

}  // namespace pawl::sqlite
