#pragma once

#include <optional>
#include <string>

#include "base/limits.h"

namespace pawl::os {

struct PlainFile {
  std::string bytes;
  bool executable = false;
};

// A folder that stays the same one while it is open, wherever it is moved.
class OpenFolder {
 public:
  // Of a folder that cannot be opened every read is nullopt.
  explicit OpenFolder(const std::string& path);
  // By a path from one that is open, links followed.
  OpenFolder(const OpenFolder& from, const std::string& path);
  OpenFolder(const OpenFolder&) = delete;
  OpenFolder& operator=(const OpenFolder&) = delete;
  ~OpenFolder();

  // For the system's calls; -1 where it could not be opened.
  int descriptor() const { return descriptor_; }

  // Reads a regular file that is reached without a link on the way (openat2, RESOLVE_BENEATH and
  // RESOLVE_NO_SYMLINKS). nullopt where read_file() of file.h must say what is there: a link, no regular file, nothing,
  // one of more than `max_bytes` or that changes, or a system without that call.
  std::optional<PlainFile> read(const std::string& path, std::size_t max_bytes = limits::kDocumentBytes) const;

 private:
  int descriptor_;
};

}  // namespace pawl::os
