#pragma once

#include <optional>

#include "core/render/res_map.h"
#include "core/render/types.h"
#include "core/render/world.h"

namespace pawl::render {

// Merges a strategic merge patch into `object` (both trees of text; both are changed), with the merge keys of the
// schema; lists without one are replaced. null and the $patch directives delete, replace, merge are honoured;
// $retainKeys is a field like any other, as in kustomize. New list elements go in front. Returns false when nothing is
// left. Errors: kInvalid where the two do not fit: a map in the place of a list, an unknown directive.
Result<bool> merge_strategic(World& world, format::Value& object, format::Value& patch);

// Applies an RFC 6902 patch (a list of operations, as data) to `object` (a tree of text) with the liberties of
// kustomize's library: replace makes a key, indices may count from the end. Errors: kInvalid naming operation and path.
Status apply_json_patch(format::Arena& arena, format::Value& object, const format::Value& operations);

// A patch as it was read: objects to merge, or operations.
struct LoadedPatch {
  std::vector<Item> objects = {};
  std::optional<format::Value> operations = {};
};
// Errors: kInvalid for what is neither.
Result<LoadedPatch> load_patch(World& world, std::string_view text, const std::string& file);
// RFC 6902 operations. Errors: kInvalid.
Result<format::Value> load_operations(World& world, std::string_view text, const std::string& file);

// An entry of patchesStrategicMerge: patches, or the path of a file of them in or below `folder`.
Result<std::vector<Item>> load_strategic_patches(World& world, const std::string& folder, std::string_view entry,
                                                 const std::string& file);

// What a patch deletes is marked as gone. Errors of all three: kInvalid: no object is the patch's, or several are.
Status patch_targets(World& world, ResMap& map, const LoadedPatch& patch, const std::optional<Selector>& target,
                     const PatchOptions& options);
Status merge_patches(World& world, ResMap& map, std::vector<Item>& patches);
Status patch_json(World& world, ResMap& map, const format::Value& operations, const Selector& target, bool remembers);

}  // namespace pawl::render
