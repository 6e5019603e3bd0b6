#pragma once

#include "core/cel/type.h"

namespace pawl::policy {

// The types of `request` and `namespaceObject`: which fields expressions may name, and what they hold.
// https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
cel::Type request_type();
cel::Type namespace_type();

}  // namespace pawl::policy
