#pragma once

#include "engine/promotion.h"

namespace pawl::engine {

// Where an environment stands with regard to what is proposed for it.
enum class Standing : std::uint8_t {
  kNew,        // open a promotion
  kOpen,       // one for the same is open: go on with it
  kDone,       // the same is the verified head, and the target says so
  kUnchecked,  // the same is the head, and is not verified: its checks run again
};

struct StandingFound {
  Standing standing = Standing::kNew;
  std::uint64_t number = 0;            // of the open promotion, or of the head's
  std::optional<crypto::Digest> plan;  // that the open promotion has
};
Result<StandingFound> find_standing(World& world, const Context& context, const Moment& moment,
                                    const model::Configuration& configuration, const model::Environment& environment,
                                    const Proposal& proposal);

}  // namespace pawl::engine
