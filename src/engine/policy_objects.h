#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/drift/difference.h"
#include "core/model/configuration.h"
#include "core/plan/event.h"
#include "engine/ledger.h"

namespace pawl::engine {

// Pawl's own objects as policies read them (group pawl.dev, docs/policy.md): what enters, where, at whose word, and
// what it changes.
struct PolicyObjects {
  format::Value release;      // of resource releases; null where none is entering
  format::Value bundle;       // of resource bundles
  format::Value old_bundle;   // the head's; null where there is none
  format::Value promotion;    // of resource promotions
  format::Value environment;  // of resource environments
};

// `changes` is what it turns the head into. Everything lives in `arena`.
Result<PolicyObjects> policy_objects(World& world, const Context& context, const Moment& moment,
                                     const model::Configuration& configuration, const model::Environment& environment,
                                     const plan::PromotionOpened& opened, std::span<const drift::ObjectChange> changes,
                                     format::Arena& arena);

}  // namespace pawl::engine
