#pragma once

#include <vector>

#include "core/drift/attribute.h"
#include "core/model/project.h"
#include "core/model/release.h"
#include "engine/world.h"

namespace pawl::engine {

// All that a rendering depends on: what a snapshot holds, or what stands in the workspace.
struct Basis {
  model::Content content;
  model::Lock lock;
  format::FileTree files;
};
Result<Basis> basis_of_snapshot(World& world, const Context& context, const crypto::Digest& snapshot);

// Says of every change between two bundles of `environment` whether the lock, a source, a parameter or the project
// made it so: the rendering is repeated with one of them exchanged at a time. What cannot be rendered half exchanged
// has several causes. Changes nothing when a basis does not render at all (a chart without its program).
void explain_changes(World& world, const Context& context, const Basis& from, const Basis& to,
                     const model::EnvironmentName& environment, std::vector<drift::ObjectChange>& changes);

// As above for the bundles of two releases, by their snapshots; leaves the changes alone where one is not at hand.
void explain_releases(World& world, const Context& context, const crypto::Digest& from, const crypto::Digest& to,
                      const model::EnvironmentName& environment, std::vector<drift::ObjectChange>& changes);

}  // namespace pawl::engine
