#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace pawl::sqlite {

// The error of a SQLite result code: kUnavailable (no space, I/O, cannot open), kTimeout (locked by another process),
// kIntegrity (a file that is no database, damaged pages, broken constraints), kDenied. `doing` continues "while ...".
Error error_of(sqlite3* connection, int code, std::string_view doing);

// A prepared statement, used again and again. Values are bound, never written into SQL. Not thread-safe.
class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  // Bind parameter `index` (from 1). Text and blobs are not copied: they must live until the statement is reset.
  Statement& text(int index, std::string_view value);
  Statement& blob(int index, std::string_view value);
  Statement& number(int index, std::uint64_t value);

  // Goes on to the next row; false after the last one, the statement is then reset. Also reset after an error.
  Result<bool> step();
  // Runs a statement that returns no rows of interest, and resets it.
  Status run();
  void reset();

  // Columns (from 0) of the row in hand.
  std::string bytes_at(int column) const;
  std::uint64_t number_at(int column) const;

 private:
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace pawl::sqlite
