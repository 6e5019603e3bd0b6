#include <algorithm>
#include <array>

#include "core/bundle/build.h"

namespace pawl::bundle {

namespace {

// What others need first; webhooks last, so that they judge nothing before what serves them is there.
constexpr std::array<std::string_view, 24> kFirst = {"Namespace",
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
                                                     "PodDisruptionBudget",
                                                     "HorizontalPodAutoscaler",
                                                     "NetworkPolicy"};
constexpr std::array<std::string_view, 2> kLast = {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"};

int rank(const std::string& kind) {
  if (auto at = std::find(kFirst.begin(), kFirst.end(), kind); at != kFirst.end()) {
    return static_cast<int>(at - kFirst.begin()) - static_cast<int>(kFirst.size());
  }
  if (auto at = std::find(kLast.begin(), kLast.end(), kind); at != kLast.end())
    return 1 + static_cast<int>(at - kLast.begin());
  return 0;
}

}  // namespace

bool applies_before(const model::ObjectId& a, const model::ObjectId& b) {
  return std::pair(rank(a.kind), a) < std::pair(rank(b.kind), b);
}

}  // namespace pawl::bundle
