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

  // Returns where a path really is, links followed; a path that leads nowhere is itself.
  using Real = std::function<Result<std::string>(const std::string& path)>;

  // Without `real` no path is a link.
  Files(Read read, List list, Real real = {});
  // The files of a snapshot. `tree` must outlive this.
  static Files of(const format::FileTree& tree);

  const Read& reader() const { return read_; }
  const List& lister() const { return list_; }
  const Real& realist() const { return real_; }

  // Errors: kInvalid for a path that leaves the root ("..", absolute); the reader's own.
  Result<std::optional<std::string_view>> read(const std::string& path);
  Result<std::optional<std::vector<std::string>>> list(const std::string& folder);

  // Whether a kustomization in `folder` may name that file, which was read. Errors: kInvalid where it is not in or
  // below the folder, be it by a link.
  Status check_below(std::string_view folder, std::string_view relative) const;
  // Reads a file that a kustomization in `folder` names. Errors: as above; kNotFound.
  struct Below {
    std::string path;
    std::string_view bytes;
  };
  Result<Below> read_below(std::string_view folder, std::string_view relative);
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
  Status check_real(const std::string& path, std::string_view folder) const;

  Read read_;
  List list_;
  Real real_;
  std::map<std::string, Asked> cache_;
  std::map<std::string, std::optional<std::vector<std::string>>> listed_;
};

// Joins `relative` to the folder `base` and resolves "." and "..". Errors: kInvalid when the result leaves the root.
Result<std::string> resolve_path(std::string_view base, std::string_view relative);

}  // namespace pawl::render
