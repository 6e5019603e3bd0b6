#include "core/render/schema.h"

#include <algorithm>

#include "core/render/scalar.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

// A field that merges, or that leads to one. `child` is its type, or its elements'.
struct Rule {
  std::string_view type;
  std::string_view field;
  std::string_view child;
  bool merges = false;
  std::array<std::string_view, 2> keys = {};
};

// From the OpenAPI document of Kubernetes v1.21: x-kubernetes-patch-strategy, -patch-merge-key and -list-map-keys.
constexpr auto kRules = std::to_array<Rule>({
    {"ObjectMeta", "finalizers", "", true},
    {"ObjectMeta", "ownerReferences", "", true, {"uid"}},
    {"Object", "metadata", "ObjectMeta"},
    {"WithStatus", "metadata", "ObjectMeta"},
    {"WithStatus", "status", "Status"},
    {"Status", "conditions", "", true, {"type"}},
    {"WebhookConfiguration", "metadata", "ObjectMeta"},
    {"WebhookConfiguration", "webhooks", "", true, {"name"}},
    {"Workload", "metadata", "ObjectMeta"},
    {"Workload", "spec", "WorkloadSpec"},
    {"Workload", "status", "Status"},
    {"WorkloadSpec", "template", "PodTemplateSpec"},
    {"StatefulSet", "metadata", "ObjectMeta"},
    {"StatefulSet", "spec", "StatefulSetSpec"},
    {"StatefulSet", "status", "Status"},
    {"StatefulSetSpec", "template", "PodTemplateSpec"},
    {"StatefulSetSpec", "volumeClaimTemplates", "WithStatus"},
    {"CronJob", "metadata", "ObjectMeta"},
    {"CronJob", "spec", "CronJobSpec"},
    {"CronJobSpec", "jobTemplate", "JobTemplateSpec"},
    {"JobTemplateSpec", "metadata", "ObjectMeta"},
    {"JobTemplateSpec", "spec", "WorkloadSpec"},
    {"PodTemplate", "metadata", "ObjectMeta"},
    {"PodTemplate", "template", "PodTemplateSpec"},
    {"PodTemplateSpec", "metadata", "ObjectMeta"},
    {"PodTemplateSpec", "spec", "PodSpec"},
    {"Pod", "metadata", "ObjectMeta"},
    {"Pod", "spec", "PodSpec"},
    {"Pod", "status", "PodStatus"},
    {"PodStatus", "conditions", "", true, {"type"}},
    {"PodStatus", "podIPs", "", true, {"ip"}},
    {"PodSpec", "containers", "Container", true, {"name"}},
    {"PodSpec", "initContainers", "Container", true, {"name"}},
    {"PodSpec", "ephemeralContainers", "EphemeralContainer", true, {"name"}},
    {"PodSpec", "hostAliases", "", true, {"ip"}},
    {"PodSpec", "imagePullSecrets", "", true, {"name"}},
    {"PodSpec", "topologySpreadConstraints", "", true, {"topologyKey", "whenUnsatisfiable"}},
    {"PodSpec", "volumes", "Volume", true, {"name"}},
    {"Volume", "ephemeral", "EphemeralVolumeSource"},
    {"EphemeralVolumeSource", "volumeClaimTemplate", "Object"},
    {"Container", "env", "", true, {"name"}},
    {"Container", "ports", "", true, {"containerPort", "protocol"}},
    {"Container", "volumeDevices", "", true, {"devicePath"}},
    {"Container", "volumeMounts", "", true, {"mountPath"}},
    {"EphemeralContainer", "env", "", true, {"name"}},
    {"EphemeralContainer", "volumeDevices", "", true, {"devicePath"}},
    {"EphemeralContainer", "volumeMounts", "", true, {"mountPath"}},
    {"Node", "metadata", "ObjectMeta"},
    {"Node", "spec", "NodeSpec"},
    {"Node", "status", "NodeStatus"},
    {"NodeSpec", "podCIDRs", "", true},
    {"NodeStatus", "addresses", "", true, {"type"}},
    {"NodeStatus", "conditions", "", true, {"type"}},
    {"ComponentStatus", "metadata", "ObjectMeta"},
    {"ComponentStatus", "conditions", "", true, {"type"}},
    {"Service", "metadata", "ObjectMeta"},
    {"Service", "spec", "ServiceSpec"},
    {"Service", "status", "Status"},
    {"ServiceSpec", "ports", "", true, {"port", "protocol"}},
    {"ServiceAccount", "metadata", "ObjectMeta"},
    {"ServiceAccount", "secrets", "", true, {"name"}},
    {"CSINode", "metadata", "ObjectMeta"},
    {"CSINode", "spec", "CSINodeSpec"},
    {"CSINodeSpec", "drivers", "", true, {"name"}},
    {"Kustomization", "configMapGenerator", "", true, {"name"}},
    {"Kustomization", "secretGenerator", "", true, {"name"}},
});

