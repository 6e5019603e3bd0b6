#pragma once

#include "core/render/field_config.h"
#include "core/render/res_map.h"
#include "core/render/world.h"

namespace pawl::render {

// Writes the present names of objects into the fields that name them by an earlier one. Errors: kInvalid where a name
// could mean several objects. n log n: candidates are found by name.
Status fix_references(World& world, ResMap& map, const FieldConfig& config);

}  // namespace pawl::render
