#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ports/workspace.h"

namespace pawl::local {

// Tells other processes of this user which of many files have another stamp than they had, because it watches them: a
// process that renders again need not ask the system for each of thousands. It answers by a thread of its own until it
// is destroyed. One service at a time answers in a folder; another takes its place when it ends.
class StampService {
 public:
  // `folder` is this user's own; it is made where it is not there.
  explicit StampService(std::string folder);

 private:
  std::jthread thread_;
};

// What the service in `folder` says of files by their paths below `root`, an absolute path without links: as
// Workspace::watched_changes(), and as current as if the system had been asked. nullopt where no service answers at
// once, or it has not watched these files yet; it watches them from now on.
std::optional<std::vector<std::uint32_t>> watched_changes(const std::string& folder, const std::string& root,
                                                          const ports::StampedFiles& files);

}  // namespace pawl::local
