#pragma once

#include "core/render/files.h"
#include "core/render/resource.h"

namespace pawl::render {

// Makes the ConfigMap or Secret of one generator entry. `options` are the kustomization's generatorOptions (a map or
// null); files are read below `folder`. Errors: kInvalid, kNotFound.
Result<Item> generate(format::Arena& arena, Files& files, const std::string& folder, const format::Value& entry,
                      std::string_view kind, const format::Value* options);

// Adds generated items: created, merged into or replacing an item of the same name, as their behaviour says.
Status absorb(format::Arena& arena, Items& items, Item generated);

}  // namespace pawl::render
