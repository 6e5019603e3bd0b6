#include "core/bundle/inventory.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/bundle/images.h"
#include "core/bundle/secrets.h"

namespace pawl::bundle {

using format::Member;
using format::Value;

namespace {

std::string source_of(const Value& entry) {
  const Value* from = entry.find("valueFrom");
  if (from == nullptr) return "value";
  auto named = [&](std::string_view key, std::string_view word) {
    const Value* reference = from->find(key);
    if (reference == nullptr) return std::string();
    return std::string(word) + " " + std::string(reference->string_at("name")) + "/" +
           std::string(reference->string_at("key"));
  };
  if (std::string text = named("configMapKeyRef", "configMap"); !text.empty()) return text;
  if (std::string text = named("secretKeyRef", "secret"); !text.empty()) return text;
  if (const Value* field = from->find("fieldRef")) return "field " + std::string(field->string_at("fieldPath"));
  if (const Value* field = from->find("resourceFieldRef"))
    return "resource " + std::string(field->string_at("resource"));
  return "other";
}

void take_container(model::Inventory& inventory, const std::string& object, const Value& container) {
  std::string name(container.string_at("name"));
  if (const Value* list = container.find("env")) {
    for (const Value& entry : list->items())
      inventory.environment.push_back({object, name, std::string(entry.string_at("name")), source_of(entry)});
  }
  if (const Value* list = container.find("envFrom")) {
    for (const Value& entry : list->items()) {
      const Value* map = entry.find("configMapRef");
      const Value* secret = entry.find("secretRef");
      std::string source = map != nullptr      ? "configMap " + std::string(map->string_at("name"))
                           : secret != nullptr ? "secret " + std::string(secret->string_at("name"))
                                               : "other";
      inventory.environment.push_back({object, name, std::string(entry.string_at("prefix")) + "*", std::move(source)});
    }
  }
}

void take_containers(model::Inventory& inventory, const std::string& object, const Value& value) {
  for (const Value& item : value.items()) take_containers(inventory, object, item);
  for (const Member& member : value.members()) {
    bool containers =
        member.key == "containers" || member.key == "initContainers" || member.key == "ephemeralContainers";
    if (containers && member.value.is_list()) {
      for (const Value& container : member.value.items()) take_container(inventory, object, container);
    } else {
      take_containers(inventory, object, member.value);
    }
  }
}

}  // namespace

void take_stock(model::Inventory& inventory, const model::LayerName& layer, const Value& object,
                const crypto::Digest& digest) {
  model::ObjectId id = model::object_id(object);
  std::string name = id.str();
  inventory.objects.push_back({id, layer, digest});
  for (const ImageUse& use : find_images(object)) inventory.images.push_back({use.text, {name}});
  if (id.kind == "ConfigMap") {
    for (std::string_view field : {"data", "binaryData"}) {
      const Value* data = object.find(field);
      if (data == nullptr) continue;
      for (const Member& member : data->members())
        inventory.config.push_back({name, "", std::string(member.key), std::string(field)});
    }
  }
  take_containers(inventory, name, object);
  for (model::InventorySecret& secret : find_secrets(object)) inventory.secrets.push_back(std::move(secret));
}

namespace {

std::vector<model::InventoryImage> join_images(const std::vector<model::InventoryImage>& images) {
  std::map<std::string, std::set<std::string>> users;
  for (const model::InventoryImage& image : images)
    users[image.reference].insert(image.used_by.begin(), image.used_by.end());
  std::vector<model::InventoryImage> out;
  for (auto& [reference, names] : users) out.push_back({reference, {names.begin(), names.end()}});
  return out;
}

template <class T, class Key>
void sort_unique(std::vector<T>& items, Key key) {
  std::sort(items.begin(), items.end(), [&](const T& a, const T& b) { return key(a) < key(b); });
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace

void finish(model::Inventory& inventory) {
  inventory.images = join_images(inventory.images);
  auto by_key = [](const model::InventoryKey& k) { return std::tie(k.object, k.container, k.name, k.source); };
  sort_unique(inventory.config, by_key);
  sort_unique(inventory.environment, by_key);
  sort_unique(inventory.secrets,
              [](const model::InventorySecret& s) { return std::tie(s.object, s.reference, s.plain_reason); });
}

}  // namespace pawl::bundle
