#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "os/descriptor.h"

namespace pawl::os {

// Notices changes of files below a folder (inotify). Not thread-safe.
class FolderWatch {
 public:
  // Begins to watch `root` and every folder below it but those named `left_out` (".git"); changes count from then on.
  // Errors: kUnavailable where the system watches no more folders.
  static Result<FolderWatch> open(const std::string& root, std::vector<std::string> left_out);

  // Returns once something changed since open() or the last wait(), and then was quiet for a moment (an editor and git
  // write several times). Errors: those of context.proceed().
  Status wait(const Context& context);

 private:
  FolderWatch(Descriptor events, std::vector<std::string> left_out)
      : events_(std::move(events)), left_out_(std::move(left_out)) {}
  Status add(const std::string& folder, std::size_t depth);
  bool is_left_out(const std::string& name) const;
  // Takes what has come in; returns whether anything had.
  Result<bool> drain();

  Descriptor events_;
  std::vector<std::string> left_out_;
  std::map<int, std::string> folders_;  // by watch descriptor
};

}  // namespace pawl::os