enum class Scope : std::uint8_t { kNamespaced, kCluster, kUnknown };

struct KindRow {
  std::string_view group;
  std::array<std::string_view, 2> versions;
  std::string_view kind;
  Scope scope;
  std::string_view type = "Object";  // "" where the schema lacks the kind
};

constexpr auto kKinds = std::to_array<KindRow>({
    {"", {"v1"}, "Binding", Scope::kUnknown},
    {"", {"v1"}, "ComponentStatus", Scope::kCluster, "ComponentStatus"},
    {"", {"v1"}, "ConfigMap", Scope::kNamespaced},
    {"", {"v1"}, "Endpoints", Scope::kNamespaced},
    {"", {"v1"}, "Event", Scope::kNamespaced},
    {"", {"v1"}, "LimitRange", Scope::kNamespaced},
    {"", {"v1"}, "Namespace", Scope::kCluster, "WithStatus"},
    {"", {"v1"}, "Node", Scope::kCluster, "Node"},
    {"", {"v1"}, "NodeProxyOptions", Scope::kCluster, ""},
    {"", {"v1"}, "PersistentVolume", Scope::kCluster},
    {"", {"v1"}, "PersistentVolumeClaim", Scope::kNamespaced, "WithStatus"},
    {"", {"v1"}, "Pod", Scope::kNamespaced, "Pod"},
    {"", {"v1"}, "PodTemplate", Scope::kNamespaced, "PodTemplate"},
    {"", {"v1"}, "ReplicationController", Scope::kNamespaced, "Workload"},
    {"", {"v1"}, "ResourceQuota", Scope::kNamespaced},
    {"", {"v1"}, "Secret", Scope::kNamespaced},
    {"", {"v1"}, "Service", Scope::kNamespaced, "Service"},
    {"", {"v1"}, "ServiceAccount", Scope::kNamespaced, "ServiceAccount"},
    {"admissionregistration.k8s.io",
     {"v1", "v1beta1"},
     "MutatingWebhookConfiguration",
     Scope::kCluster,
     "WebhookConfiguration"},
    {"admissionregistration.k8s.io",
     {"v1", "v1beta1"},
     "ValidatingWebhookConfiguration",
     Scope::kCluster,
     "WebhookConfiguration"},
    {"admissionregistration.k8s.io", {"v1"}, "ValidatingAdmissionPolicy", Scope::kCluster, ""},
    {"admissionregistration.k8s.io", {"v1"}, "ValidatingAdmissionPolicyBinding", Scope::kCluster, ""},
    {"apiextensions.k8s.io", {"v1", "v1beta1"}, "CustomResourceDefinition", Scope::kCluster},
    {"apiregistration.k8s.io", {"v1", "v1beta1"}, "APIService", Scope::kCluster, "WithStatus"},
    {"apps", {"v1"}, "ControllerRevision", Scope::kNamespaced},
    {"apps", {"v1"}, "DaemonSet", Scope::kNamespaced, "Workload"},
    {"apps", {"v1"}, "Deployment", Scope::kNamespaced, "Workload"},
    {"apps", {"v1"}, "ReplicaSet", Scope::kNamespaced, "Workload"},
    {"apps", {"v1"}, "StatefulSet", Scope::kNamespaced, "StatefulSet"},
    {"authentication.k8s.io", {"v1"}, "TokenRequest", Scope::kUnknown},
    {"authentication.k8s.io", {"v1", "v1beta1"}, "TokenReview", Scope::kUnknown},
    {"authorization.k8s.io", {"v1", "v1beta1"}, "LocalSubjectAccessReview", Scope::kUnknown},
    {"authorization.k8s.io", {"v1", "v1beta1"}, "SelfSubjectAccessReview", Scope::kUnknown},
    {"authorization.k8s.io", {"v1", "v1beta1"}, "SelfSubjectRulesReview", Scope::kUnknown},
    {"authorization.k8s.io", {"v1", "v1beta1"}, "SubjectAccessReview", Scope::kUnknown},
    {"autoscaling", {"v1", "v2beta1"}, "HorizontalPodAutoscaler", Scope::kNamespaced},
    {"autoscaling", {"v2beta2"}, "HorizontalPodAutoscaler", Scope::kNamespaced},
    {"autoscaling", {"v1"}, "Scale", Scope::kNamespaced},
    {"batch", {"v1", "v1beta1"}, "CronJob", Scope::kNamespaced, "CronJob"},
    {"batch", {"v1"}, "Job", Scope::kNamespaced, "Workload"},
    {"certificates.k8s.io", {"v1", "v1beta1"}, "CertificateSigningRequest", Scope::kCluster},
    {"coordination.k8s.io", {"v1", "v1beta1"}, "Lease", Scope::kNamespaced},
    {"discovery.k8s.io", {"v1", "v1beta1"}, "EndpointSlice", Scope::kNamespaced},
    {"events.k8s.io", {"v1", "v1beta1"}, "Event", Scope::kNamespaced},
    {"extensions", {"v1beta1"}, "Ingress", Scope::kNamespaced},
    {"flowcontrol.apiserver.k8s.io", {"v1beta1"}, "FlowSchema", Scope::kCluster},
    {"flowcontrol.apiserver.k8s.io", {"v1beta1"}, "PriorityLevelConfiguration", Scope::kCluster},
    {"kustomize.config.k8s.io", {"v1beta1"}, "Kustomization", Scope::kUnknown, "Kustomization"},
    {"networking.k8s.io", {"v1", "v1beta1"}, "Ingress", Scope::kNamespaced},
    {"networking.k8s.io", {"v1", "v1beta1"}, "IngressClass", Scope::kCluster},
    {"networking.k8s.io", {"v1"}, "NetworkPolicy", Scope::kNamespaced},
    {"node.k8s.io", {"v1", "v1beta1"}, "RuntimeClass", Scope::kCluster},
    {"policy", {"v1", "v1beta1"}, "PodDisruptionBudget", Scope::kNamespaced, "WithStatus"},
    {"policy", {"v1beta1"}, "PodSecurityPolicy", Scope::kCluster},
    {"policy", {"v1beta1"}, "Eviction", Scope::kUnknown},
    {"rbac.authorization.k8s.io", {"v1", "v1beta1"}, "ClusterRole", Scope::kCluster},
    {"rbac.authorization.k8s.io", {"v1", "v1beta1"}, "ClusterRoleBinding", Scope::kCluster},
    {"rbac.authorization.k8s.io", {"v1", "v1beta1"}, "Role", Scope::kNamespaced},
    {"rbac.authorization.k8s.io", {"v1", "v1beta1"}, "RoleBinding", Scope::kNamespaced},
    {"scheduling.k8s.io", {"v1", "v1beta1"}, "PriorityClass", Scope::kCluster},
    {"storage.k8s.io", {"v1", "v1beta1"}, "CSIDriver", Scope::kCluster},
    {"storage.k8s.io", {"v1", "v1beta1"}, "CSINode", Scope::kCluster, "CSINode"},
    {"storage.k8s.io", {"v1beta1"}, "CSIStorageCapacity", Scope::kNamespaced},
    {"storage.k8s.io", {"v1", "v1beta1"}, "StorageClass", Scope::kCluster},
    {"storage.k8s.io", {"v1", "v1beta1"}, "VolumeAttachment", Scope::kCluster},
});

