#include "core/policy/facts.h"

#include <array>

namespace pawl::policy {

namespace {

using format::Value;

// The fields of metadata that an apiserver shows of a namespace.
constexpr std::array kShown = std::to_array<std::string_view>(
    {"name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
     "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "finalizers"});

// With the label that every namespace has.
Value with_name_label(format::Arena& arena, const Value* labels, std::string_view name) {
  Value made = Value::map();
  if (labels != nullptr && labels->is_map())
    for (const format::Member& member : labels->members()) made.set(arena, member.key, member.value);
  made.set(arena, kNamespaceNameLabel, name);
  return made;
}

Value namespace_as_read(format::Arena& arena, const Value& object, std::string_view name) {
  Value metadata = Value::map();
  if (const Value* written = object.find("metadata"))
    for (std::string_view field : kShown)
      if (const Value* value = written->find(field)) metadata.set(arena, field, *value);
  metadata.set(arena, "labels", with_name_label(arena, labels_of(&object), name));
  Value made = Value::map();
  made.set(arena, "metadata", metadata);
  for (std::string_view field : {"spec", "status"}) {
    const Value* written = object.find(field);
    made.set(arena, field, written != nullptr && written->is_map() ? *written : Value::map());
  }
  return made;
}

}  // namespace

void Facts::add(const Value& object) {
  resources_.add(object);
  Kind kind = kind_of(object);
  const Value* metadata = object.find("metadata");
  if (metadata == nullptr) return;
  std::string name(metadata->string_at("name"));
  bool fresh = objects_[{kind.group, kind.kind}]
                   .emplace(std::pair(std::string(metadata->string_at("namespace")), name), &object)
                   .second;
  if (fresh && kind.group.empty() && kind.kind == "Namespace")
    namespaces_.emplace(name, Namespace{&object, namespace_as_read(arena_, object, name)});
}

const Value* Facts::find_namespace(std::string_view name) const {
  auto found = namespaces_.find(name);
  return found == namespaces_.end() ? nullptr : found->second.object;
}

const Value* Facts::namespace_object(std::string_view name) const {
  auto found = namespaces_.find(name);
  return found == namespaces_.end() ? nullptr : &found->second.as_read;
}

const Facts::ByName* Facts::objects_of(const Kind& kind) const {
  auto found = objects_.find({kind.group, kind.kind});
  return found == objects_.end() ? nullptr : &found->second;
}

const Value* Facts::find_param(const Kind& kind, std::string_view space, std::string_view name) const {
  const ByName* objects = objects_of(kind);
  if (objects == nullptr) return nullptr;
  auto found = objects->find({std::string(space), std::string(name)});
  return found == objects->end() ? nullptr : found->second;
}

std::vector<const Value*> Facts::select_params(const Kind& kind, std::string_view space,
                                               const LabelSelector& selector) const {
  std::vector<const Value*> found;
  const ByName* objects = objects_of(kind);
  if (objects == nullptr) return found;
  for (const auto& [id, object] : *objects)
    if ((space.empty() || id.first == space) && matches(selector, labels_of(object))) found.push_back(object);
  return found;
}

Facts::Scope Facts::scope_of(const Kind& kind) const {
  if (const ResourceOf* known = resources_.find_any_version(kind))
    return known->namespaced ? Scope::kNamespaced : Scope::kCluster;
  const ByName* objects = objects_of(kind);
  if (objects == nullptr || objects->empty()) return Scope::kUnknown;
  return objects->begin()->first.first.empty() ? Scope::kCluster : Scope::kNamespaced;
}

}  // namespace pawl::policy
