#include "os/stamps.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

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

// A folder that is open while it is asked about what lies in it, so that the way to it is gone once.
class OpenFolder {
 public:
  OpenFolder() = default;
  OpenFolder(int at, const std::string& path) : fd_(::openat(at, path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}
  OpenFolder(OpenFolder&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OpenFolder& operator=(OpenFolder&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~OpenFolder() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

}  // namespace

std::optional<FileStamp> stamp_of(const std::string& path) { return stamp_at(AT_FDCWD, path); }

std::vector<std::optional<FileStamp>> stamps_below(const std::string& folder, std::span<const std::string_view> paths) {
  std::vector<std::optional<FileStamp>> out(paths.size());
  OpenFolder top(AT_FDCWD, folder);
  OpenFolder last;  // paths come folder by folder, mostly
  std::optional<std::string_view> last_path;
  std::string name;
  for (std::size_t i = 0; i < paths.size() && top.fd() >= 0; ++i) {
    std::size_t slash = paths[i].rfind('/');
    std::string_view parent = slash == std::string_view::npos ? "." : paths[i].substr(0, slash);
    if (last_path != parent) {
      last = OpenFolder(top.fd(), std::string(parent));
      last_path = parent;
    }
    name = paths[i].substr(slash == std::string_view::npos ? 0 : slash + 1);
    if (last.fd() >= 0) out[i] = stamp_at(last.fd(), name);
  }
  return out;
}

}  // namespace pawl::os
