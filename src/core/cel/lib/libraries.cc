#include "core/cel/lib/libraries.h"

#include "core/cel/lib/extensions.h"
#include "core/cel/lib/kubernetes.h"
#include "core/cel/lib/net.h"

namespace pawl::cel {

namespace {

// Those of cel-spec's conformance suite, in their newest versions.
void add_standard(Registry& registry) {
  lib::add_strings(registry, lib::StringsVersion::kFourth);
  lib::add_lists(registry);
  lib::add_sets(registry);
  lib::add_math(registry);
  lib::add_encoders(registry);
}

// k8s.io/apiserver v0.34 pkg/cel/environment/base.go; math and encoders are beside what an apiserver has.
void add_kubernetes(Registry& registry) {
  lib::add_url(registry);
  lib::add_regex(registry);
  lib::add_kubernetes_lists(registry);
  lib::add_authorizer(registry);
  lib::add_quantity(registry);
  lib::add_strings(registry, lib::StringsVersion::kSecond);
  lib::add_string_costs(registry);
  lib::add_sets(registry);
  lib::add_net(registry);
  lib::add_formats(registry);
  lib::add_semver(registry);
  lib::add_lists(registry);
  lib::add_math(registry);
  lib::add_encoders(registry);
}

}  // namespace

void add_libraries(Registry& registry, Dialect dialect) {
  switch (dialect) {
    case Dialect::kStandard:
      add_standard(registry);
      return;
    case Dialect::kKubernetes:
      add_kubernetes(registry);
      return;
  }
}

}  // namespace pawl::cel
