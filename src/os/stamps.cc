#include "os/stamps.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "os/file.h"

namespace pawl::os {

namespace {

std::optional<FileStamp> stamp_at(int folder, const std::string& path) {
  struct stat status{};
  if (::fstatat(folder, path.c_str(), &status, 0) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  auto ns = [](const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; };
  return FileStamp{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size), ns(status.st_mtim),
                   ns(status.st_ctim)};
}

}  // namespace

std::optional<NodeId> node_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return NodeId{status.st_dev, status.st_ino};
}

std::optional<FileStamp> stamp_of(const std::string& path) { return stamp_at(AT_FDCWD, path); }

std::vector<std::optional<FileStamp>> stamps_below(const OpenFolder& folder, std::span<const std::string_view> paths) {
  std::vector<std::optional<FileStamp>> out(paths.size());
  std::optional<OpenFolder> last;  // so that the way to it is gone once: paths come folder by folder, mostly
  std::string_view last_path;
  std::string name;
  for (std::size_t i = 0; i < paths.size() && folder.descriptor() >= 0; ++i) {
    std::size_t slash = paths[i].rfind('/');
    std::string_view parent = slash == std::string_view::npos ? "." : paths[i].substr(0, slash);
    if (!last || last_path != parent) {
      last.emplace(folder, std::string(parent));
      last_path = parent;
    }
    name = paths[i].substr(slash == std::string_view::npos ? 0 : slash + 1);
    if (last->descriptor() >= 0) out[i] = stamp_at(last->descriptor(), name);
  }
  return out;
}

}  // namespace pawl::os
