#pragma once

#include "adapters/sqlite/overlay.h"
#include "adapters/sqlite/snapshot.h"
#include "ports/store.h"

namespace pawl::sqlite {

// What a body sees and writes to: the overlay of its group over the database under the writer's lock.
class GroupTransaction : public ports::Transaction {
 public:
  // Both must outlive it. `size`: of the log in the database.
  GroupTransaction(Snapshot& below, Overlay& overlay, std::uint64_t size)
      : below_(below), overlay_(overlay), size_(size) {}

  Result<std::optional<std::string>> get(std::string_view key) override;
  Result<std::vector<ports::Record>> scan(std::string_view prefix, std::string_view after, std::size_t limit,
                                          bool descending) override;
  Result<std::uint64_t> log_size() override { return size_ + overlay_.entries().size(); }
  Result<std::vector<std::string>> entries(std::uint64_t first, std::size_t count) override;
  Status put(std::string_view key, std::string_view value) override;
  Result<std::uint64_t> append(std::string_view entry) override;

 private:
  Snapshot& below_;
  Overlay& overlay_;
  std::uint64_t size_;
};

}  // namespace pawl::sqlite
