#pragma once

#include "core/cel/function.h"

namespace pawl::cel::lib {

// Kubernetes' own libraries, one file each; k8s.io/apiserver v0.34 pkg/cel/library has their contracts.
// https://kubernetes.io/docs/reference/using-api/cel/
void add_quantity(Registry& registry);
void add_url(Registry& registry);
void add_semver(Registry& registry);
void add_formats(Registry& registry);
void add_regex(Registry& registry);
void add_kubernetes_lists(Registry& registry);
void add_authorizer(Registry& registry);
// What Kubernetes reckons for the functions of the string library.
void add_string_costs(Registry& registry);

}  // namespace pawl::cel::lib
