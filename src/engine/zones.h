#pragma once

#include <map>
#include <string>

#include "core/model/configuration.h"
#include "engine/world.h"
#include "format/time_zone.h"

namespace pawl::engine {

// The time zone of that name. Errors: kNotFound for one that this machine does not know, kInvalid for a damaged one.
Result<format::TimeZone> read_zone(World& world, const std::string& name);

// The zones of the environment's windows; one that cannot be read is left out, and its window says so.
std::map<std::string, format::TimeZone> zones_of(World& world, const model::Environment& environment);

// That every window's zone is known. Errors: kInvalid naming those that are not.
Status check_zones(World& world, const model::Configuration& configuration);

}  // namespace pawl::engine
