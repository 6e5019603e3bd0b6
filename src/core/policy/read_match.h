#pragma once

#include "core/policy/fields.h"
#include "core/policy/match_resources.h"

namespace pawl::policy {

// The parts that policies and bindings share. What is wrong is noted in `fields`.
MatchResources read_match_resources(Fields& fields, const At& at);
LabelSelector read_selector(Fields& fields, const At& at);

// The fields that every object may have; returns its name, checked.
std::string read_metadata(Fields& fields, const At& object);

}  // namespace pawl::policy
