#include <algorithm>

#include "base/text.h"
#include "core/render/build.h"
#include "format/yaml.h"

// How a kustomization's patches reach their objects.

namespace pawl::render {

using format::Value;

namespace {

bool same_target(const Item& item, const model::ObjectId& wanted) {
  auto matches = [&](const model::ObjectId& id) {
    bool space = wanted.space.empty() || id.space == wanted.space || (wanted.space == "default" && id.space.empty());
    return id.kind == wanted.kind && id.name == wanted.name &&
           group_of(id.api_version) == group_of(wanted.api_version) &&
           (version_of(wanted.api_version).empty() || version_of(id.api_version) == version_of(wanted.api_version)) &&
           space;
  };
  return matches(item.id()) || std::any_of(item.before.begin(), item.before.end(), matches);
}

// Merges a patch into an item, whose identity stays its own. Returns false when the patch deletes it.
bool merge_item(format::Arena& arena, Item& item, const Value& patch) {
  model::ObjectId id = item.id();
  bool had_space = item.object.at_path({"metadata", "namespace"}) != nullptr;
  if (!merge_strategic(arena, item.object, patch)) return false;
  item.object.set(arena, "kind", id.kind);
  item.set_name(arena, id.name);
  Value* metadata = item.object.find("metadata");
  if (had_space)
    metadata->set(arena, "namespace", id.space);
  else
    metadata->erase("namespace");
  return true;
}

}  // namespace

Status Builder::patch(const Kustomization& k, Items& items) {
  if (const Value* list = k.root.find("patchesStrategicMerge"); list != nullptr && list->is_list()) {
    for (const Value& entry : list->items()) {
      if (!entry.is_string()) return error_at(k, entry, "an entry of patchesStrategicMerge is a path, or YAML itself");
      bool inline_text = entry.as_string().find('\n') != std::string_view::npos;
      PAWL_ASSIGN(std::vector<Value> patches, documents(k, entry, entry.as_string(), inline_text));
      for (const Value& one : patches) PAWL_TRY(patch_merge(k, entry, one, items));
    }
  }
  if (const Value* list = k.root.find("patches"); list != nullptr && list->is_list()) {
    for (const Value& entry : list->items()) PAWL_TRY(patch_entry(k, entry, items));
  }
  return {};
}

Status Builder::patch_entry(const Kustomization& k, const Value& entry, Items& items) {
  if (!entry.is_map()) return error_at(k, entry, "an entry of patches is a map with path or patch");
  const Value* text = entry.find("patch");
  const Value* path = entry.find("path");
  const Value* given = text != nullptr ? text : path;
  if (given == nullptr || !given->is_string() || (text != nullptr && path != nullptr))
    return error_at(k, entry, "an entry of patches has either path or patch");
  PAWL_ASSIGN(std::vector<Value> patches, documents(k, *given, given->as_string(), text != nullptr));
  if (patches.empty()) return error_at(k, *given, "the patch is empty");
  if (entry.find("target") != nullptr) return patch_matching(k, entry, patches, items);
  for (const Value& one : patches) {
    if (one.is_list()) return error_at(k, entry, "a JSON patch needs a target");
    PAWL_TRY(patch_merge(k, entry, one, items));
  }
  return {};
}

Status Builder::patch_merge(const Kustomization& k, const Value& at, const Value& patch, Items& items) {
  model::ObjectId wanted = model::object_id(patch);
  auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return same_target(item, wanted); });
  if (found == items.end())
    return error_at(
        k, at,
        "no object is " + escape_terminal(wanted.str()) + " (" + wanted.api_version + "), which the patch is for");
  auto second = std::find_if(found + 1, items.end(), [&](const Item& item) { return same_target(item, wanted); });
  if (second != items.end())
    return error_at(k, at, "more than one object is " + escape_terminal(wanted.str()) + ", which the patch is for",
                    "give it a target");
  if (!merge_item(arena_, *found, patch)) items.erase(found);
  return {};
}

Status Builder::patch_matching(const Kustomization& k, const Value& entry, const std::vector<Value>& patches,
                               Items& items) {
  const Value& target = *entry.find("target");
  Result<Selector> selector = read_selector(target);
  if (!selector) return error_at(k, target, selector.error().message);
  for (const Value& patch : patches) {
    const Value* metadata = patch.find("metadata");
    bool fits = metadata == nullptr || metadata->is_null() || metadata->is_map();
    if (!fits) return error_at(k, entry, "the patch's metadata is not a map");
  }
  Items kept;
  for (Item& item : items) {
    Result<bool> selected = selects(*selector, item);
    if (!selected) return error_at(k, target, selected.error().message);
    bool stays = true;
    for (const Value& patch : patches) {
      if (!*selected || !stays) break;
      if (!patch.is_list()) {
        stays = merge_item(arena_, item, patch);
      } else if (Status status = apply_json_patch(arena_, item.object, patch); !status) {
        return error_at(k, entry, item.id().str() + ": " + status.error().message);
      }
    }
    if (stays) kept.push_back(std::move(item));
  }
  items = std::move(kept);
  return {};
}

Status Builder::patch_json_entry(const Kustomization& k, const Value& entry, Items& items) {
  const Value* target = entry.find("target");
  const Value* text = entry.find("patch");
  const Value* path = entry.find("path");
  const Value* given = text != nullptr ? text : path;
  if (target == nullptr || given == nullptr || !given->is_string())
    return error_at(k, entry, "an entry of patchesJson6902 has a target, and path or patch");
  PAWL_ASSIGN(std::vector<Value> patches, documents(k, *given, given->as_string(), text != nullptr));
  return patch_matching(k, entry, patches, items);
}

}  // namespace pawl::render
