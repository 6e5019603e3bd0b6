#pragma once

#include <string>

#include "engine/render_cache.h"

namespace pawl::engine {

// What `kustomize build` prints for `folder`, a path in `workspace`, which `cache` renders from too.
Result<Pieces> kustomize(const RenderCache& cache, const ports::Workspace& workspace, const std::string& folder);

}  // namespace pawl::engine
