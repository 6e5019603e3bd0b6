#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "adapters/sqlite/connection.h"
#include "ports/store.h"

namespace pawl::sqlite {

// The leases' table, on a connection of its own: no entry waits for a lease. Thread-safe.
class Leases {
 public:
  explicit Leases(std::string database) : database_(std::move(database)) {}
  // As ports::Store has them.
  Result<ports::Lease> take(const std::string& name, const std::string& holder, Time now, Duration term);
  Status release(const std::string& name, const std::string& holder);

 private:
  struct Table {
    Connection connection;
    Statement begin, commit, find, put, erase;
    static Result<Table> open(const std::string& path);
  };
  Result<Table*> table();
  static Result<ports::Lease> take_in(Table& table, const ports::Lease& wanted, Time now);

  std::string database_;
  std::mutex mutex_;
  std::optional<Table> table_;
};

}  // namespace pawl::sqlite
