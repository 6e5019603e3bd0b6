#pragma once

#include <string>

#include "base/context.h"
#include "base/result.h"
#include "core/model/content.h"
#include "core/model/lock.h"
#include "format/file_tree.h"

namespace pawl::registry {

// A Git repository as a source. Commits are kept in private bare clones below `cache` ("" for a folder that is removed
// after the call). What is fetched is a commit's tree, without its history where the server allows that.

// The commit that branch, tag, commit or `version` (among the tags) names now, and the digest of its files. Errors:
// kInvalid for an URL or a name that git may not be given, kNotFound, kDenied, kUnavailable; as fetch_git() too.
Result<model::LockedSource> resolve_git(const Context& context, const std::string& cache, const model::Source& source,
                                        const model::GitSource& git);

// The files of the locked commit below the source's path. Errors: kIntegrity for other files than were locked; kInvalid
// for links and submodules, and past limits::kTreeFiles or kTreeBytes.
Result<format::FileTree> fetch_git(const Context& context, const std::string& cache, const model::Source& source,
                                   const model::GitSource& git, const model::LockedSource& locked);

}  // namespace pawl::registry
