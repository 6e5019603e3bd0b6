#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/model/project.h"
#include "engine/world.h"
#include "format/file_tree.h"

namespace pawl::engine {

// From the places where policies are kept to the configuration that holds them by digest.

// The lock of what policies come from: theirs alone, so that rules move on without the content and content without the
// rules.
inline constexpr std::string_view kPolicyLockFile = "pawl.policies.lock";

// The workspace's project with the files of its policies: all that may come into force.
struct Wanted {
  model::Project project;
  std::vector<std::string> tars;  // of configuration.policies, in their order
};
// Errors: those of read_project(); kNotFound for a source that is not in the lock; those of fetching it.
Result<Wanted> read_wanted(World& world, const Context& context);

// The lock as it stands; an empty one where there is none.
Result<model::Lock> read_policy_lock(World& world);
// Resolves the policy sources that have versions; drops what is not needed any more.
Result<model::Lock> resolve_policy_lock(World& world, const Context& context, const std::vector<model::Source>& sources,
                                        const model::Lock& lock, const std::vector<std::string>& update);

// The files of one policy source, by digest.
using PolicyFilesOf = std::function<Result<format::FileTree>(const model::PolicySource&)>;
PolicyFilesOf stored_policy_files(World& world, const Context& context);
PolicyFilesOf wanted_policy_files(const Wanted& wanted);

}  // namespace pawl::engine
