#pragma once

#include <string>
#include <vector>

#include "api/promotion.h"
#include "core/model/project.h"
#include "core/plan/state.h"
#include "engine/ledger.h"

namespace pawl::engine {

// What the verbs that move something have in common.

// What a promotion is to do, before it has a number.
struct Proposal {
  plan::PromotionKind kind = plan::PromotionKind::kPromote;
  model::EnvironmentName environment;
  crypto::Digest bundle;
  std::uint64_t release = 0;
  std::string version;
  std::optional<crypto::Digest> from;
  std::uint64_t from_release = 0;
  std::vector<model::LayerName> layers;
  crypto::Digest plan;
  crypto::Digest configuration;
};

// The release that goes to `environment` when none is named: for a root the newest; else the one at upstream's head, if
// verified. Errors: kNotFound; kUsage listing several upstreams that disagree.
Result<plan::ReleaseState> default_release(World& world, const Moment& moment,
                                           const model::Configuration& configuration,
                                           const model::Environment& environment);

// What promoting `release` ("" for the default) to `environment` means at this moment. Errors: kNotFound, kConflict for
// a release older than the head's.
Result<Proposal> propose(World& world, const Context& context, const Moment& moment,
                         const model::Configuration& configuration, const model::Environment& environment,
                         const std::string& release, const std::vector<std::string>& layers);

// Opens the promotion and drives it; `supersede` ends a waiting one first. Returns the response of every such verb.
struct Opening {
  std::string reason;
  bool adopt = false;
  bool supersede = false;
  bool fence_off = false;  // a rollback ends a running one too
};
Result<api::PromoteResponse> open_and_drive(World& world, const Context& context, const model::ProjectName& project,
                                            const Proposal& proposal, const Opening& opening);
Result<api::PromoteResponse> drive_to_response(World& world, const Context& context, const model::ProjectName& project,
                                               std::uint64_t number, std::vector<std::string> notes);

// Refuses what is in the way at the target before anything is recorded: foreign content without `adopt`.
Status check_target(World& world, const Context& context, const model::Configuration& configuration,
                    const model::Environment& environment, bool adopt);

// The integrity that every way into an environment requires: the bundle's manifest, layers and inventory are present
// and whole.
Status check_bundle(World& world, const Context& context, const crypto::Digest& bundle);

}  // namespace pawl::engine
