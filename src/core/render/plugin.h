#pragma once

#include "core/render/accumulator.h"
#include "core/render/origin.h"
#include "core/render/world.h"

namespace pawl::render {

// A generator or transformer that is described by an object of its own: apiVersion: builtin. What would run a program
// (exec, containers, Helm) is refused.
// Errors: kInvalid.
Result<std::vector<Item>> run_generator(World& world, const std::string& folder, const Item& config);
Status run_transformer(World& world, const std::string& folder, const Item& config, ResMap& map);

// Runs a transformer over a copy and refuses one that changes anything but the label "validated-by".
Status run_validator(World& world, const std::string& folder, const Item& config, ResMap& map);

}  // namespace pawl::render
