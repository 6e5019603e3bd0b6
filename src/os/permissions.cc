#include "os/permissions.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace pawl::os {

Result<unsigned> permissions(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0) return static_cast<unsigned>(status.st_mode & 07777);
  ErrorCode code = errno == ENOENT || errno == ENOTDIR ? ErrorCode::kNotFound
                   : errno == EACCES                   ? ErrorCode::kDenied
                                                       : ErrorCode::kUnavailable;
  return Error(code, "cannot look at " + path + ": " + std::strerror(errno));
}

}  // namespace pawl::os
