#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "ports/workspace.h"

namespace pawl::engine {

// What `kustomize build` prints for `folder` of `workspace`. Needs no project, lock or store; reads nothing but files
// of the workspace. Errors: as render::build_kustomization.
Result<std::string> kustomize(const std::shared_ptr<ports::Workspace>& workspace, const std::string& folder);

}  // namespace pawl::engine
