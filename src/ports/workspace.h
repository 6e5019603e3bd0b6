#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/file_stamp.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "ports/sources.h"

namespace pawl::ports {

// The state of version control around the project.
struct Revision {
  bool in_git = false;
  std::string commit;  // full hash; "" before the first commit
  std::string origin;  // URL of the remote "origin", without credentials; "" where there is none
};

// Files, and the stamps that they had.
struct StampedFiles {
  crypto::Digest id;  // of no other paths and stamps
  std::span<const std::string_view> paths;
  std::span<const FileStamp> stamps;  // one for each; all zero for no file
};

// The user's checkout: the folder that holds pawl.yaml. Paths are relative to it.
class Workspace {
 public:
  virtual ~Workspace() = default;

  virtual std::string root() const = 0;  // absolute, for messages
  // Errors: kNotFound; kInvalid for paths that leave the root, symbolic links out of it included.
  virtual Result<std::string> read(const std::string& path) = 0;
  virtual Result<std::optional<std::string>> read_if_present(const std::string& path) = 0;
  // As read_if_present, with the executable bit.
  virtual Result<std::optional<TreeFile>> read_file(const std::string& path) = 0;
  // Where `path` really is, links followed, relative to the root; a path that leads nowhere is itself. Errors: kInvalid
  // for one that leaves the root.
  virtual Result<std::string> real_path(const std::string& path) = 0;
  // The stamps of many files, unread; nullopt where there is none, or where it cannot be told from a changed one.
  virtual std::vector<std::optional<FileStamp>> stamps(std::span<const std::string_view> paths) = 0;
  // Which of the files (indices, sorted) have another stamp now, from somebody who watches them, which takes no time
  // for each; nullopt where nobody does.
  virtual std::optional<std::vector<std::uint32_t>> watched_changes(const StampedFiles& files) = 0;
  // The paths of every regular file below `folder`, sorted; nullopt when there is no such folder. ".git", ".pawl" left
  // out.
  virtual Result<std::optional<std::vector<std::string>>> list(const std::string& folder) = 0;
  // Every regular file below `folder`, sorted; ".git" and ".pawl" are left out. A link that stays inside the root is
  // read as the file that it names; one that leaves it is kInvalid.
  virtual Result<FileTree> read_tree(const std::string& folder) = 0;
  virtual Status write(const std::string& path, std::string_view bytes) = 0;

  virtual Result<Revision> revision(const Context& context) = 0;
  // Which of `paths` differ from the commit (changed, deleted, untracked); empty outside version control.
  virtual Result<std::vector<std::string>> changed(const Context& context, std::span<const std::string> paths) = 0;
  // A second workspace on a commit, tag or branch of the same repository, read without a checkout.
  virtual Result<FileTree> read_tree_at(const Context& context, const std::string& revision,
                                        const std::string& folder) = 0;
};

}  // namespace pawl::ports
