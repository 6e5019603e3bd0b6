#include "core/policy/builtin_kinds.h"

#include <array>

namespace pawl::policy {

namespace {

constexpr bool kCluster = false;

constexpr std::array kKinds = std::to_array<BuiltinKind>({
    {"", "v1", "Binding", "bindings"},
    {"", "v1", "ComponentStatus", "componentstatuses", kCluster},
    {"", "v1", "ConfigMap", "configmaps"},
    {"", "v1", "Endpoints", "endpoints"},
    {"", "v1", "Event", "events"},
    {"", "v1", "LimitRange", "limitranges"},
    {"", "v1", "Namespace", "namespaces", kCluster},
    {"", "v1", "Node", "nodes", kCluster},
    {"", "v1", "PersistentVolume", "persistentvolumes", kCluster},
    {"", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"},
    {"", "v1", "Pod", "pods"},
    {"", "v1", "PodTemplate", "podtemplates"},
    {"", "v1", "ReplicationController", "replicationcontrollers"},
    {"", "v1", "ResourceQuota", "resourcequotas"},
    {"", "v1", "Secret", "secrets"},
    {"", "v1", "Service", "services"},
    {"", "v1", "ServiceAccount", "serviceaccounts"},
    {"admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", kCluster},
    {"admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", kCluster},
    {"admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings",
     kCluster},
    {"admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations",
     kCluster},
    {"apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", kCluster},
    {"apiregistration.k8s.io", "v1", "APIService", "apiservices", kCluster},
    {"apps", "v1", "ControllerRevision", "controllerrevisions"},
    {"apps", "v1", "DaemonSet", "daemonsets"},
    {"apps", "v1", "Deployment", "deployments"},
    {"apps", "v1", "ReplicaSet", "replicasets"},
    {"apps", "v1", "StatefulSet", "statefulsets"},
    {"authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", kCluster},
    {"authentication.k8s.io", "v1", "TokenReview", "tokenreviews", kCluster},
    {"authorization.k8s.io", "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews"},
    {"authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", kCluster},
    {"authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", kCluster},
    {"authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", kCluster},
    {"autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers"},
    {"autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"},
    {"batch", "v1", "CronJob", "cronjobs"},
    {"batch", "v1", "Job", "jobs"},
    {"certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests", kCluster},
    {"coordination.k8s.io", "v1", "Lease", "leases"},
    {"discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"},
    {"events.k8s.io", "v1", "Event", "events"},
    {"flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas", kCluster},
    {"flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration", "prioritylevelconfigurations", kCluster},
    {"networking.k8s.io", "v1", "IPAddress", "ipaddresses", kCluster},
    {"networking.k8s.io", "v1", "Ingress", "ingresses"},
    {"networking.k8s.io", "v1", "IngressClass", "ingressclasses", kCluster},
    {"networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"},
    {"networking.k8s.io", "v1", "ServiceCIDR", "servicecidrs", kCluster},
    {"node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", kCluster},
    {"policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"},
    {"rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", kCluster},
    {"rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", kCluster},
    {"rbac.authorization.k8s.io", "v1", "Role", "roles"},
    {"rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"},
    {"resource.k8s.io", "v1", "DeviceClass", "deviceclasses", kCluster},
    {"resource.k8s.io", "v1", "ResourceClaim", "resourceclaims"},
    {"resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates"},
    {"resource.k8s.io", "v1", "ResourceSlice", "resourceslices", kCluster},
    {"scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", kCluster},
    {"storage.k8s.io", "v1", "CSIDriver", "csidrivers", kCluster},
    {"storage.k8s.io", "v1", "CSINode", "csinodes", kCluster},
    {"storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities"},
    {"storage.k8s.io", "v1", "StorageClass", "storageclasses", kCluster},
    {"storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", kCluster},
    {"storage.k8s.io", "v1", "VolumeAttributesClass", "volumeattributesclasses", kCluster},
    // What Pawl itself asks policies about.
    {"pawl.dev", "v1alpha1", "Release", "releases", kCluster},
    {"pawl.dev", "v1alpha1", "Bundle", "bundles", kCluster},
    {"pawl.dev", "v1alpha1", "Promotion", "promotions", kCluster},
    {"pawl.dev", "v1alpha1", "Environment", "environments", kCluster},
});

}  // namespace

std::span<const BuiltinKind> builtin_kinds() { return kKinds; }

}  // namespace pawl::policy
