#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_stamp.h"
#include "base/limits.h"
#include "base/result.h"

namespace pawl::os {

// The one door to the file system. Paths are plain strings; errors name the path and carry kNotFound, kDenied,
// kUnavailable (no space, I/O) or kInvalid (too large, not a regular file).

// Reads a whole regular file of at most `max_bytes`. Never blocks on a FIFO or a device.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes = limits::kDocumentBytes);
// As read_file, but an absent file is nullopt and no error.
Result<std::optional<std::string>> read_file_if_present(const std::string& path,
                                                        std::size_t max_bytes = limits::kDocumentBytes);

struct WriteOptions {
  unsigned mode = 0644;    // exact, whatever the umask
  bool durable = true;     // fsync the file, then its folder
  bool exclusive = false;  // kConflict when the file is there already
};
// Writes beside the target and renames: readers see the old bytes or the new ones. After an error the old file stands
// and nothing else is left behind; a failed fsync is an error and never retried.
Status write_file(const std::string& path, std::string_view bytes, const WriteOptions& options = {});

enum class EntryKind : std::uint8_t { kFile, kFolder, kLink, kOther };
struct FolderEntry {
  std::string name;
  EntryKind kind;
};
// The folder's entries, sorted by name (bytes).
Result<std::vector<FolderEntry>> list_folder(const std::string& path);

bool exists(const std::string& path);                        // does not follow a last symbolic link
std::optional<EntryKind> kind_of(const std::string& path);   // does not follow a last symbolic link
std::optional<FileStamp> stamp_of(const std::string& path);  // follows links; nullopt for what is no regular file
Result<bool> is_executable(const std::string& path);
Status make_folders(const std::string& path, unsigned mode = 0755);  // as mkdir -p, durable
Status remove_tree(const std::string& path);                         // absent is fine; does not follow links
Status rename(const std::string& from, const std::string& to);       // durable
// Exchanges two folders in one step (renameat2 RENAME_EXCHANGE). Errors: kUnavailable where the file system cannot.
Status exchange(const std::string& a, const std::string& b);
Result<std::string> make_temporary_folder(const std::string& parent, std::string_view prefix);
Result<std::string> canonical_path(const std::string& path);  // realpath
std::string join_path(std::string_view a, std::string_view b);
// Joins a path that came from input below `root`. Errors: kInvalid when it is absolute, holds "..", "." or empty
// parts, NUL, a backslash or control characters, or is longer than limits::kPathBytes.
Result<std::string> join_checked(std::string_view root, std::string_view relative);
// The way from `root` down to `path`, "." where they are one; nullopt where it leads elsewhere. Both are absolute and
// canonical; a root may be "/".
std::optional<std::string> relative_below(std::string_view root, std::string_view path);

// An advisory lock (flock) on a file, released by the destructor or the end of the process.
class FileLock {
 public:
  // Waits until `deadline_ms` is over. Errors: kConflict when somebody else still holds it.
  static Result<FileLock> acquire(const std::string& path, int deadline_ms);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace pawl::os
