#pragma once

#include <memory>
#include <string_view>

#include "ports/blobs.h"
#include "ports/store.h"
#include "tests/sim/chance.h"

namespace pawl::sim {

// Bugs that are put under the real engine, to prove that the judge finds such bugs. All are in adapters.
enum class Plant : std::uint8_t {
  kNone,
  kSkippedCompareAndSwap,  // a transaction compares with what the process read before, not with what is there
  kEffectBeforeIntent,     // the entry that starts or resumes a promotion reaches the disk only with the one after it
  kStateBeforeLedger,      // the records are committed first, the entries after them
  kLostStoreSync,          // some commits are acknowledged and never synced
  kLostBlobSync,           // the same for blobs
  kLostTargetSync,         // the same for what is published
  kLaxPolicies,            // the store of blobs gives laxer files of policies than were kept under the digest
  kUnseenFreeze,           // reads do not show that something is frozen
};

// The store as a process with this plant gets it.
std::shared_ptr<ports::Store> with_plant(Plant plant, std::shared_ptr<ports::Store> store);
// The same of the blobs.
std::shared_ptr<ports::Blobs> with_plant(Plant plant, std::shared_ptr<ports::Blobs> blobs);
// Whether the sync at `point` ("store.sync") does not happen; `newest` is the ledger's newest entry.
bool loses_sync(Plant plant, std::string_view point, std::string_view newest, Chance& chance);

}  // namespace pawl::sim