// The rows of `kKinds` by kind, so that one is found without a look at all of them.
constexpr auto kByKind = [] {
  std::array<std::uint8_t, kKinds.size()> rows{};
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::uint8_t>(i);
  std::sort(rows.begin(), rows.end(), [](auto a, auto b) { return kKinds[a].kind < kKinds[b].kind; });
  return rows;
}();
static_assert(kKinds.size() <= 256);

std::string kind_key(std::string_view api_version, std::string_view kind) {
  return std::string(api_version) + " " + std::string(kind);
}

std::string api_version_of(std::string_view group, std::string_view version) {
  return group.empty() ? std::string(version) : std::string(group) + "/" + std::string(version);
}

constexpr std::string_view kGvkExtension = "x-kubernetes-group-version-kind";

std::string gvk_key(const Value& extension) {
  return kind_key(api_version_of(extension.string_at("group"), extension.string_at("version")),
                  extension.string_at("kind"));
}

bool says_merge(std::string_view strategies) {
  while (!strategies.empty()) {
    std::size_t comma = std::min(strategies.find(','), strategies.size());
    if (strategies.substr(0, comma) == "merge") return true;
    strategies.remove_prefix(std::min(comma + 1, strategies.size()));
  }
  return false;
}

std::string_view referenced(const Value& schema) {
  constexpr std::string_view kPrefix = "#/definitions/";
  std::string_view text = schema.string_at("$ref");
  return text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : std::string_view();
}

