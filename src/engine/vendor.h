#pragma once

#include <mutex>

#include "core/model/content.h"
#include "engine/world.h"

namespace pawl::engine {

// Sources kept in the blob store, so that a release can be cut, and all that follows, where no registry and no remote
// answers. Of an image that is its index and each platform's manifest and configuration; its layers are for the nodes
// that run it, Pawl reads none. Of Git repositories and local folders it is the files; of artifacts and charts what
// they are packed in.
Status vendor(World& world, const Context& context, const model::Content& content, const model::Lock& lock);

// What stands for a remote that does not answer: the lock, as far as its content is in the store.
struct LockedAnswers {
  explicit LockedAnswers(const model::Lock& known) : lock(known) {}

  const model::Lock& lock;
  std::mutex mutex;
  std::vector<std::string> notes;  // what could not be asked
};

// The world's sources with the blob store before them: content that was fetched or vendored is read there, and what is
// fetched is kept there. With `answers` (which
// must outlive the result) what a name stands for is answered from the lock where nobody else can be asked.
std::shared_ptr<ports::SourceReader> vendored_sources(const World& world, LockedAnswers* answers = nullptr);

}  // namespace pawl::engine
