#include <algorithm>
#include <array>

#include "core/render/patch.h"
#include "format/json.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

constexpr std::string_view kDirective = "$patch";
constexpr std::string_view kRetainKeys = "$retainKeys";

// Lists whose elements have an identity, by the field they stand in; Kubernetes' patchMergeKey. `under` narrows it to
// the field above the list's own map, "" for anywhere in built-in kinds.
struct MergeKey {
  std::string_view field;
  std::string_view under;
  std::array<std::string_view, 2> keys;
};
constexpr auto kMergeKeys =
    std::to_array<MergeKey>({{"containers", "", {"name"}},
                             {"initContainers", "", {"name"}},
                             {"ephemeralContainers", "", {"name"}},
                             {"env", "", {"name"}},
                             {"volumes", "", {"name"}},
                             {"volumeMounts", "", {"mountPath"}},
                             {"volumeDevices", "", {"devicePath"}},
                             {"imagePullSecrets", "", {"name"}},
                             {"hostAliases", "", {"ip"}},
                             {"topologySpreadConstraints", "", {"topologyKey", "whenUnsatisfiable"}},
                             {"resourceClaims", "spec", {"name"}},
                             {"ports", "containers", {"containerPort", "protocol"}},
                             {"ports", "initContainers", {"containerPort", "protocol"}},
                             {"ports", "ephemeralContainers", {"containerPort", "protocol"}},
                             {"ports", "Service.spec", {"port", "protocol"}},
                             {"secrets", "ServiceAccount", {"name"}},
                             {"conditions", "", {"type"}},
                             {"ownerReferences", "metadata", {"uid"}},
                             {"webhooks", "", {"name"}}});

constexpr std::array<std::string_view, 17> kBuiltinGroups = {"",
                                                             "apps",
                                                             "batch",
                                                             "autoscaling",
                                                             "policy",
                                                             "extensions",
                                                             "networking.k8s.io",
                                                             "rbac.authorization.k8s.io",
                                                             "storage.k8s.io",
                                                             "scheduling.k8s.io",
                                                             "admissionregistration.k8s.io",
                                                             "apiregistration.k8s.io",
                                                             "coordination.k8s.io",
                                                             "discovery.k8s.io",
                                                             "node.k8s.io",
                                                             "certificates.k8s.io",
                                                             "events.k8s.io"};

bool is_builtin(const Value& object) {
  std::string_view group = group_of(object.string_at("apiVersion"));
  return std::find(kBuiltinGroups.begin(), kBuiltinGroups.end(), group) != kBuiltinGroups.end();
}

bool is_directive(std::string_view key) { return key.starts_with("$"); }

std::string scalar_key(const Value& element, std::string_view key) {
  const Value* value = element.find(key);
  if (value == nullptr || !value->is_scalar()) return {};
  return value->is_string() ? "s" + std::string(value->as_string()) : "v" + format::render_json(*value);
}

class StrategicMerge {
 public:
  StrategicMerge(format::Arena& arena, const Value& object)
      : arena_(arena), builtin_(is_builtin(object)), kind_(object.string_at("kind")) {}

  // Returns whether the map stays.
  bool maps(Value& to, const Value& patch, const std::string& field) {
    std::string_view directive = patch.string_at(kDirective);
    if (directive == "delete") return false;
    if (directive == "replace") to = Value::map();
    retain(to, patch);
    for (const Member& member : patch.members()) {
      if (is_directive(member.key)) continue;
      this->member(to, member, field);
    }
    return true;
  }

 private:
  void retain(Value& to, const Value& patch) {
    const Value* keys = patch.find(kRetainKeys);
    if (keys == nullptr) return;
    Value kept = Value::map();
    for (const Member& member : to.members()) {
      bool listed = std::any_of(keys->items().begin(), keys->items().end(),
                                [&](const Value& k) { return k.string_or_empty() == member.key; });
      if (listed) kept.append_member(arena_, member.key, member.value, member.key_at);
    }
    to = kept;
  }

  void member(Value& to, const Member& patch, const std::string& field) {
    if (patch.value.is_null()) {
      to.erase(patch.key);
      return;
    }
    Value* old = to.find(patch.key);
    std::string below(patch.key);
    if (patch.value.is_map()) {
      Value merged = old != nullptr && old->is_map() ? *old : Value::map();
      bool stays = maps(merged, patch.value, below);
      bool nothing_new = old == nullptr && merged.empty() && !patch.value.empty();
      if (stays && !nothing_new)
        to.set(arena_, patch.key, merged);
      else if (!stays)
        to.erase(patch.key);
    } else if (patch.value.is_list()) {
      Value merged = old != nullptr && old->is_list() ? *old : Value::list();
      lists(merged, patch.value, below, field);
      if (merged.empty() && !patch.value.empty() && old == nullptr) return;
      to.set(arena_, patch.key, merged);
    } else {
      to.set(arena_, patch.key, patch.value);
    }
  }