std::array<std::string_view, 2> merge_keys(const Value& schema) {
  std::array<std::string_view, 2> keys = {};
  const Value* list = schema.find("x-kubernetes-list-map-keys");
  if (list == nullptr || !list->is_list()) return {schema.string_at("x-kubernetes-patch-merge-key")};
  for (std::size_t i = 0; i < std::min(keys.size(), list->size()); ++i) keys[i] = list->items()[i].string_or_empty();
  return keys;
}

// What the tables above call a definition of Kubernetes' OpenAPI document.
std::string_view builtin_name(std::string_view definition) {
  std::string_view name = definition.substr(definition.rfind('.') + 1);
  for (std::string_view workload : {"DeploymentSpec", "DaemonSetSpec", "ReplicaSetSpec", "JobSpec"}) {
    if (name == workload) return "WorkloadSpec";
  }
  if (name == "PersistentVolumeClaim") return "WithStatus";
  return name == "PersistentVolumeClaimTemplate" ? "Object" : name;
}

}  // namespace

std::vector<std::string_view> SchemaNode::key_list() const {
  std::vector<std::string_view> out;
  for (std::string_view key : keys) {
    if (!key.empty()) out.push_back(key);
  }
  return out;
}

std::int32_t Schema::type_named(std::string_view name) {
  if (name.empty()) return -1;
  auto [found, is_new] = type_names_.emplace(name, static_cast<std::int32_t>(types_.size()));
  if (is_new) types_.emplace_back();
  return found->second;
}

bool Schema::is_builtin_definition(std::string_view name) const {
  return builtin_ && name.starts_with("io.k8s.ap") && type_names_.contains(std::string(builtin_name(name)));
}

std::int32_t Schema::type_of_definition(std::string_view name) {
  return type_named(is_builtin_definition(name) ? builtin_name(name) : name);
}

void Schema::add_builtin() {
  builtin_ = true;
  for (const Rule& rule : kRules) {
    SchemaNode node{type_named(rule.child), rule.merges, rule.keys};
    types_[static_cast<std::size_t>(type_named(rule.type))].push_back({rule.field, node});
  }
  for (const KindRow& row : kKinds) {
    for (std::string_view version : row.versions) {
      if (!version.empty() && !row.type.empty())
        kinds_.emplace(kind_key(api_version_of(row.group, version), row.kind), type_named(row.type));
    }
  }
}

