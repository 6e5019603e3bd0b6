#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/file_stamp.h"

namespace pawl::local {

// Tells other processes of this user the stamps of files that it watches, so that a process that renders again need not
// ask the system for each of thousands. It answers by a thread of its own until it is destroyed. One service at a time
// answers in a folder; another takes its place when it ends.
class StampService {
 public:
  // `folder` is this user's own; it is made where it is not there.
  explicit StampService(std::string folder);

 private:
  std::jthread thread_;
};

// What the service in `folder` says of files by their paths below `root`, an absolute path without links: as
// Workspace::stamps(), and as current. nullopt where no service answers at once, or it has not watched these files yet;
// it watches them from now on.
std::optional<std::vector<std::optional<FileStamp>>> watched_stamps(const std::string& folder, const std::string& root,
                                                                    std::span<const std::string_view> paths);

}  // namespace pawl::local
