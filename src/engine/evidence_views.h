#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/evidence.h"
#include "core/plan/state.h"
#include "engine/ledger.h"

namespace pawl::engine {

// Evidence as responses show it.

// Something that statements can be about.
struct EvidenceSubject {
  std::string kind;  // "release", "snapshot", "bundle", "image"
  std::string name;  // "1.4.0", "production/1.4.0" of a bundle, an image's reference
  crypto::Digest digest;
};

// Every statement that the ledger knows about them, in the order of the subjects; also those that count for nobody.
Result<std::vector<api::EvidenceView>> evidence_views(World& world, const Context& context, const Moment& moment,
                                                      const model::Configuration& configuration,
                                                      std::span<const EvidenceSubject> subjects);

// A bundle where it is, or is to be: itself, the release `serial` that it comes with, its snapshot, and the images that
// it runs. What is damaged takes only its images from them.
Result<std::vector<EvidenceSubject>> subjects_of_bundle(World& world, const Context& context,
                                                        const plan::Records& records, const model::ProjectName& project,
                                                        const model::EnvironmentName& environment,
                                                        const crypto::Digest& bundle, std::uint64_t serial);
// A release, its snapshot, its bundle of every environment and the images that they run, by their inventories.
Result<std::vector<EvidenceSubject>> subjects_of_release(const plan::ReleaseState& release,
                                                         const model::Release& document,
                                                         std::span<const model::Inventory> inventories);

}  // namespace pawl::engine
