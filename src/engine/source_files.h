#pragma once

#include "core/model/content.h"
#include "core/model/lock.h"
#include "core/render/files.h"
#include "engine/world.h"

namespace pawl::engine {

// A workspace's files as rendering sees them.
render::Files workspace_files(std::shared_ptr<ports::Workspace> workspace);

// `files`, and below model::kSourcesFolder those of every locked source, fetched when the first of them is read.
// Reading one of a source that is not in the lock is kNotFound, with the way out.
render::Files with_sources(const render::Files& files, World& world, const Context& context,
                           const model::Content& content, const model::Lock& lock);

}  // namespace pawl::engine
