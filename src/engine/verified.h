#pragma once

#include <string>
#include <vector>

#include "core/plan/fold.h"
#include "engine/facts.h"

namespace pawl::engine {

// Verification decays: what the ledger says once is asked again whenever it matters.

// Whether `bundle` counts as verified in `environment` now: the ledger says so, for the checks and the target in force;
// the signed results of those checks are there and verify under keys trusted for checks; the release's record verifies;
// every blob is whole. Writes nothing. Errors: those of the ports, when it could not be told.
Result<plan::Verification> verified_now(World& world, const Context& context, const Moment& moment,
                                        const model::Configuration& configuration,
                                        const model::Environment& environment, const crypto::Digest& bundle);

// Records, for each of these environments' heads and for `release`'s bundles there (where it is given), that a
// verification no longer holds. Returns what was recorded, in words.
Result<std::vector<std::string>> revoke_what_no_longer_holds(World& world, const Context& context,
                                                             const model::Configuration& configuration,
                                                             const std::vector<model::EnvironmentName>& environments,
                                                             const plan::ReleaseState* release);

}  // namespace pawl::engine
