#pragma once

#include <string>

#include "core/plan/records.h"
#include "engine/facts.h"
#include "engine/world.h"

namespace pawl::engine {

// What every way into an environment requires, whatever else may be skipped.

// Whether an error says that something stored is missing or is not what it should be, and not that it could not be
// told.
bool says_broken(const Error& error);

// That the bundle's manifest, layers and inventory are present and whole.
Status check_bundle(World& world, const Context& context, const crypto::Digest& bundle);

// That the release's own record is signed by a key trusted for releases now, and is about this release and each of its
// bundles. Returns who signed it, in words. Errors: kIntegrity when no record counts.
Result<std::string> check_release_record(World& world, const Context& context,
                                         const model::Configuration& configuration, const plan::ReleaseState& state,
                                         const model::Release& release);

// That all a promotion needs is there and counts: the bundle, the records of the releases that it enters with, and,
// where there are checks, the files that they run from. Errors: says_broken() ones, and those of the ports.
Status check_intact(World& world, const Context& context, const plan::Records& records,
                    const model::Configuration& configuration, const model::Environment& environment,
                    const plan::PromotionOpened& opened);

}  // namespace pawl::engine
