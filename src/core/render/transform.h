#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/render/field_spec.h"
#include "core/render/resource.h"

namespace pawl::render {

// What a kustomization does to objects, one file a transformer.

void set_namespace(format::Arena& arena, Items& items, std::string_view space);
void add_prefix(format::Arena& arena, Items& items, std::string_view prefix);
void add_suffix(format::Arena& arena, Items& items, std::string_view suffix);
// Sets every pair of `pairs` (a map of strings) at every spec that applies.
void add_pairs(format::Arena& arena, Items& items, const format::Value& pairs, std::span<const FieldSpec> specs);
// One entry of `images:` {name, newName, newTag, digest, tagSuffix}.
void set_image(format::Arena& arena, Items& items, const format::Value& image);
// One entry of `replicas:` {name, count}. Errors: kInvalid when no object has that name.
Status set_replicas(format::Arena& arena, Items& items, const format::Value& replicas);
// Appends content hashes to the names of generated objects.
void add_hashes(format::Arena& arena, Items& items);
// Brings references to objects that were renamed up to date. n log n in objects.
void fix_references(format::Arena& arena, Items& items);
// kustomize's legacy order: Namespace first, webhooks last, then by identity; `options` (legacySortOptions) may say
// orderFirst and orderLast, null for kustomize's own.
void sort_legacy(Items& items, const format::Value* options);

}  // namespace pawl::render
