#pragma once

#include <optional>
#include <string>

#include "core/model/configuration.h"
#include "crypto/digest.h"
#include "format/value.h"

namespace pawl::plan {

// Verification summaries: SLSA VSA v1 (slsa.dev/spec/v1.1/verification_summary).

// How a summary names a bundle in an environment: "pawl:shop/production@sha256:...".
std::string resource_uri(const std::string& project, const model::EnvironmentName& environment,
                         const crypto::Digest& bundle);

// Why a summary with this predicate does not satisfy the gate, as a clause; nullopt where it does. `bundle_uri` is what
// it must be about where the gate does not say.
std::optional<std::string> summary_refusal(const model::EvidenceGate& gate, const format::Value& predicate,
                                           const std::string& bundle_uri);

}  // namespace pawl::plan
