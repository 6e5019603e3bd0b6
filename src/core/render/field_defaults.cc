#include <array>

#include "core/render/field_config.h"

// kustomize's default field specs. What holds of every pod template is said once and laid out over the kinds that have
// one; the order of the specs decides nothing.

namespace pawl::render {

namespace {

// Text of the tables, which lives as long as the program.
std::string_view keep(std::string text) {
  static format::Arena arena;  // filled once, while the defaults are made
  return arena.copy(text);
}

constexpr std::string_view kApps = "apps";
constexpr std::string_view kBatch = "batch";
constexpr std::string_view kNetworking = "networking.k8s.io";
constexpr std::string_view kRbac = "rbac.authorization.k8s.io";
constexpr std::string_view kAdmission = "admissionregistration.k8s.io";

FieldSpec spec(std::string_view path, std::string_view kind, std::string_view group = {},
               std::string_view version = {}) {
  return {{group, version, kind}, path, false};
}
FieldSpec made(std::string_view path, std::string_view kind = {}, std::string_view group = {},
               std::string_view version = {}) {
  return {{group, version, kind}, path, true};
}

// metadata/`field` of objects and of the pod templates in them.
FieldSpecs metadata_of_templates(const std::string& field, std::string_view stateful_group) {
  auto path = [&](std::string_view base) { return keep(std::string(base) + "metadata/" + field); };
  std::string_view pods = path("spec/template/");
  return {made(path("")),
          made(pods, "ReplicationController", {}, "v1"),
          made(pods, "Deployment"),
          made(pods, "ReplicaSet"),
          made(pods, "DaemonSet"),
          made(pods, "StatefulSet", stateful_group),
          made(pods, "Job", kBatch),
          made(path("spec/jobTemplate/"), "CronJob", kBatch),
          made(path("spec/jobTemplate/spec/template/"), "CronJob", kBatch)};
}

FieldSpecs claim_templates() { return {made("spec/volumeClaimTemplates[]/metadata/labels", "StatefulSet", kApps)}; }

void add_affinity(FieldSpecs& out, std::string_view kind) {
  for (std::string affinity : {"podAffinity", "podAntiAffinity"}) {
    std::string base = "spec/template/spec/affinity/" + affinity;
    out.push_back(
        spec(keep(base + "/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels"),
             kind, kApps));
    out.push_back(
        spec(keep(base + "/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels"), kind, kApps));
  }
  out.push_back(spec("spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", kind, kApps));
}

FieldSpecs selectors() {
  FieldSpecs out = {made("spec/selector", "Service", {}, "v1"),
                    made("spec/selector", "ReplicationController", {}, "v1"),
                    made("spec/selector/matchLabels", "Deployment"),
                    made("spec/selector/matchLabels", "ReplicaSet"),
                    made("spec/selector/matchLabels", "DaemonSet"),
                    made("spec/selector/matchLabels", "StatefulSet", kApps),
                    spec("spec/selector/matchLabels", "Job", kBatch),
                    spec("spec/jobTemplate/spec/selector/matchLabels", "CronJob", kBatch),
                    spec("spec/selector/matchLabels", "PodDisruptionBudget", "policy"),
                    spec("spec/podSelector/matchLabels", "NetworkPolicy", kNetworking),
                    spec("spec/ingress/from/podSelector/matchLabels", "NetworkPolicy", kNetworking),
                    spec("spec/egress/to/podSelector/matchLabels", "NetworkPolicy", kNetworking)};
  add_affinity(out, "Deployment");
  add_affinity(out, "StatefulSet");
  return out;
}

FieldSpecs image_specs() {
  FieldSpecs out;
  for (std::string_view base : {"", "template/spec/"}) {
    for (std::string_view field : {"containers[]/image", "initContainers[]/image", "volumes[]/image/reference"})
      out.push_back(made(keep("spec/" + std::string(base) + std::string(field))));
  }
  out.push_back(made("spec/jobTemplate/spec/template/spec/volumes[]/image/reference"));
  return out;
}

// A kind that holds pods, and where their spec stands.
struct PodPlace {
  std::string_view kind;
  std::string_view path;
  std::string_view version = {};
};
constexpr std::string_view kTemplate = "spec/template/spec/";
constexpr PodPlace kPod = {"Pod", "spec/"};
constexpr PodPlace kCronJob = {"CronJob", "spec/jobTemplate/spec/template/spec/"};

// For the fields that name ConfigMaps and Secrets.
constexpr auto kDataPlaces = std::to_array<PodPlace>({{"Pod", "spec/", "v1"},
                                                      {"PodTemplate", "template/spec/"},
                                                      {"Deployment", kTemplate},
                                                      {"ReplicaSet", kTemplate},
                                                      {"DaemonSet", kTemplate},
                                                      {"StatefulSet", kTemplate},
                                                      {"Job", kTemplate},
                                                      kCronJob});
// For those that name other things.
constexpr auto kOtherPlaces = std::to_array<PodPlace>({kPod,
                                                       {"StatefulSet", kTemplate},
                                                       {"Deployment", kTemplate},
                                                       {"ReplicationController", kTemplate},
                                                       kCronJob,
                                                       {"Job", kTemplate},
                                                       {"DaemonSet", kTemplate}});

void add_pod_fields(FieldSpecs& out, std::span<const PodPlace> places, std::span<const std::string_view> paths) {
  for (const PodPlace& place : places) {
    for (std::string_view path : paths)
      out.push_back(spec(keep(std::string(place.path) + std::string(path)), place.kind, {}, place.version));
  }
}

FieldSpecs pod_field(std::string_view path) {
  FieldSpecs out;
  add_pod_fields(out, kOtherPlaces, {&path, 1});
  return out;
}

BackReference config_map_references() {
  constexpr auto kPaths = std::to_array<std::string_view>(
      {"volumes/configMap/name", "containers/env/valueFrom/configMapKeyRef/name",
       "initContainers/env/valueFrom/configMapKeyRef/name", "containers/envFrom/configMapRef/name",
       "initContainers/envFrom/configMapRef/name", "volumes/projected/sources/configMap/name"});
  BackReference out{{.version = "v1", .kind = "ConfigMap"}, {}};
  add_pod_fields(out.referrers, kDataPlaces, kPaths);
  for (const FieldSpec& more :
       {spec("spec/configSource/configMap", "Node"), spec("rules/resourceNames", "Role"),
        spec("rules/resourceNames", "ClusterRole"),
        spec("metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap", "Ingress")})
    out.referrers.push_back(more);
  return out;
}

BackReference secret_references() {
  constexpr auto kPaths = std::to_array<std::string_view>(
      {"volumes/secret/secretName", "containers/env/valueFrom/secretKeyRef/name",
       "initContainers/env/valueFrom/secretKeyRef/name", "containers/envFrom/secretRef/name",
       "initContainers/envFrom/secretRef/name", "imagePullSecrets/name", "volumes/projected/sources/secret/name"});
  BackReference out{{.version = "v1", .kind = "Secret"}, {}};
  add_pod_fields(out.referrers, kDataPlaces, kPaths);
  for (const FieldSpec& more :
       {spec("spec/tls/secretName", "Ingress"),
        spec("metadata/annotations/ingress.kubernetes.io\\/auth-secret", "Ingress"),
        spec("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret", "Ingress"),
        spec("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret", "Ingress"),
        spec("imagePullSecrets/name", "ServiceAccount"), spec("parameters/secretName", "StorageClass"),
        spec("parameters/adminSecretName", "StorageClass"), spec("parameters/userSecretName", "StorageClass"),
        spec("parameters/secretRef", "StorageClass"), spec("rules/resourceNames", "Role"),
        spec("rules/resourceNames", "ClusterRole"),
        spec("spec/template/spec/containers/env/valueFrom/secretKeyRef/name", "Service", "serving.knative.dev", "v1"),
        spec("spec/azureFile/secretName", "PersistentVolume")})
    out.referrers.push_back(more);
  return out;
}

BackReference service_references() {
  return {{.version = "v1", .kind = "Service"},
          {spec("spec/serviceName", "StatefulSet", kApps), spec("spec/rules/http/paths/backend/serviceName", "Ingress"),
           spec("spec/backend/serviceName", "Ingress"), spec("spec/rules/http/paths/backend/service/name", "Ingress"),
           spec("spec/defaultBackend/service/name", "Ingress"),
           spec("spec/service/name", "APIService", "apiregistration.k8s.io"),
           spec("webhooks/clientConfig/service", "ValidatingWebhookConfiguration", kAdmission),
           spec("webhooks/clientConfig/service", "MutatingWebhookConfiguration", kAdmission)}};
}

BackReference service_account_references() {
  BackReference out{{.version = "v1", .kind = "ServiceAccount"}, pod_field("serviceAccountName")};
  out.referrers.push_back(spec("subjects", "RoleBinding", kRbac));
  out.referrers.push_back(spec("subjects", "ClusterRoleBinding", kRbac));
  return out;
}

std::vector<BackReference> name_references() {
  std::vector<BackReference> out;
  for (std::string_view kind : {"Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"})
    out.push_back({{.kind = kind}, {spec("spec/scaleTargetRef/name", "HorizontalPodAutoscaler")}});
  out.push_back(config_map_references());
  out.push_back(secret_references());
  out.push_back(service_references());
  out.push_back(service_account_references());
  out.push_back({{.group = kRbac, .kind = "Role"}, {spec("roleRef/name", "RoleBinding", kRbac)}});
  out.push_back({{.group = kRbac, .kind = "ClusterRole"},
                 {spec("roleRef/name", "RoleBinding", kRbac), spec("roleRef/name", "ClusterRoleBinding", kRbac)}});
  out.push_back(
      {{.version = "v1", .kind = "PersistentVolumeClaim"}, pod_field("volumes/persistentVolumeClaim/claimName")});
  out.push_back({{.version = "v1", .kind = "PersistentVolume"},
                 {spec("spec/volumeName", "PersistentVolumeClaim"), spec("rules/resourceNames", "ClusterRole")}});
  out.push_back(
      {{"storage.k8s.io", "v1", "StorageClass"},
       {spec("spec/storageClassName", "PersistentVolume"), spec("spec/storageClassName", "PersistentVolumeClaim"),
        spec("spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet")}});
  out.push_back({{"scheduling.k8s.io", "v1", "PriorityClass"}, pod_field("priorityClassName")});
  // A group with a version in it, which no object has: kustomize never renames classes of ingresses.
  out.push_back({{"networking.k8s.io/v1", "v1", "IngressClass"}, {spec("spec/ingressClassName", "Ingress")}});
  out.push_back({{.group = kAdmission, .kind = "ValidatingAdmissionPolicy"},
                 {spec("spec/policyName", "ValidatingAdmissionPolicyBinding", kAdmission)}});
  return out;
}

FieldSpecs variable_references() {
  constexpr auto kPaths = std::to_array<std::string_view>(
      {"containers/args", "containers/command", "containers/env/value", "containers/volumeMounts/mountPath",
       "initContainers/args", "initContainers/command", "initContainers/env/value",
       "initContainers/volumeMounts/mountPath"});
  constexpr auto kPlaces = std::to_array<PodPlace>({kPod,
                                                    kCronJob,
                                                    {"DaemonSet", kTemplate},
                                                    {"Deployment", kTemplate},
                                                    {"Job", kTemplate},
                                                    {"ReplicaSet", kTemplate},
                                                    {"StatefulSet", kTemplate}});
  FieldSpecs out;
  add_pod_fields(out, kPlaces, kPaths);
  for (std::string_view kind : {"DaemonSet", "Deployment", "Job", "ReplicaSet"})
    out.push_back(spec("spec/template/spec/volumes/nfs/server", kind));
  for (const FieldSpec& more :
       {spec("spec/jobTemplate/spec/template/volumes/nfs/server", "CronJob"), spec("spec/volumes/nfs/server", "Pod"),
        spec("spec/template/metadata/annotations", "Deployment"), spec("spec/rules/host", "Ingress"),
        spec("spec/tls/hosts", "Ingress"), spec("spec/tls/secretName", "Ingress"), spec("spec/ports/port", "Service"),
        spec("spec/ports/targetPort", "Service"), spec("spec/volumeClaimTemplates/spec/nfs/server", "StatefulSet"),
        spec("spec/nfs/server", "PersistentVolume"), spec("metadata/labels", ""), spec("metadata/annotations", "")})
    out.push_back(more);
  return out;
}

FieldConfig make_defaults() {
  FieldConfig out;
  out.name_prefix = {spec("metadata/name", "")};
  out.name_suffix = {spec("metadata/name", "")};
  out.space = {made("metadata/name", "Namespace"),
               made("spec/service/namespace", "APIService", "apiregistration.k8s.io"),
               spec("spec/conversion/webhook/clientConfig/service/namespace", "CustomResourceDefinition",
                    "apiextensions.k8s.io")};
  out.template_labels = metadata_of_templates("labels", kApps);
  out.claim_template_labels = claim_templates();
  out.common_labels = selectors();
  for (const FieldSpecs& more : {out.template_labels, out.claim_template_labels})
    out.common_labels.insert(out.common_labels.end(), more.begin(), more.end());
  out.common_annotations = metadata_of_templates("annotations", {});
  out.name_references = name_references();
  out.variable_references = variable_references();
  out.images = image_specs();
  for (std::string_view kind : {"Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"})
    out.replicas.push_back(made("spec/replicas", kind));
  return out;
}

}  // namespace

FieldConfigPtr default_field_config() {
  static const FieldConfigPtr kDefaults = std::make_shared<const FieldConfig>(make_defaults());
  return kDefaults;
}

}  // namespace pawl::render
