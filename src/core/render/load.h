#pragma once

#include <string>
#include <vector>

#include "core/render/resource.h"
#include "core/render/world.h"

namespace pawl::render {

// The objects of a file's documents (trees of text), lists of objects unpacked. Errors: kInvalid with a diagnostic for
// every document without kind or name.
Result<std::vector<Item>> objects_of(World& world, const std::vector<format::Value>& documents, std::string_view file);
// As above, of the bytes of a file.
Result<std::vector<Item>> load_objects(World& world, std::string_view bytes, const std::string& file);

}  // namespace pawl::render
