#include <algorithm>

#include "base/text.h"
#include "core/render/load.h"
#include "core/render/patch.h"
#include "core/render/scalar.h"
#include "core/render/selector.h"
#include "core/render/trace.h"

// How patches reach their objects.

namespace pawl::render {

using format::Value;

namespace {

// Merges into one object, which keeps its identity but for what the patch may change.
Status merge_into(World& world, Item& item, Item& patch) {
  std::string name(item.name());
  std::string space(item.space());
  std::string kind(item.kind());
  if (patch.may_rename || patch.may_rekind) item.remember(world.schema);
  Result<bool> stays = merge_strategic(world, item.object, patch.object);
  if (!stays) return about(item, stays.error().message);
  item.gone = !*stays;
  if (item.gone) return {};
  if (!patch.may_rekind) {
    Value* at = item.object.find("kind");
    if (at != nullptr && at->is_string())
      set_text(world.arena, *at, kind);
    else
      item.object.set(world.arena, "kind", plain_value(world.arena, kind));
  }
  if (!patch.may_rename) set_name(world.arena, item.object, name);
  set_space(world.arena, item.object, space);
  return {};
}

// A patch made ready for an object that it does not name: kustomize makes text of its labels and annotations.
Item fitted(World& world, const Item& patch, const Item& target) {
  Item out = patch;
  out.object = patch.object.clone(world.arena);
  make_texts(world.arena, out.object, "labels");
  make_texts(world.arena, out.object, "annotations");
  out.object.set(world.arena, "apiVersion", plain_value(world.arena, text_at(target.object, "apiVersion")));
  return out;
}

// The one object that the patch names; nullptr where an excerpt passed over it.
Result<Item*> target_of(World& world, ResMap& map, const Item& patch) {
  ResId id = patch.original(world.schema);
  if (is_excerpt(world) && map.with_any_id(id).empty()) return nullptr;
  Result<std::size_t> found = map.one_with_id(id);
  if (!found) return Error(ErrorCode::kInvalid, found.error().message + ", which the patch is for");
  return &map.items()[*found];
}

}  // namespace

Result<Value> load_operations(World& world, std::string_view text, const std::string& file) {
  PAWL_ASSIGN(std::vector<Value> documents, parse_text(world.arena, text, file));
  if (documents.empty() || !documents[0].is_list())
    return Error(ErrorCode::kInvalid, "a JSON patch is a list of operations");
  for (const Value& entry : documents[0].items()) {
    if (!entry.is_map()) return Error(ErrorCode::kInvalid, "an operation of a JSON patch is a map");
  }
  PAWL_TRY(read_old_scalars(world.arena, documents[0]));
  return documents[0];
}

Result<LoadedPatch> load_patch(World& world, std::string_view text, const std::string& file) {
  PAWL_ASSIGN(std::vector<Value> documents, parse_text(world.arena, text, file));
  LoadedPatch out;
  if (!documents.empty() && documents[0].is_list()) {
    PAWL_ASSIGN(out.operations, load_operations(world, text, file));
    return out;
  }
  PAWL_ASSIGN(out.objects, objects_of(world, documents, file));
  return out;
}

Result<std::vector<Item>> load_strategic_patches(World& world, const std::string& folder, std::string_view entry,
                                                 const std::string& file) {
  Result<std::vector<Value>> documents = parse_text(world.arena, entry, file);
  bool is_path = documents && documents->size() == 1 && (*documents)[0].is_scalar();
  if (!is_path) {
    if (!documents) return std::move(documents).error();
    return objects_of(world, *documents, file);
  }
  PAWL_ASSIGN(Files::Below below, world.files.read_below(folder, entry));
  return load_objects(world, below.bytes, below.path);
}

Status patch_json(World& world, ResMap& map, const Value& operations, const Selector& target, bool remembers) {
  PAWL_ASSIGN(std::vector<std::size_t> chosen, select(world.schema, map.items(), target));
  for (std::size_t i : chosen) {
    Item& item = map.items()[i];
    if (remembers) item.remember(world.schema);
    // Where kustomize keeps annotations of its own, there is a map of them.
    bool made = item.touched && annotations_of(item.object) == nullptr;
    if (made) child_map(world.arena, child_map(world.arena, item.object, "metadata"), "annotations");
    if (Status status = apply_json_patch(world.arena, item.object, operations); !status)
      return about(item, status.error().message);
    world.shared.part(world.arena, item.object);
    make_texts(world.arena, item.object, "annotations");
  }
  map.changed();
  return {};
}

Status patch_targets(World& world, ResMap& map, const LoadedPatch& patch, const std::optional<Selector>& target,
                     const PatchOptions& options) {
  if (patch.operations) {
    if (!target) return Error(ErrorCode::kInvalid, "a JSON patch says which objects it is for: target");
    return patch_json(world, map, *patch.operations, *target, true);
  }
  bool renames = options.rename || options.rekind;
  std::vector<Item> patches = patch.objects;
  for (Item& one : patches) {
    one.may_rename = options.rename;
    one.may_rekind = options.rekind;
    if (renames) make_texts(world.arena, one.object, "annotations");
  }
  if (renames) map.changed();
  if (target && !patches.empty()) {
    if (patches.size() > 1)
      return Error(ErrorCode::kInvalid, "several patches in one entry cannot share a target",
                   "write an entry for each");
    PAWL_ASSIGN(std::vector<std::size_t> chosen, select(world.schema, map.items(), *target));
    for (std::size_t i : chosen) {
      Item own = fitted(world, patches[0], map.items()[i]);
      PAWL_TRY(merge_into(world, map.items()[i], own));
    }
  } else {
    for (Item& one : patches) {
      PAWL_ASSIGN(Item * item, target_of(world, map, one));
      if (item != nullptr) PAWL_TRY(merge_into(world, *item, one));
    }
  }
  if (renames) map.changed();
  if (renames && target) PAWL_TRY(map.check_unique());
  return {};
}

Status merge_patches(World& world, ResMap& map, std::vector<Item>& patches) {
  for (Item& patch : patches) {
    PAWL_ASSIGN(Item * item, target_of(world, map, patch));
    if (item == nullptr) continue;
    Item own = fitted(world, patch, *item);
    PAWL_TRY(merge_into(world, *item, own));
  }
  return {};
}

}  // namespace pawl::render
