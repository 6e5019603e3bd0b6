#pragma once

#include "core/render/field_config.h"
#include "core/render/res_map.h"
#include "core/render/world.h"

namespace pawl::render {

// Notes which objects `variables` read from, and adds them to `known`. Errors: kInvalid for a name that is known, or
// that could mean several objects.
Status add_variables(World& world, ResMap& map, std::vector<Variable>& known, std::span<const Variable> variables);

// Puts the values of variables in the place of "$(NAME)" wherever the field specs say. Errors: kInvalid for one that
// reads from no object, or from a field that is not there.
Status replace_variables(World& world, ResMap& map, std::span<const Variable> variables,
                         std::span<const FieldSpec> specs);

}  // namespace pawl::render
