#include "core/render/resource.h"

#include "base/text.h"
#include "core/render/scalar.h"

namespace pawl::render {

using format::Arena;
using format::Value;

namespace {

const Value* metadata_map(const Value& object, std::string_view key) {
  const Value* map = object.at_path({"metadata", key});
  return map != nullptr && map->is_map() ? map : nullptr;
}

}  // namespace

ResId Item::previous(Schema& schema, const PreviousId& id) const {
  return make_id(schema, gvk_of(id), id.name, id.space);
}

ResId Item::original(Schema& schema) const { return before.empty() ? id(schema) : previous(schema, before.front()); }

Gvk Item::gvk() const { return render::gvk_of(object); }

Gvk Item::gvk_of(const PreviousId& id) const {
  std::string_view api_version = text_at(object, "apiVersion");
  return {group_of(api_version), version_of(api_version), id.kind};
}

Gvk Item::original_gvk() const { return before.empty() ? gvk() : gvk_of(before.front()); }

std::vector<ResId> Item::ids(Schema& schema) const {
  std::vector<ResId> out = {id(schema)};
  for (const PreviousId& old : before) out.push_back(previous(schema, old));
  return out;
}

std::string_view Item::kind() const { return text_at(object, "kind"); }

std::string_view Item::name() const {
  const Value* metadata = object.find("metadata");
  return metadata == nullptr ? std::string_view() : text_at(*metadata, "name");
}

std::string_view Item::space() const {
  const Value* metadata = object.find("metadata");
  return metadata == nullptr ? std::string_view() : text_at(*metadata, "namespace");
}

void Item::remember(Schema& schema) {
  touched = true;
  ResId now = id(schema);
  PreviousId kept{now.name, now.effective_space(), now.gvk.kind};
  bool known = !before.empty() && before.back().name == kept.name && before.back().space == kept.space &&
               before.back().kind == kept.kind;
  if (!known) before.push_back(kept);
}

Value& child_map(Arena& arena, Value& map, std::string_view key) {
  Value* child = map.find(key);
  if (is_null(child)) child = &map.set(arena, key, Value::map());
  return *child;
}

namespace {

// A new scalar keeps the quoting of the one that it replaces.
void set_scalar(Arena& arena, Value& map, std::string_view key, std::string_view text) {
  Value* old = map.find(key);
  if (old != nullptr && old->is_string())
    set_text(arena, *old, text);
  else
    map.set(arena, key, string_value(arena, text));
}

}  // namespace

void set_name(Arena& arena, Value& object, std::string_view name) {
  Value& metadata = child_map(arena, object, "metadata");
  if (metadata.is_map()) set_scalar(arena, metadata, "name", name);
}

void set_space(Arena& arena, Value& object, std::string_view space) {
  Value& metadata = child_map(arena, object, "metadata");
  if (!metadata.is_map()) return;
  if (space.empty())
    metadata.erase("namespace");
  else
    set_scalar(arena, metadata, "namespace", space);
}

const Value* labels_of(const Value& object) { return metadata_map(object, "labels"); }
const Value* annotations_of(const Value& object) { return metadata_map(object, "annotations"); }

void set_annotation(Arena& arena, Value& object, std::string_view key, std::string_view text) {
  Value& metadata = child_map(arena, object, "metadata");
  if (!metadata.is_map()) return;
  Value& annotations = child_map(arena, metadata, "annotations");
  if (annotations.is_map()) annotations.set(arena, key, string_value(arena, text));
}

void make_texts(Arena& arena, Value& object, std::string_view field) {
  Value* metadata = object.find("metadata");
  Value* map = metadata == nullptr ? nullptr : metadata->find(field);
  if (map == nullptr || !map->is_map()) return;
  if (map->empty()) {
    metadata->erase(field);
    return;
  }
  for (format::Member& member : map->members()) member.value = string_value(arena, member.value.string_or_empty());
}

void erase_annotation(Value& object, std::string_view key) {
  Value* metadata = object.find("metadata");
  Value* annotations = metadata == nullptr ? nullptr : metadata->find("annotations");
  if (annotations == nullptr || !annotations->erase(key)) return;
  if (annotations->empty()) metadata->erase("annotations");
}

bool is_local(const Item& item) {
  const Value* annotations = annotations_of(item.object);
  const Value* local = annotations == nullptr ? nullptr : annotations->find("config.kubernetes.io/local-config");
  return local != nullptr && text_of(local) != "false";
}

Error about(const Item& item, std::string text) {
  std::string name = escape_terminal(std::string(item.kind()) + "/" + std::string(item.name()));
  std::string from = item.file.empty() ? "" : " of " + std::string(item.file);
  return Error(ErrorCode::kInvalid, name + from + ": " + std::move(text));
}

}  // namespace pawl::render
