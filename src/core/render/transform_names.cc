#include <algorithm>
#include <array>

#include "core/render/transform.h"

namespace pawl::render {

using format::Value;

namespace {

bool keeps_its_name(const Item& item) {
  std::string_view kind = item.kind();
  return kind == "CustomResourceDefinition" || kind == "APIService" || kind == "Namespace";
}

void rename(format::Arena& arena, Items& items, auto make_name) {
  for (Item& item : items) {
    if (keeps_its_name(item)) continue;
    item.remember();
    item.set_name(arena, make_name(item));
  }
}

void set_default_subjects(format::Arena& arena, Value& object, std::string_view space) {
  Value* subjects = object.find("subjects");
  if (subjects == nullptr) return;
  for (Value& subject : subjects->items()) {
    if (subject.string_at("name") == "default") subject.set(arena, "namespace", space);
  }
}

}  // namespace

void add_prefix(format::Arena& arena, Items& items, std::string_view prefix) {
  if (prefix.empty()) return;
  rename(arena, items, [&](Item& item) {
    item.prefixes.emplace_back(prefix);
    return std::string(prefix) + std::string(item.name());
  });
}

void add_suffix(format::Arena& arena, Items& items, std::string_view suffix) {
  if (suffix.empty()) return;
  rename(arena, items, [&](Item& item) {
    item.suffixes.emplace_back(suffix);
    return std::string(item.name()) + std::string(suffix);
  });
}

void set_namespace(format::Arena& arena, Items& items, std::string_view space) {
  if (space.empty()) return;
  for (Item& item : items) {
    item.remember();
    Value& object = item.object;
    std::string_view api_version = object.string_at("apiVersion");
    if (!is_cluster_scoped(api_version, item.kind())) {
      Value* metadata = object.find("metadata");
      if (metadata == nullptr) metadata = &object.set(arena, "metadata", Value::map());
      metadata->set(arena, "namespace", space);
    }
    if (api_version == "v1" && item.kind() == "Namespace") item.set_name(arena, space);
    bool binding = item.kind() == "RoleBinding" || item.kind() == "ClusterRoleBinding";
    if (binding) set_default_subjects(arena, object, space);
    for (const FieldSpec& spec : namespace_specs()) {
      if (applies(spec, item)) visit_field(arena, object, spec, [&](Value& at) { at = Value::string(arena, space); });
    }
  }
}

namespace {

constexpr std::array<std::string_view, 22> kFirst = {"Namespace",
                                                     "ResourceQuota",
                                                     "StorageClass",
                                                     "CustomResourceDefinition",
                                                     "ServiceAccount",
                                                     "PodSecurityPolicy",
                                                     "Role",
                                                     "ClusterRole",
                                                     "RoleBinding",
                                                     "ClusterRoleBinding",
                                                     "ConfigMap",
                                                     "Secret",
                                                     "Endpoints",
                                                     "Service",
                                                     "LimitRange",
                                                     "PriorityClass",
                                                     "PersistentVolume",
                                                     "PersistentVolumeClaim",
                                                     "Deployment",
                                                     "StatefulSet",
                                                     "CronJob",
                                                     "PodDisruptionBudget"};
constexpr std::array<std::string_view, 2> kLast = {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"};

std::string_view or_else(std::string_view text, std::string_view fallback) { return text.empty() ? fallback : text; }

// kustomize compares joined strings, in which what is missing reads "~G", "~V", "~X".
std::string kind_key(const model::ObjectId& id) {
  return std::string(or_else(group_of(id.api_version), "~G")) + "_" +
         std::string(or_else(version_of(id.api_version), "~V")) + "_" + id.kind;
}
std::string name_key(const model::ObjectId& id) {
  return std::string(or_else(id.space, "~X")) + "|" + std::string(or_else(id.name, "~N"));
}

struct SortKey {
  int rank;
  std::string kind;
  std::string name;
  bool space;  // of kind Namespace, whose groups sort the other way round

  bool operator<(const SortKey& other) const {
    if (rank != other.rank) return rank < other.rank;
    if (kind != other.kind) return space && other.space ? kind > other.kind : kind < other.kind;
    return name < other.name;
  }
};

std::vector<std::string> texts(const Value* list) {
  std::vector<std::string> out;
  if (list == nullptr) return out;
  for (const Value& item : list->items()) out.emplace_back(item.string_or_empty());
  return out;
}

}  // namespace

void sort_legacy(Items& items, const Value* options) {
  std::vector<std::string> first(kFirst.begin(), kFirst.end());
  std::vector<std::string> last(kLast.begin(), kLast.end());
  if (options != nullptr) {
    first = texts(options->find("orderFirst"));
    last = texts(options->find("orderLast"));
  }
  auto rank = [&](const std::string& kind) {
    // A kind in both lists ranks last.
    if (auto at = std::find(last.begin(), last.end(), kind); at != last.end())
      return 1 + static_cast<int>(at - last.begin());
    if (auto at = std::find(first.begin(), first.end(), kind); at != first.end())
      return static_cast<int>(at - first.begin()) - static_cast<int>(first.size());
    return 0;
  };
  std::vector<std::pair<SortKey, std::size_t>> keys;
  for (std::size_t i = 0; i < items.size(); ++i) {
    model::ObjectId id = items[i].id();
    keys.push_back({{rank(id.kind), kind_key(id), name_key(id), id.kind == "Namespace"}, i});
  }
  std::stable_sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Items sorted;
  for (const auto& [key, i] : keys) sorted.push_back(std::move(items[i]));
  items = std::move(sorted);
}

}  // namespace pawl::render
