#include "os/stamps.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

std::optional<FileStamp> stamp_of(const std::string& path) { return stamp_at(AT_FDCWD, path); }

std::vector<std::optional<FileStamp>> stamps_below(const std::string& folder, std::span<const std::string> paths) {
  std::vector<std::optional<FileStamp>> out(paths.size());
  // So that the way to the folder is gone once and not for every file.
  int opened = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return out;
  for (std::size_t i = 0; i < paths.size(); ++i) out[i] = stamp_at(opened, paths[i]);
  ::close(opened);
  return out;
}

}  // namespace pawl::os
