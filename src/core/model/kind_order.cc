#include "core/model/kind_order.h"

#include <array>

namespace pawl::model {

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

}  // namespace

std::span<const std::string_view> kinds_applied_first() { return kFirst; }
std::span<const std::string_view> kinds_applied_last() { return kLast; }

}  // namespace pawl::model
