#pragma once

#include <string>
#include <string_view>
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
// One that says nothing yet, of this kind.
Proposal blank_proposal(plan::PromotionKind kind);

// What the proposal would be, once it is opened: without number, requester and reason. For asking gates beforehand.
plan::PromotionOpened opened_of(const Proposal& proposal);

// The release that goes to `environment` when none is named: for a root the newest; else the one at upstream's head, if
// verified. Errors: kNotFound, kNo; kUsage listing several upstreams that disagree.
Result<plan::ReleaseState> default_release(World& world, const Moment& moment,
                                           const model::Configuration& configuration,
                                           const model::Environment& environment);

// What promoting `release` ("" for the default) to `environment` means at this moment. A layer-only one assembles the
// bundle, which is the head's own where the layers are there already. Errors: kNotFound; kConflict for a release older
// than the head's, and for layers alone where nothing whole is to put them over.
Result<Proposal> propose(World& world, const Context& context, const Moment& moment,
                         const model::Configuration& configuration, const model::Environment& environment,
                         const std::string& release, const std::vector<std::string>& layers);

// How a promotion is opened. Who asks must be allowed to say `verb` there, unless the configuration itself asks.
struct Opening {
  std::string_view verb = "promote";
  std::string reason;
  bool adopt = false;
  bool supersede = false;  // ends a waiting one that is in the way
  bool fence_off = false;  // a rollback ends a running one too
  bool automatic = false;  // the environment's own onFailure
};
// Opens the promotion and drives it. Returns the response of every such verb. Errors: kConflict when something is in
// the way, or the head or the configuration changed since the proposal.
Result<api::PromoteResponse> open_and_drive(World& world, const Context& context, const model::ProjectName& project,
                                            const Proposal& proposal, const Opening& opening);
Result<api::PromoteResponse> drive_to_response(World& world, const Context& context, const model::ProjectName& project,
                                               std::uint64_t number, std::vector<std::string> notes);

// What a verb about promotion `number` would answer, had it done nothing yet (--dry-run).
Result<api::PromoteResponse> would_respond(World& world, const Context& context, const model::ProjectName& project,
                                           std::uint64_t number);

// Refuses what is in the way at the target before anything is recorded: foreign content without `adopt`.
Status check_target(World& world, const Context& context, const model::Configuration& configuration,
                    const model::Environment& environment, bool adopt);

// Begins another attempt under the number. Errors: kConflict where the state does not allow one.
Status begin_again(World& world, const Context& context, const model::ProjectName& project, std::uint64_t number);

// Goes back, as the environment says (`onFailure: rollback`), where the response is that of a promotion whose checks
// said no; adds what came of it to the notes. Nobody need be allowed to: the configuration says it. A rollback that
// failed starts no other.
Result<api::PromoteResponse> roll_back_if_told(World& world, const Context& context,
                                               const model::Configuration& configuration,
                                               api::PromoteResponse response);

}  // namespace pawl::engine
