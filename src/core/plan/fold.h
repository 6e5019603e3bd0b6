#pragma once

#include "base/result.h"
#include "core/plan/records.h"

namespace pawl::plan {

// Applies one entry to the state. The only code that changes state: the engine calls it inside the transaction that
// appends the entry, replay calls it over the whole ledger, the simulator after every step.
// An entry that the state does not allow is refused with kConflict, and nothing of it is put: a head that is not the
// expected one, an epoch that was passed on, a number or serial out of turn, an attempt that is over, time that runs
// backwards. Errors: kConflict, kIntegrity (a record that cannot be read).
Status fold(Records& records, const Entry& entry);

// Whether two promotions change a layer in common; one without a list changes all.
bool overlap(const std::vector<model::LayerName>& a, const std::vector<model::LayerName>& b);

// Whether `bundle` counts as verified at `now` under the checks in force, and why not in words.
struct Verification {
  bool verified = false;
  std::string words;  // "verified 2m ago", "never verified here", "left by rollback 8", "its checks changed since"
};
Verification verification(const BundleState& bundle, const Digest& checks_in_force, Time now);

// The longest unbroken time as a verified head, the running one included.
Duration soaked(const BundleState& bundle, Time now);

}  // namespace pawl::plan
