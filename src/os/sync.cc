#include "os/sync.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pawl::os {

namespace {

Status sync_path(const std::string& path) {
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  int error = descriptor < 0 || ::fsync(descriptor) != 0 ? errno : 0;
  if (descriptor >= 0) ::close(descriptor);
  if (error == 0) return {};
  return Error(ErrorCode::kUnavailable,
               fmt::format("cannot sync {}: {}", path, std::strerror(error)));  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace

Status sync_files(const std::set<std::string>& paths) {
  std::set<std::string> folders;
  for (const std::string& path : paths) {
    PAWL_TRY(sync_path(path));
    std::size_t slash = path.rfind('/');
    folders.insert(slash == std::string::npos ? "." : path.substr(0, slash + 1));
  }
  for (const std::string& folder : folders) PAWL_TRY(sync_path(folder));
  return {};
}

}  // namespace pawl::os
