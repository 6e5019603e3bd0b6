#pragma once

#include "core/plan/event.h"
#include "engine/evidence.h"

namespace pawl::engine {

// What the evidence gates among `gates` look at; nothing is read where there are none.
Result<plan::EvidenceFacts> evidence_for_gates(World& world, const Context& context, const Moment& moment,
                                               const model::Configuration& configuration,
                                               const model::Environment& environment,
                                               const plan::PromotionOpened& opened, std::span<const model::Gate> gates);

}  // namespace pawl::engine
