#pragma once

#include <memory>
#include <string>

#include "base/pieces.h"
#include "base/result.h"
#include "ports/cache.h"

namespace pawl::app {

// Builds the kustomization in `folder`, which is absolute or below `start`, the user's folder. Bases may lie anywhere
// in the Git repository that holds it, or anywhere at all where none does. Errors name files as `start` sees them.
// Stamps are asked of the StampService in `watch_folder`, where one is there.
Result<Pieces> kustomize(const std::string& start, const std::string& folder, std::shared_ptr<ports::Cache> cache,
                         const std::string& watch_folder);

}  // namespace pawl::app
