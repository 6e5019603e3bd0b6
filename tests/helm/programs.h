#pragma once

#include <gtest/gtest.h>

#include <string>

#include "adapters/helm/helm.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::testing_helm {

// Where helm of major version `major` is: PAWL_HELM3 and PAWL_HELM4, default below the cache that .ci/run fills.
inline std::string program(const std::string& major) {
  std::string cache = os::join_path(os::environment("HOME").value_or("/"), ".cache/pawl");
  std::string built = os::join_path(os::environment("PAWL_CACHE").value_or(cache), "go/bin/helm" + major);
  return os::environment(("PAWL_HELM" + major).c_str()).value_or(built);
}

// Runs once with helm 3 and once with helm 4.
class WithHelm : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!os::exists(program(GetParam())))
      GTEST_SKIP() << "helm " << GetParam() << " (" << program(GetParam()) << ") is absent";
  }

  helm::Config config(helm::Sandbox sandbox = helm::Sandbox::kNamespaces) const {
    helm::Config out = helm::config_from_environment("helm", sandbox);
    out.program = program(GetParam());
    return out;
  }
};

}  // namespace pawl::testing_helm
