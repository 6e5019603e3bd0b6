// Preloaded into a program under test: counts its writing system calls on files below PAWL_FAULT_ROOT, and at call number
// PAWL_FAULT_AT does what PAWL_FAULT_KIND says: kill (before the call), eio, enospc, short (half of a write). PAWL_FAULT_COUNT names a file for the number of calls.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

std::atomic<long> calls{0};

const char* setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool is_watched_path(const char* path) {
  static const char* root = setting("PAWL_FAULT_ROOT");
  char full[PATH_MAX];
  if (*root == '\0' || path == nullptr) return false;
  if (path[0] != '/') {
    if (::getcwd(full, sizeof full) == nullptr) return false;
    return std::strncmp(full, root, std::strlen(root)) == 0;
  }
  return std::strncmp(path, root, std::strlen(root)) == 0;
}

bool is_watched(int descriptor) {
  char link[64];
  char path[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = ::readlink(link, path, sizeof path - 1);
  if (length <= 0) return false;
  path[length] = '\0';
  return is_watched_path(path);
}

enum class Verdict { kPass, kError, kShort };

void note_count(long count) {
  static const char* file = setting("PAWL_FAULT_COUNT");
  if (*file == '\0') return;
  int out = static_cast<int>(::syscall(257 /* openat */, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0644));
  char text[32];
  int length = std::snprintf(text, sizeof text, "%ld", count);
  ::syscall(1 /* write */, out, text, length);
  ::close(out);
}

Verdict judge() {
  static const long at = std::atol(setting("PAWL_FAULT_AT"));
  static const char* kind = setting("PAWL_FAULT_KIND");
  long count = ++calls;
  note_count(count);
  if (at == 0 || count != at) return Verdict::kPass;
  if (std::strcmp(kind, "kill") == 0) ::raise(SIGKILL);
  if (std::strcmp(kind, "short") == 0) return Verdict::kShort;
  errno = std::strcmp(kind, "enospc") == 0 ? ENOSPC : EIO;
  return Verdict::kError;
}

template <class F>
F real(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t count) {
  static auto next = real<ssize_t (*)(int, const void*, size_t)>("write");
  Verdict verdict = is_watched(descriptor) ? judge() : Verdict::kPass;
  if (verdict == Verdict::kError) return -1;
  return next(descriptor, bytes, verdict == Verdict::kShort ? (count + 1) / 2 : count);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t count, off64_t offset) {
  static auto next = real<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  Verdict verdict = is_watched(descriptor) ? judge() : Verdict::kPass;
  if (verdict == Verdict::kError) return -1;
  return next(descriptor, bytes, verdict == Verdict::kShort ? (count + 1) / 2 : count, offset);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) { return pwrite64(descriptor, bytes, count, offset); }

int fsync(int descriptor) {
  static auto next = real<int (*)(int)>("fsync");
  if (is_watched(descriptor) && judge() == Verdict::kError) return -1;
  return next(descriptor);
}

int fdatasync(int descriptor) {
  static auto next = real<int (*)(int)>("fdatasync");
  if (is_watched(descriptor) && judge() == Verdict::kError) return -1;
  return next(descriptor);
}

int rename(const char* from, const char* to) {
  static auto next = real<int (*)(const char*, const char*)>("rename");
  if (is_watched_path(to) && judge() == Verdict::kError) return -1;
  return next(from, to);
}

int renameat2(int a, const char* from, int b, const char* to, unsigned flags) {
  static auto next = real<int (*)(int, const char*, int, const char*, unsigned)>("renameat2");
  if (is_watched_path(to) && judge() == Verdict::kError) return -1;
  return next(a, from, b, to, flags);
}

int mkdir(const char* path, mode_t mode) {
  static auto next = real<int (*)(const char*, mode_t)>("mkdir");
  if (is_watched_path(path) && judge() == Verdict::kError) return -1;
  return next(path, mode);
}

}  // extern "C"
