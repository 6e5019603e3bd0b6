#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "core/merkle/checkpoint.h"

namespace pawl::ports {

struct Record {
  std::string key;
  std::string value;
};

// What a reader sees: one consistent moment of the store.
class Reader {
 public:
  virtual ~Reader() = default;
  // The state record at `key`; nullopt when there is none.
  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;
  // At most `limit` records whose key begins with `prefix` and is greater than `after` ("" from the start), in key
  // order (bytes); with `descending`, those less than `after` ("" from the end), largest first.
  virtual Result<std::vector<Record>> scan(std::string_view prefix, std::string_view after, std::size_t limit,
                                           bool descending = false) = 0;
  // The ledger's size, and entries [first, first + count) as far as there are.
  virtual Result<std::uint64_t> log_size() = 0;
  virtual Result<std::vector<std::string>> entries(std::uint64_t first, std::size_t count) = 0;
};

// What a writer sees, alone: writers of one store are sequenced.
class Transaction : public Reader {
 public:
  virtual Status put(std::string_view key, std::string_view value) = 0;
  // Appends an entry (at most limits::kEntryBytes) and returns its index in the ledger.
  virtual Result<std::uint64_t> append(std::string_view entry) = 0;
};

struct Lease {
  std::string name;
  std::string holder;
  Time until;
};

// State, and the ledger whose fold it is. One transaction holds entries, tree, checkpoint and records together: after a
// crash all of it is there or none. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  // Runs `body` on one consistent moment. Its error is returned.
  virtual Status read(const Context& context, const std::function<Status(Reader&)>& body) = 0;

  // Runs `body` under the writer's lock and makes what it wrote durable before returning; concurrent calls are
  // committed in groups. When `body` returns an error nothing of it is kept and the error is returned. `body` may run
  // on another thread, once. Errors of the store itself: kUnavailable (disk), kTimeout (lock), kIntegrity.
  virtual Status transact(const Context& context, const std::function<Status(Transaction&)>& body) = 0;

  // The signed checkpoint in force, as note bytes; nullopt for an empty log.
  virtual Result<std::optional<std::string>> checkpoint() = 0;
  // One file of the log as tlog-tiles names it ("checkpoint", "tile/0/000", "tile/entries/000.p/5"), as it is
  // published: for a folder store the file itself, byte for byte. nullopt when there is none.
  virtual Result<std::optional<std::string>> log_file(const std::string& path) = 0;
  // Recreates published files that are missing or stale; what transact() does after each commit.
  virtual Status publish() = 0;

  // Leases lie outside the ledger and only spare two drivers useless work; epochs do the fencing. Takes the lease when
  // it is free, over, or already `holder`'s. Returns the lease in force: the caller has it if the holder is itself.
  virtual Result<Lease> lease(const std::string& name, const std::string& holder, Time now, Duration term) = 0;
  virtual Status release_lease(const std::string& name, const std::string& holder) = 0;
};

}  // namespace pawl::ports
