#include "core/render/resource.h"

#include <algorithm>
#include <array>

namespace pawl::render {

namespace {

using format::Value;

std::string_view metadata_text(const Value& object, std::string_view key) {
  const Value* metadata = object.find("metadata");
  return metadata == nullptr ? std::string_view() : metadata->string_at(key);
}

struct GroupKind {
  std::string_view group;
  std::string_view kind;
};
constexpr auto kClusterScoped =
    std::to_array<GroupKind>({{"", "Namespace"},
                              {"", "Node"},
                              {"", "PersistentVolume"},
                              {"", "ComponentStatus"},
                              {"admissionregistration.k8s.io", "MutatingWebhookConfiguration"},
                              {"admissionregistration.k8s.io", "ValidatingWebhookConfiguration"},
                              {"admissionregistration.k8s.io", "ValidatingAdmissionPolicy"},
                              {"admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"},
                              {"apiextensions.k8s.io", "CustomResourceDefinition"},
                              {"apiregistration.k8s.io", "APIService"},
                              {"authentication.k8s.io", "TokenReview"},
                              {"authentication.k8s.io", "SelfSubjectReview"},
                              {"authorization.k8s.io", "SelfSubjectAccessReview"},
                              {"authorization.k8s.io", "SelfSubjectRulesReview"},
                              {"authorization.k8s.io", "SubjectAccessReview"},
                              {"certificates.k8s.io", "CertificateSigningRequest"},
                              {"flowcontrol.apiserver.k8s.io", "FlowSchema"},
                              {"flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"},
                              {"internal.apiserver.k8s.io", "StorageVersion"},
                              {"networking.k8s.io", "IngressClass"},
                              {"networking.k8s.io", "ClusterCIDR"},
                              {"node.k8s.io", "RuntimeClass"},
                              {"policy", "PodSecurityPolicy"},
                              {"rbac.authorization.k8s.io", "ClusterRole"},
                              {"rbac.authorization.k8s.io", "ClusterRoleBinding"},
                              {"scheduling.k8s.io", "PriorityClass"},
                              {"storage.k8s.io", "CSIDriver"},
                              {"storage.k8s.io", "CSINode"},
                              {"storage.k8s.io", "StorageClass"},
                              {"storage.k8s.io", "VolumeAttachment"}});

}  // namespace

std::string_view Item::name() const { return metadata_text(object, "name"); }
std::string_view Item::space() const { return metadata_text(object, "namespace"); }

void Item::set_name(format::Arena& arena, std::string_view name) {
  Value* metadata = object.find("metadata");
  if (metadata == nullptr) metadata = &object.set(arena, "metadata", Value::map());
  metadata->set(arena, "name", name);
}

std::string_view group_of(std::string_view api_version) {
  std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

std::string_view version_of(std::string_view api_version) {
  std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? api_version : api_version.substr(slash + 1);
}

bool is_cluster_scoped(std::string_view api_version, std::string_view kind) {
  std::string_view group = group_of(api_version);
  return std::any_of(kClusterScoped.begin(), kClusterScoped.end(),
                     [&](const GroupKind& k) { return k.group == group && k.kind == kind; });
}

}  // namespace pawl::render
