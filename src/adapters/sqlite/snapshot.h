#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sqlite/connection.h"
#include "base/result.h"
#include "ports/store.h"

namespace pawl::sqlite {

struct Head {
  std::uint64_t size = 0;
  std::string checkpoint;
};

// A connection and its prepared questions. What they answer is one moment while a transaction is open.
class Snapshot : public ports::Reader {
 public:
  static Result<Snapshot> open(const std::string& path);

  Connection& connection() { return connection_; }
  Status begin();  // a reading transaction: from here on one moment is seen
  void end() { connection_.rollback(); }

  Result<std::optional<std::string>> get(std::string_view key) override;
  Result<std::vector<ports::Record>> scan(std::string_view prefix, std::string_view after, std::size_t limit,
                                          bool descending) override;
  Result<std::uint64_t> log_size() override;
  Result<std::vector<std::string>> entries(std::uint64_t first, std::size_t count) override;

  // nullopt while the log is empty.
  Result<std::optional<Head>> head();
  // The hashes of a tile, full or not. Errors: kIntegrity when it is missing or no whole number of hashes.
  Result<std::string> tile(unsigned level, std::uint64_t index);

 private:
  Connection connection_;  // outlives the statements: it is destroyed last
  Statement get_, scan_up_, scan_down_, entries_, head_, tile_;
};

}  // namespace pawl::sqlite
