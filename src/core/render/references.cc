#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "core/render/transform.h"

namespace pawl::render {

using format::Value;

namespace {

// One kind of thing that names others: where its users keep its name.
struct Reference {
  std::string_view group;  // of what is referred to; "*" for any
  std::string_view kind;
  std::vector<FieldSpec> fields;
};

struct PodPlace {
  std::string_view kind;
  std::string_view path;  // of the pod spec
  std::string_view group = {};
  std::string_view version = {};
};
constexpr auto kPodPlaces = std::to_array<PodPlace>({{"Pod", "spec", "", "v1"},
                                                     {"PodTemplate", "template/spec"},
                                                     {"Deployment", "spec/template/spec"},
                                                     {"ReplicaSet", "spec/template/spec"},
                                                     {"DaemonSet", "spec/template/spec"},
                                                     {"StatefulSet", "spec/template/spec"},
                                                     {"Job", "spec/template/spec"},
                                                     {"ReplicationController", "spec/template/spec"},
                                                     {"CronJob", "spec/jobTemplate/spec/template/spec"}});

std::vector<FieldSpec> in_pods(std::initializer_list<std::string_view> below) {
  std::vector<FieldSpec> out;
  for (const PodPlace& place : kPodPlaces) {
    for (std::string_view path : below) {
      out.push_back({.path = std::string(place.path) + "/" + std::string(path),
                     .kind = std::string(place.kind),
                     .version = std::string(place.version)});
    }
  }
  return out;
}

std::vector<FieldSpec> joined(std::vector<FieldSpec> a, std::vector<FieldSpec> b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<Reference> make_references() {
  std::vector<Reference> out;
  for (std::string_view kind : {"Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"}) {
    out.push_back({"*", kind, {{.path = "spec/scaleTargetRef/name", .kind = "HorizontalPodAutoscaler"}}});
  }
  out.push_back(
      {"", "ConfigMap",
       joined(in_pods({"volumes/configMap/name", "containers/env/valueFrom/configMapKeyRef/name",
                       "initContainers/env/valueFrom/configMapKeyRef/name", "containers/envFrom/configMapRef/name",
                       "initContainers/envFrom/configMapRef/name", "volumes/projected/sources/configMap/name"}),
              {{.path = "spec/configSource/configMap", .kind = "Node"},
               {.path = "rules/resourceNames", .kind = "Role"},
               {.path = "rules/resourceNames", .kind = "ClusterRole"},
               {.path = "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap",
                .kind = "Ingress"}})});
  out.push_back(
      {"", "Secret",
       joined(in_pods({"volumes/secret/secretName", "containers/env/valueFrom/secretKeyRef/name",
                       "initContainers/env/valueFrom/secretKeyRef/name", "containers/envFrom/secretRef/name",
                       "initContainers/envFrom/secretRef/name", "imagePullSecrets/name",
                       "volumes/projected/sources/secret/name"}),
              {{.path = "spec/tls/secretName", .kind = "Ingress"},
               {.path = "metadata/annotations/ingress.kubernetes.io\\/auth-secret", .kind = "Ingress"},
               {.path = "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret", .kind = "Ingress"},
               {.path = "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret", .kind = "Ingress"},
               {.path = "imagePullSecrets/name", .kind = "ServiceAccount"},
               {.path = "parameters/secretName", .kind = "StorageClass"},
               {.path = "parameters/adminSecretName", .kind = "StorageClass"},
               {.path = "parameters/userSecretName", .kind = "StorageClass"},
               {.path = "parameters/secretRef", .kind = "StorageClass"},
               {.path = "rules/resourceNames", .kind = "Role"},
               {.path = "rules/resourceNames", .kind = "ClusterRole"},
               {.path = "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
                .kind = "Service",
                .group = "serving.knative.dev",
                .version = "v1"},
               {.path = "spec/azureFile/secretName", .kind = "PersistentVolume"}})});
  out.push_back({"",
                 "Service",
                 {{.path = "spec/serviceName", .kind = "StatefulSet", .group = "apps"},
                  {.path = "spec/rules/http/paths/backend/serviceName", .kind = "Ingress"},
                  {.path = "spec/backend/serviceName", .kind = "Ingress"},
                  {.path = "spec/rules/http/paths/backend/service/name", .kind = "Ingress"},
                  {.path = "spec/defaultBackend/service/name", .kind = "Ingress"},
                  {.path = "spec/service/name", .kind = "APIService", .group = "apiregistration.k8s.io"},
                  {.path = "webhooks/clientConfig/service",
                   .kind = "ValidatingWebhookConfiguration",
                   .group = "admissionregistration.k8s.io"},
                  {.path = "webhooks/clientConfig/service",
                   .kind = "MutatingWebhookConfiguration",
                   .group = "admissionregistration.k8s.io"}}});
  constexpr std::string_view kRbac = "rbac.authorization.k8s.io";
  out.push_back({kRbac, "Role", {{.path = "roleRef/name", .kind = "RoleBinding", .group = std::string(kRbac)}}});
  out.push_back({kRbac,
                 "ClusterRole",
                 {{.path = "roleRef/name", .kind = "RoleBinding", .group = std::string(kRbac)},
                  {.path = "roleRef/name", .kind = "ClusterRoleBinding", .group = std::string(kRbac)}}});
  out.push_back({"", "ServiceAccount",
                 joined({{.path = "subjects", .kind = "RoleBinding", .group = std::string(kRbac)},
                         {.path = "subjects", .kind = "ClusterRoleBinding", .group = std::string(kRbac)}},
                        in_pods({"serviceAccountName"}))});
  out.push_back({"", "PersistentVolumeClaim", in_pods({"volumes/persistentVolumeClaim/claimName"})});
  out.push_back({"",
                 "PersistentVolume",
                 {{.path = "spec/volumeName", .kind = "PersistentVolumeClaim"},
                  {.path = "rules/resourceNames", .kind = "ClusterRole"}}});
  out.push_back({"storage.k8s.io",
                 "StorageClass",
                 {{.path = "spec/storageClassName", .kind = "PersistentVolume"},
                  {.path = "spec/storageClassName", .kind = "PersistentVolumeClaim"},
                  {.path = "spec/volumeClaimTemplates/spec/storageClassName", .kind = "StatefulSet"}}});
  out.push_back({"scheduling.k8s.io", "PriorityClass", in_pods({"priorityClassName"})});
  out.push_back({"networking.k8s.io", "IngressClass", {{.path = "spec/ingressClassName", .kind = "Ingress"}}});
  out.push_back({"admissionregistration.k8s.io",
                 "ValidatingAdmissionPolicy",
                 {{.path = "spec/policyName",
                   .kind = "ValidatingAdmissionPolicyBinding",
                   .group = "admissionregistration.k8s.io"}}});
  return out;
}

// Finds what a name meant: every item under every name it ever had.
class ReferenceFixer {
 public:
  ReferenceFixer(format::Arena& arena, Items& items) : arena_(arena), items_(items) {
    for (std::size_t i = 0; i < items.size(); ++i) index(i);
    for (const Reference& reference : references()) {
      for (const FieldSpec& spec : reference.fields) by_kind_[spec.kind].push_back({&reference, &spec});
    }
  }

  void run() {
    for (Item& item : items_) {
      auto uses = by_kind_.find(item.kind());
      if (uses == by_kind_.end()) continue;
      for (const auto& [reference, spec] : uses->second) {
        if (applies(*spec, item)) fix(item, *reference, *spec);
      }
    }
  }

 private:
  static const std::vector<Reference>& references() {
    static const std::vector<Reference> kReferences = make_references();
    return kReferences;
  }

  static std::string key(std::string_view kind, std::string_view name) {
    return std::string(kind) + "/" + std::string(name);
  }

  void index(std::size_t i) {
    Item& item = items_[i];
    std::vector<std::string> names;
    for (const model::ObjectId& id : item.before) names.push_back(id.name);
    names.emplace_back(item.name());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string& name : names) by_name_[key(item.kind(), name)].push_back(i);
  }

  void fix(Item& user, const Reference& reference, const FieldSpec& spec) {
    visit_field(arena_, user.object, spec, [&](Value& at) { fix_value(user, reference, spec, at); });
    // visit_field walks into lists; a list of plain names ("resourceNames") arrives element by element.
  }

  void fix_value(Item& user, const Reference& reference, const FieldSpec& spec, Value& at) {
    if (at.is_string()) {
      const Item* found = select(user, reference, spec, at.as_string(), std::nullopt);
      if (found != nullptr && found->name() != at.as_string()) at = Value::string(arena_, found->name());
    } else if (at.is_map()) {
      fix_map(user, reference, spec, at);
    }
  }

  void fix_map(Item& user, const Reference& reference, const FieldSpec& spec, Value& map) {
    const Value* name = map.find("name");
    if (name == nullptr || !name->is_string()) return;
    const Value* space = map.find("namespace");
    std::optional<std::string_view> wanted;
    if (space != nullptr && space->is_string()) wanted = space->as_string();
    const Item* found = select(user, reference, spec, name->as_string(), wanted);
    if (found == nullptr || (found->name() == name->as_string() && found->space().empty())) return;
    map.set(arena_, "name", found->name());
    if (!found->space().empty()) map.set(arena_, "namespace", found->space());
  }

  const Item* select(const Item& user, const Reference& reference, const FieldSpec& spec, std::string_view name,
                     std::optional<std::string_view> space) {
    auto named = by_name_.find(key(reference.kind, name));
    if (named == by_name_.end()) return nullptr;
    std::vector<const Item*> found;
    for (std::size_t i : named->second) {
      const Item& candidate = items_[i];
      bool group = reference.group == "*" || group_of(candidate.object.string_at("apiVersion")) == reference.group;
      if (group && role_ref_agrees(user, spec, candidate) && same_space(user, candidate)) found.push_back(&candidate);
    }
    if (space) keep_space(found, *space);
    if (found.size() > 1) keep(found, [&](const Item& c) { return affixes_agree(user, c, true); });
    if (found.size() > 1) keep(found, [&](const Item& c) { return affixes_agree(user, c, false); });
    if (found.empty()) return nullptr;
    bool one_name =
        std::all_of(found.begin(), found.end(), [&](const Item* c) { return c->name() == found[0]->name(); });
    return one_name ? found[0] : nullptr;
  }

  static void keep(std::vector<const Item*>& items, auto wanted) {
    std::erase_if(items, [&](const Item* item) { return !wanted(*item); });
  }

  static void keep_space(std::vector<const Item*>& items, std::string_view space) {
    std::vector<const Item*> by_original;
    std::copy_if(items.begin(), items.end(), std::back_inserter(by_original),
                 [&](const Item* i) { return i->original().space == space; });
    if (!by_original.empty())
      items = by_original;
    else
      keep(items, [&](const Item& item) { return item.space() == space; });
  }

  static bool role_ref_agrees(const Item& user, const FieldSpec& spec, const Item& candidate) {
    if (!spec.path.ends_with("roleRef/name")) return true;
    const Value* role = user.object.find("roleRef");
    if (role == nullptr || role->find("apiGroup") == nullptr || role->find("kind") == nullptr) return true;
    return role->string_at("kind") == candidate.kind() &&
           role->string_at("apiGroup") == group_of(candidate.object.string_at("apiVersion"));
  }

  static std::string_view effective(std::string_view space) { return space.empty() ? "default" : space; }

  static bool same_space(const Item& user, const Item& candidate) {
    if (is_cluster_scoped(user.object.string_at("apiVersion"), user.kind())) return true;
    if (is_cluster_scoped(candidate.object.string_at("apiVersion"), candidate.kind())) return true;
    if (candidate.kind() == "ServiceAccount") return true;
    return effective(user.space()) == effective(candidate.space());
  }

  static bool affixes_agree(const Item& user, const Item& candidate, bool allow_empty) {
    auto agree = [&](const std::vector<std::string>& a, const std::vector<std::string>& b) {
      if (allow_empty && (a.empty() || b.empty())) return true;
      return a == b;
    };
    return agree(user.prefixes, candidate.prefixes) && agree(user.suffixes, candidate.suffixes);
  }

  format::Arena& arena_;
  Items& items_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_name_;
  std::map<std::string, std::vector<std::pair<const Reference*, const FieldSpec*>>, std::less<>> by_kind_;
};

}  // namespace

void fix_references(format::Arena& arena, Items& items) { ReferenceFixer(arena, items).run(); }

}  // namespace pawl::render