  const MergeKey* merge_key(std::string_view field, const std::string& under) const {
    if (!builtin_) return nullptr;
    for (const MergeKey& candidate : kMergeKeys) {
      if (candidate.field != field) continue;
      bool fits = candidate.under.empty() || candidate.under == under || candidate.under == kind_ + "." + under ||
                  (under.empty() && candidate.under == kind_);
      if (fits) return &candidate;
    }
    return nullptr;
  }

  static bool replaces(const Value& list) {
    return std::any_of(list.items().begin(), list.items().end(),
                       [](const Value& e) { return e.string_at(kDirective) == "replace"; });
  }

  void lists(Value& to, const Value& patch, const std::string& field, const std::string& under) {
    const MergeKey* key = merge_key(field, under);
    bool of_maps = std::all_of(patch.items().begin(), patch.items().end(), [](const Value& e) { return e.is_map(); });
    if (field == "finalizers" && builtin_) return unite(to, patch);
    if (key == nullptr || !of_maps || replaces(patch)) {
      to = Value::list();
      for (const Value& element : patch.items()) {
        if (element.string_at(kDirective).empty())
          to.push_back(arena_, cleaned(element, field));
        else if (element.string_at(kDirective) != "delete" && element.size() > 1)
          to.push_back(arena_, cleaned(element, field));
      }
      return;
    }
    by_key(to, patch, *key, field);
  }

  void unite(Value& to, const Value& patch) {
    Value out = Value::list();
    for (const Value& element : patch.items()) out.push_back(arena_, element);
    for (const Value& element : to.items()) {
      bool there =
          std::any_of(patch.items().begin(), patch.items().end(), [&](const Value& p) { return equal(p, element); });
      if (!there) out.push_back(arena_, element);
    }
    to = out;
  }

  // `value` as it reads when nothing was there: without directives and nulls.
  Value cleaned(const Value& value, const std::string& field) {
    if (!value.is_map()) return value;
    Value out = Value::map();
    Value patch = value;
    for (const Member& member : patch.members()) {
      if (!is_directive(member.key)) this->member(out, member, field);
    }
    return out;
  }

  // A second key counts only where every element says it.
  static bool all_have(const Value& a, const Value& b, std::string_view key) {
    auto has = [&](const Value& e) { return e.find(key) != nullptr; };
    return !key.empty() && std::all_of(a.items().begin(), a.items().end(), has) &&
           std::all_of(b.items().begin(), b.items().end(), has);
  }

  void by_key(Value& to, const Value& patch, const MergeKey& key, const std::string& field) {
    bool second = all_have(to, patch, key.keys[1]);
    auto same = [&](const Value& a, const Value& b) {
      return scalar_key(a, key.keys[0]) == scalar_key(b, key.keys[0]) &&
             (!second || scalar_key(a, key.keys[1]) == scalar_key(b, key.keys[1]));
    };
    // What the patch names comes first, in the patch's order; the rest keeps its own.
    Value merged = Value::list();
    Value kept = Value::list();
    for (const Value& element : to.items()) kept.push_back(arena_, element);
    for (const Value& change : patch.items()) {
      std::span<Value> old = kept.items();
      auto found = std::find_if(old.begin(), old.end(), [&](const Value& e) { return same(e, change); });
      if (found == old.end()) {
        if (change.string_at(kDirective) != "delete") merged.push_back(arena_, cleaned(change, field));
        continue;
      }
      Value element = *found;
      kept.erase_at(static_cast<std::size_t>(found - old.begin()));
      if (maps(element, change, field)) merged.push_back(arena_, element);
    }
    for (const Value& element : kept.items()) merged.push_back(arena_, element);
    to = merged;
  }

  format::Arena& arena_;
  bool builtin_;
  std::string kind_;
};

}  // namespace

bool merge_strategic(format::Arena& arena, Value& object, const Value& patch) {
  // Both are copied: merging writes into what it is given, and one patch may serve many objects.
  Value own = patch.clone(arena);
  return StrategicMerge(arena, object).maps(object, own, "");
}

}  // namespace pawl::render
