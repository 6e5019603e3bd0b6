#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ports/blobs.h"
#include "ports/cache.h"
#include "ports/callout.h"
#include "ports/charts.h"
#include "ports/checks.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/executor.h"
#include "ports/notifier.h"
#include "ports/signer.h"
#include "ports/sources.h"
#include "ports/store.h"
#include "ports/target.h"
#include "ports/time_zones.h"
#include "ports/workspace.h"

namespace pawl::engine {

class OutsideMemory;  // external.h
class PolicyDigests;  // policy_digest.h

// Everything outside that the engine may touch. `workspace` is absent where only the store is at hand.
struct World {
  std::shared_ptr<ports::Store> store;
  std::shared_ptr<ports::Blobs> blobs;
  std::shared_ptr<ports::Targets> targets;
  std::shared_ptr<ports::SourceReader> sources;
  std::shared_ptr<ports::Workspace> workspace;
  std::shared_ptr<ports::Checks> checks;
  std::shared_ptr<ports::Cache> cache;      // absent where nothing is kept
  std::shared_ptr<ports::Charts> charts;    // absent where no charts are rendered
  std::shared_ptr<ports::Callout> callout;  // absent where nobody outside is asked
  std::shared_ptr<OutsideMemory> outside;   // what they said a moment ago
  std::shared_ptr<PolicyDigests> policy_digests;
  std::shared_ptr<ports::Signer> signer;
  std::shared_ptr<ports::Clock> clock;
  std::shared_ptr<ports::TimeZones> zones;  // absent where only UTC is known
  std::shared_ptr<ports::Entropy> entropy;
  std::shared_ptr<ports::Executor> executor;
  std::shared_ptr<ports::Notifier> notifier;
  std::string user;  // of this process, for "local:USER"
  std::function<bool(const std::string& process)>
      is_gone;              // whether a driver of that name has surely ended; may be empty
  std::string process;      // names this process among drivers: host, pid and a random part
  std::string project;      // which project of the store, where no workspace says so
  std::string ledger_vkey;  // of the store's own log
};

}  // namespace pawl::engine
