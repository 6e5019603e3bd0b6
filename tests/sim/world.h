#pragma once

#include <memory>
#include <string>

#include "adapters/memory/blobs.h"
#include "adapters/memory/checks.h"
#include "adapters/memory/clock.h"
#include "adapters/memory/signer.h"
#include "adapters/memory/store.h"
#include "adapters/memory/targets.h"
#include "adapters/memory/workspace.h"
#include "api/service.h"

namespace pawl::sim {

// The real engine over the in-memory adapters: three environments in a row, one check each. Any port call can be made
// the last one before the process dies.
class World {
 public:
  explicit World(std::uint64_t seed);

  api::Service& service() { return *service_; }
  memory::Store& store() { return *store_; }
  memory::Blobs& blobs() { return *blobs_; }
  memory::Clock& clock() { return *clock_; }
  memory::Checks& checks() { return *checks_; }
  memory::Targets& targets() { return *targets_; }
  const std::string& vkey() const { return vkey_; }

  // Puts other content into the workspace and commits it.
  void edit(const std::string& content);
  // Lets `calls` more port calls through; at the next one the process dies: that call and all that follow fail.
  void crash_after(std::uint64_t calls);
  bool crashed() const { return stopped_; }
  // A new process on what was durable.
  void restart();
  std::uint64_t calls() const { return calls_; }

 private:
  Status fault(std::string_view call);
  void connect();

  std::uint64_t calls_ = 0;
  std::uint64_t crash_at_ = 0;  // 0: never
  bool stopped_ = false;
  std::uint64_t process_ = 0;
  std::string vkey_;
  std::shared_ptr<memory::Store> store_;
  std::shared_ptr<memory::Blobs> blobs_;
  std::shared_ptr<memory::Targets> targets_;
  std::shared_ptr<memory::Checks> checks_;
  std::shared_ptr<memory::Signer> signer_;
  std::shared_ptr<memory::Workspace> workspace_;
  std::shared_ptr<memory::Clock> clock_;
  std::shared_ptr<api::Service> service_;
  std::uint64_t seed_;
};

// Whether everything that must always hold does: the ledger folds to the stored state and verifies; every head is a
// whole bundle of its environment; a target holds its head or what is pending, nothing else; every promotion that
// entered an environment came from where it was verified; one outcome an attempt; epochs only rise. Returns what is
// broken, "" for nothing.
std::string broken_invariant(World& world);

}  // namespace pawl::sim
