#pragma once

#include <optional>
#include <string>

#include "core/model/actor.h"
#include "core/model/configuration.h"

namespace pawl::sim {

// The person whose key the actor showed; nullopt for anybody else.
std::optional<std::string> person_behind(const model::Configuration& configuration, const model::Actor& actor);

}  // namespace pawl::sim
