#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/file_tree.h"

namespace pawl::render {

// All that rendering may read: files below one root, by relative path. Remembers every file that was read, so that the
// snapshot holds those and no others. Not thread-safe; copy it for another thread and merge() what was used.
class Files {
 public:
  // Returns a file's bytes; nullopt when there is no such file.
  using Read = std::function<Result<std::optional<format::TreeFile>>(const std::string& path)>;
  // Returns the paths of all files below a folder, sorted; nullopt when there is no such folder.
  using List = std::function<Result<std::optional<std::vector<std::string>>>(const std::string& folder)>;

  Files(Read read, List list);
  // The files of a snapshot. `tree` must outlive this.
  static Files of(const format::FileTree& tree);

  const Read& reader() const { return read_; }
  const List& lister() const { return list_; }

  // Errors: kInvalid for a path that leaves the root ("..", absolute); the reader's own.
  Result<std::optional<std::string_view>> read(const std::string& path);
  Result<std::optional<std::vector<std::string>>> list(const std::string& folder);
  // What was read so far, sorted by path.
  format::FileTree used() const;
  void merge(const Files& other);

  // Everything that was asked for: what was there, and how often it was asked for.
  struct Asked {
    std::optional<format::TreeFile> file;
    std::uint32_t times = 0;
  };
  const std::map<std::string, Asked>& asked() const { return cache_; }
  const std::map<std::string, std::optional<std::vector<std::string>>>& listed() const { return listed_; }

 private:
  Read read_;
  List list_;
  std::map<std::string, Asked> cache_;
  std::map<std::string, std::optional<std::vector<std::string>>> listed_;
};

// Joins `relative` to the folder `base` and resolves "." and "..". Errors: kInvalid when the result leaves the root.
Result<std::string> resolve_path(std::string_view base, std::string_view relative);
// As above for a file that a kustomization in `folder` reads: it must be in or below the folder.
Result<std::string> resolve_below(std::string_view folder, std::string_view relative);

}  // namespace pawl::render