SchemaNode Schema::of_kind(std::string_view api_version, std::string_view kind) {
  if (!builtin_ && !custom_) add_builtin();
  auto found = kinds_.find(kind_key(api_version, kind));
  return found == kinds_.end() ? SchemaNode{} : SchemaNode{.type = found->second};
}

SchemaNode Schema::field(SchemaNode node, std::string_view name) const {
  if (node.type < 0) return {};
  for (const Field& field : types_[static_cast<std::size_t>(node.type)]) {
    if (field.name == name || field.name.empty()) return field.node;
  }
  return {};
}

bool Schema::is_cluster_scoped(std::string_view group, std::string_view version, std::string_view kind) {
  if (!custom_) asked_ = true;
  auto row = std::lower_bound(kByKind.begin(), kByKind.end(), kind,
                              [](std::uint8_t i, std::string_view name) { return kKinds[i].kind < name; });
  for (; row != kByKind.end() && kKinds[*row].kind == kind; ++row) {
    const KindRow& known = kKinds[*row];
    if (known.group != group || known.scope == Scope::kUnknown || version.empty()) continue;
    if (std::find(known.versions.begin(), known.versions.end(), version) != known.versions.end())
      return known.scope == Scope::kCluster;
  }
  if (!custom_) return false;
  auto found = cluster_scoped_.find(kind_key(api_version_of(group, version), kind));
  return found != cluster_scoped_.end() && found->second;
}

Status Schema::add_custom(format::Arena& arena, const Value& swagger) {
  if (!swagger.is_map()) return Error(ErrorCode::kInvalid, "an OpenAPI schema is a map");
  if (asked_ && !builtin_) add_builtin();
  custom_ = true;
  if (const Value* definitions = swagger.find("definitions")) {
    for (const Member& member : definitions->members()) add_definition(arena, member.key, member.value);
  }
  if (const Value* paths = swagger.find("paths")) add_paths(*paths);
  return {};
}

void Schema::add_definition(format::Arena& arena, std::string_view name, const Value& definition) {
  std::int32_t type = type_of_definition(name);
  if (!is_builtin_definition(name)) add_fields(arena, type, name, definition);
  const Value* kinds = definition.find(kGvkExtension);
  if (kinds == nullptr) return;
  for (const Value& extension : kinds->items()) kinds_.emplace(gvk_key(extension), type);
}

void Schema::add_fields(format::Arena& arena, std::int32_t type, std::string_view name, const Value& schema) {
  std::vector<Field> fields;
  if (const Value* properties = schema.find("properties")) {
    for (const Member& member : properties->members())
      fields.push_back({member.key, property(arena, name, member.key, member.value)});
  }
  if (const Value* others = schema.find("additionalProperties"); others != nullptr && others->is_map())
    fields.push_back({"", property(arena, name, "*", *others)});
  types_[static_cast<std::size_t>(type)] = std::move(fields);
}

SchemaNode Schema::property(format::Arena& arena, std::string_view owner, std::string_view name, const Value& schema) {
  SchemaNode node;
  const Value* items = schema.find("items");
  const Value& inner = items != nullptr && items->is_map() ? *items : schema;
  std::string_view reference = referenced(inner);
  if (!reference.empty()) {
    node.type = type_of_definition(reference);
  } else {
    // A schema written out in its place gets a type of its own, named after the place.
    std::string_view place = arena.copy(std::string(owner) + "." + std::string(name));
    node.type = type_named(place);
    add_fields(arena, node.type, place, inner);
  }
  if (says_merge(schema.string_at("x-kubernetes-patch-strategy"))) {
    node.merges = true;
    node.keys = merge_keys(schema);
  }
  return node;
}

void Schema::add_paths(const Value& paths) {
  for (const Member& path : paths.members()) {
    const Value* extension = path.value.at_path({"get", kGvkExtension});
    if (extension == nullptr) continue;
    bool namespaced = path.key.find("namespaces/{namespace}") != std::string_view::npos;
    std::string key = gvk_key(*extension);
    if (namespaced)
      cluster_scoped_[key] = false;
    else
      cluster_scoped_.emplace(std::move(key), true);
  }
}

}  // namespace pawl::render
