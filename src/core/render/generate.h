#pragma once

#include "core/render/resource.h"
#include "core/render/types.h"
#include "core/render/world.h"

namespace pawl::render {

// Makes a ConfigMap or, `secret`, a Secret. Files are read in and below `folder`. Errors: kInvalid, kNotFound.
Result<Item> generate(World& world, const std::string& folder, const GeneratorArgs& args, bool secret);

// A generator's own options, with the kustomization's where it says nothing.
std::optional<GeneratorOptions> merge_options(const std::optional<GeneratorOptions>& own,
                                              const std::optional<GeneratorOptions>& shared);

// Gives `fresh`, which was generated to be merged into `old` or to replace it, the name, labels and annotations of
// `old`, and to be merged its data. Errors: kInvalid for data that is no text.
Status take_over(format::Arena& arena, Item& fresh, const Item& old);

// Gives every object that asks for it the hash of its contents as a suffix of its name.
Status add_hashes(World& world, std::vector<Item>& items);

}  // namespace pawl::render
