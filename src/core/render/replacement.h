#pragma once

#include "core/render/res_map.h"
#include "core/render/types.h"
#include "core/render/world.h"

namespace pawl::render {

// Copies values from one object into fields of others, as each replacement says; one may stand in a file in or below
// `folder`. Errors: kInvalid: no source or several, no such field; kNotFound.
Status replace_all(World& world, const std::string& folder, ResMap& map, std::span<const Replacement> replacements);

}  // namespace pawl::render
