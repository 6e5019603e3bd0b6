#include "os/plain_file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace pawl::os {

namespace {

int open_beneath(int folder, const std::string& path) {
  open_how how{};
  // O_NONBLOCK: a FIFO in the place of a file must not hang us before fstat can tell.
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how));
}

std::optional<PlainFile> read_open(int file, std::size_t max_bytes) {
  struct stat status{};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  auto size = static_cast<std::size_t>(status.st_size);
  if (size > max_bytes) return std::nullopt;
  PlainFile out{std::string(size, '\0'), (status.st_mode & S_IXUSR) != 0};
  if (::read(file, out.bytes.data(), size) != static_cast<ssize_t>(size)) return std::nullopt;
  return out;
}

}  // namespace

OpenFolder::OpenFolder(const std::string& path) : descriptor_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

OpenFolder::OpenFolder(const OpenFolder& from, const std::string& path)
    : descriptor_(::openat(from.descriptor_, path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

OpenFolder::~OpenFolder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<PlainFile> OpenFolder::read(const std::string& path, std::size_t max_bytes) const {
  if (descriptor_ < 0) return std::nullopt;
  int file = open_beneath(descriptor_, path);
  if (file < 0) return std::nullopt;
  std::optional<PlainFile> out = read_open(file, max_bytes);
  ::close(file);
  return out;
}

}  // namespace pawl::os
