#include "os/map.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pawl::os {

namespace {

std::optional<SharedBytes> map(int descriptor, std::size_t max_bytes) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  auto size = static_cast<std::size_t>(status.st_size);
  if (size > max_bytes) return std::nullopt;
  if (size == 0) return SharedBytes();
  // All pages at once: one fault for each would take as long as reading them.
  void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
  if (start == MAP_FAILED) return std::nullopt;
  std::shared_ptr<void> owner(start, [size](void* mapped) { ::munmap(mapped, size); });
  return SharedBytes({static_cast<const char*>(start), size}, std::move(owner));
}

}  // namespace

std::optional<SharedBytes> map_file(const std::string& path, std::size_t max_bytes) {
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return std::nullopt;
  std::optional<SharedBytes> mapped = map(descriptor, max_bytes);
  ::close(descriptor);
  return mapped;
}

}  // namespace pawl::os
