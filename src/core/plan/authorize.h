#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/model/actor.h"
#include "core/model/configuration.h"

namespace pawl::plan {

// The person whose key or OIDC subject the actor showed; nullopt for strangers and for the unauthenticated.
std::optional<model::PersonName> person_of(const model::Configuration& configuration, const model::Actor& actor);

// The one answer to "may they?": verbs "promote", "rollback", "apply", "abort", "hold" ... (abort, retry and reconcile
// ask as promote does). An environment's own allow entry replaces the project's; no entry allows anyone, but "apply"
// needs a known person once the configuration has people. Errors: kDenied naming who may.
Status authorize(const model::Configuration& configuration, const model::Actor& actor, std::string_view verb,
                 const model::Environment* environment);

}  // namespace pawl::plan
