#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "os/file.h"

namespace pawl::git {

// A file of a commit to be made; nullopt bytes remove it.
struct FileChange {
  std::string path;
  std::optional<std::string> bytes;
};

struct NewCommit {
  std::string author;  // "Name <address>"
  std::string message;
  std::optional<std::string> parent;
  std::vector<FileChange> changes;  // in this order, upon the parent's tree
};

// Moves `ref` from what the remote was seen to hold to `to`.
struct RefUpdate {
  std::string ref;
  std::optional<std::string> from;
  std::string to;
};

// One remote repository and this machine's private bare clone of it. Not thread-safe: hold lock().
class Remote {
 public:
  // `cache` holds one clone a URL.
  Remote(std::string url, const std::string& cache);

  const std::string& repository() const { return repository_; }

  // Keeps other threads and processes away from the clone; makes it first.
  Result<os::FileLock> lock(const Context& context);
  // What each of `refs` names in the remote, in their order, fetched with its history.
  Result<std::vector<std::optional<std::string>>> fetch(const Context& context, const std::vector<std::string>& refs);
  // Makes a commit in the clone and returns its id; nothing is pushed.
  Result<std::string> commit(const Context& context, const NewCommit& commit);
  // Pushes all of `updates` or none; each goes forward only. Returns false when the remote has moved on meanwhile.
  // Errors: kDenied for a hook or a protected branch.
  Result<bool> push(const Context& context, const std::vector<RefUpdate>& updates);

 private:
  std::string url_;
  std::string repository_;
};

}  // namespace pawl::git
