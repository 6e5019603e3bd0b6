#pragma once

#include "core/plan/event.h"
#include "engine/ledger.h"

namespace pawl::engine {

// Signs what the policy gate answered as a SLSA Verification Summary (https://slsa.dev/spec/v1.0/verification_summary)
// and attaches it to the bundle: it names bundle and environment (resourceUri "pawl:PROJECT/ENVIRONMENT@DIGEST"), the
// digest of the policies, the configuration's revision and the plan. Returns the record's manifest.
Result<crypto::Digest> attach_verdict(World& world, const Context& context, Time now,
                                      const model::Configuration& configuration, const model::Environment& environment,
                                      const plan::PromotionOpened& opened, const plan::GateAnswer& answer);

}  // namespace pawl::engine
