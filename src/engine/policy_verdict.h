#pragma once

#include "core/plan/event.h"
#include "core/plan/gate.h"
#include "engine/ledger.h"
#include "engine/policies.h"

namespace pawl::engine {

// What the policies that are bound to the environment make of a promotion: of every object of its bundle, new (CREATE),
// there before (UPDATE, with the head's as oldObject) or gone (DELETE), and of the promotion itself. Recomputed
// whenever the gate is asked. Policies that cannot be read are a fact too: the gate cannot tell then.
Result<plan::PolicyFacts> policy_facts(World& world, const Context& context, const Moment& moment,
                                       const model::Configuration& configuration, const model::Environment& environment,
                                       const plan::PromotionOpened& opened);

}  // namespace pawl::engine
