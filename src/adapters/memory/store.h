#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/memory/fault.h"
#include "adapters/memory/log.h"
#include "core/merkle/note.h"
#include "ports/store.h"

namespace pawl::memory {

// A store in memory, with the durability of a real one: a volatile image that everybody sees, and what of it survives.
// Beside the port's calls, Fault is asked at the points where a real one can stop: "store.commit" (the body has run,
// nothing is kept), "store.publish" (durable, its files stale) and "store.acknowledge" (durable and published, but the
// caller hears an error: a crash before the answer).
class Store : public ports::Store {
 public:
  explicit Store(merkle::NoteSigner signer, Fault fault = {}, Sync sync = {})
      : signer_(std::move(signer)), fault_(std::move(fault)), sync_(std::move(sync)) {}

  // The machine stops now: what was synced stays, a transaction under way is lost and its body gets kUnavailable from
  // here on, files that were not published are stale. May be called from within Fault or a body.
  void crash();
  // Makes durable what commits left volatile because Sync said no.
  void sync();
  // Whether a body is running: who calls from within one holds the store.
  bool busy() const { return depth_ > 0; }
  // The newest entry, one that is not committed yet included; "" for an empty log.
  std::string newest() const;

  Status read(const Context& context, const std::function<Status(ports::Reader&)>& body) override;
  Status transact(const Context& context, const std::function<Status(ports::Transaction&)>& body) override;
  Result<std::optional<std::string>> checkpoint() override;
  Result<std::optional<std::string>> log_file(const std::string& path) override;
  Status publish() override;
  Result<ports::Lease> lease(const std::string& name, const std::string& holder, Time now, Duration term) override;
  Status release_lease(const std::string& name, const std::string& holder) override;

 private:
  using Records = std::map<std::string, std::string, std::less<>>;
  struct Before {
    std::string key;
    std::optional<std::string> value;
  };
  class Moment;
  class Busy;
  void take_back(std::vector<Before>& changes);
  void undo();
  void commit();

  merkle::NoteSigner signer_;
  Fault fault_;
  Sync sync_;
  // Recursive, because crash() is called from within a transaction of the same thread.
  mutable std::recursive_mutex mutex_;
  std::atomic<int> depth_ = 0;
  Records records_;
  Log log_;
  std::vector<Before> undo_;          // of the transaction under way
  std::vector<Before> unsynced_;      // of commits that are volatile
  std::uint64_t committed_size_ = 0;  // of the log
  std::uint64_t durable_size_ = 0;
  std::uint64_t published_size_ = 0;
  std::uint64_t incarnation_ = 0;  // counts crashes
  bool writing_ = false;
  std::map<std::string, ports::Lease> leases_;
};

}  // namespace pawl::memory
