#pragma once

#include <string>
#include <vector>

#include "core/model/release.h"
#include "core/plan/gate.h"
#include "engine/ledger.h"

namespace pawl::engine {

// A digest of a release that evidence can be about.
struct Attestable {
  plan::GateSubject kind = plan::GateSubject::kRelease;
  std::string name;             // "1.4.0", "production/1.4.0" of a bundle, an image's reference
  model::Descriptor described;  // as referrers name it
};

// All of a release: itself, its snapshot, its bundle of every environment and the images that are locked.
Result<std::vector<Attestable>> attestables(World& world, const Context& context, const plan::ReleaseState& release);

// The digests of the images that a bundle runs, each with its reference; sorted, each once. Errors: kIntegrity for one
// without a digest.
Result<std::map<crypto::Digest, std::string>> images_in(const model::Inventory& inventory);
Result<std::map<crypto::Digest, std::string>> images_of(World& world, const Context& context,
                                                        const crypto::Digest& bundle);

}  // namespace pawl::engine
