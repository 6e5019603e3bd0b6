#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/plan/records.h"
#include "engine/world.h"

namespace pawl::engine {

// Bundles put together from layers, and where the layers came from.

// The bundle that has `layers` as `other` has them and all else as `head` has it; both are bundles of `environment`.
// Stored, nothing rendered; it names its parents. It is `head` itself where none of the layers differs. Errors:
// kNotFound for a layer that `other` does not have, kConflict when an object would be in two layers.
Result<crypto::Digest> assemble(World& world, const Context& context, const crypto::Digest& head,
                                const crypto::Digest& other, const std::vector<model::LayerName>& layers);

// Whether `a` and `b` have each of `layers` with the same bytes, or both without.
Result<bool> same_layers(World& world, const Context& context, const crypto::Digest& a, const crypto::Digest& b,
                         const std::vector<model::LayerName>& layers);

// The releases that enter with a promotion: the one whose bundle it is; for an assembled bundle those that the layers
// came with which are other ones than in the head it was planned against. Ascending, each once; 0 stands for a layer of
// no known release.
Result<std::vector<std::uint64_t>> releases_entering(World& world, const Context& context, const plan::Records& records,
                                                     const model::ProjectName& project,
                                                     const plan::PromotionOpened& opened);

}  // namespace pawl::engine
