#include "os/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

#include "base/text.h"
#include "os/descriptor.h"

namespace pawl::os {

namespace {

ErrorCode code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kDenied;
    case EEXIST:
      return ErrorCode::kConflict;
    case ELOOP:
    case ENAMETOOLONG:
    case EISDIR:
      return ErrorCode::kInvalid;
    default:
      return ErrorCode::kUnavailable;
  }
}

Error system_error(std::string_view verb, const std::string& path) {
  int error = errno;
  return Error(code_of(error),
               fmt::format("cannot {} {}: {}", verb, path, std::strerror(error)));  // NOLINT(concurrency-mt-unsafe)
}

std::string parent_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status sync_folder(const std::string& path) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok() || ::fsync(folder.get()) != 0) return system_error("sync", path);
  return {};
}

Result<std::string> read_all(int descriptor, const std::string& path, std::size_t size_hint, std::size_t max_bytes) {
  std::string out;
  out.resize(size_hint + 1);
  std::size_t used = 0;
  for (;;) {
    if (used == out.size()) out.resize(out.size() * 2);
    ssize_t got = ::read(descriptor, out.data() + used, out.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("read", path);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used > max_bytes) {
      return Error(ErrorCode::kInvalid, fmt::format("{} is larger than {} bytes", path, max_bytes));
    }
  }
  out.resize(used);
  return out;
}

Status write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

EntryKind kind_of_mode(mode_t mode) {
  if (S_ISREG(mode)) return EntryKind::kFile;
  if (S_ISDIR(mode)) return EntryKind::kFolder;
  if (S_ISLNK(mode)) return EntryKind::kLink;
  return EntryKind::kOther;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  // O_NONBLOCK: a FIFO in the place of a file must not hang us before fstat can tell.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return system_error("read", path);
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return system_error("read", path);
  if (!S_ISREG(status.st_mode)) return Error(ErrorCode::kInvalid, path + " is not a regular file");
  auto size = static_cast<std::size_t>(status.st_size);
  if (size > max_bytes) return Error(ErrorCode::kInvalid, fmt::format("{} is larger than {} bytes", path, max_bytes));
  return read_all(file.get(), path, size, max_bytes);
}

Result<std::optional<std::string>> read_file_if_present(const std::string& path, std::size_t max_bytes) {
  Result<std::string> bytes = read_file(path, max_bytes);
  if (bytes) return std::optional<std::string>(std::move(*bytes));
  if (bytes.error().code == ErrorCode::kNotFound) return std::optional<std::string>();
  return std::move(bytes).error();
}

namespace {

Status fill_temporary(const std::string& temporary, std::string_view bytes, const WriteOptions& options) {
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, options.mode));
  if (!file.ok()) return system_error("create", temporary);
  if (::fchmod(file.get(), options.mode) != 0) return system_error("set the mode of", temporary);
  PAWL_TRY(write_all(file.get(), bytes, temporary));
  // After a failed fsync the kernel may have dropped the pages: a second fsync would lie, so this one counts.
  if (options.durable && ::fsync(file.get()) != 0) return system_error("sync", temporary);
  return {};
}

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  std::size_t slash = path.rfind('/');
  std::size_t name = slash == std::string::npos ? 0 : slash + 1;
  return fmt::format("{}.{}.{}-{}.tmp", path.substr(0, name), path.substr(name), ::getpid(), counter++);
}

Status put_in_place(const std::string& temporary, const std::string& path, const WriteOptions& options) {
  if (options.exclusive) {
    if (::link(temporary.c_str(), path.c_str()) != 0) return system_error("create", path);
    ::unlink(temporary.c_str());
  } else if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return system_error("write", path);
  }
  if (options.durable) return sync_folder(parent_of(path));
  return {};
}

}  // namespace

Status write_file(const std::string& path, std::string_view bytes, const WriteOptions& options) {
  std::string temporary = temporary_name(path);
  Status status = fill_temporary(temporary, bytes, options);
  if (status) status = put_in_place(temporary, path, options);
  if (!status) ::unlink(temporary.c_str());
  return status;
}

Result<std::vector<FolderEntry>> list_folder(const std::string& path) {
  std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), &::closedir);
  if (!folder) return system_error("read the folder", path);
  std::vector<FolderEntry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(folder.get())) {  // NOLINT(concurrency-mt-unsafe): a stream of our own
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    entries.push_back({name, kind_of(join_path(path, name)).value_or(EntryKind::kOther)});
    errno = 0;
  }
  if (errno != 0) return system_error("read the folder", path);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

std::optional<EntryKind> kind_of(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return kind_of_mode(status.st_mode);
}

bool exists(const std::string& path) { return kind_of(path).has_value(); }

Result<bool> is_executable(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return system_error("look at", path);
  return (status.st_mode & S_IXUSR) != 0;
}

Status make_folders(const std::string& path, unsigned mode) {
  if (path.empty() || kind_of(path) == EntryKind::kFolder) return {};
  std::string parent = parent_of(path);
  if (parent != path && parent != ".") PAWL_TRY(make_folders(parent, mode));
  if (::mkdir(path.c_str(), mode) != 0) {
    struct stat status{};
    bool is_folder = errno == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    if (!is_folder) return system_error("make the folder", path);
    return {};
  }
  return sync_folder(parent);
}

Status remove_tree(const std::string& path) {
  std::optional<EntryKind> kind = kind_of(path);
  if (!kind) return {};
  if (*kind != EntryKind::kFolder) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return system_error("remove", path);
    return {};
  }
  PAWL_ASSIGN(std::vector<FolderEntry> entries, list_folder(path));
  for (const FolderEntry& entry : entries) PAWL_TRY(remove_tree(join_path(path, entry.name)));
  if (::rmdir(path.c_str()) != 0 && errno != ENOENT) return system_error("remove", path);
  return {};
}

Status rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return system_error("rename to", to);
  return sync_folder(parent_of(to));
}

Status exchange(const std::string& a, const std::string& b) {
  if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) != 0) {
    Error error = system_error("exchange " + a + " with", b);
    if (errno == EINVAL || errno == ENOSYS) {
      error.hint =
          "this file system cannot exchange two folders in one step; use one that can (ext4, xfs, btrfs, tmpfs)";
    }
    return error;
  }
  return sync_folder(parent_of(b));
}

Result<std::string> make_temporary_folder(const std::string& parent, std::string_view prefix) {
  std::string path = join_path(parent, std::string(prefix) + "XXXXXX");
  if (::mkdtemp(path.data()) == nullptr) return system_error("make a folder in", parent);
  return path;
}

Result<std::string> canonical_path(const std::string& path) {
  std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  if (!real) return system_error("find", path);
  return std::string(real.get());
}

std::string join_path(std::string_view a, std::string_view b) {
  if (a.empty() || a == ".") return std::string(b);
  if (b.empty()) return std::string(a);
  std::string out(a);
  if (out.back() != '/') out += '/';
  return out + std::string(b);
}

std::optional<std::string> relative_below(std::string_view root, std::string_view path) {
  if (path == root) return ".";
  std::string begin = root.ends_with('/') ? std::string(root) : std::string(root) + "/";
  if (!path.starts_with(begin)) return std::nullopt;
  return std::string(path.substr(begin.size()));
}

Result<std::string> join_checked(std::string_view root, std::string_view relative) {
  Error bad(ErrorCode::kInvalid,
            "\"" + std::string(relative.substr(0, 200)) + "\" is not a path inside " + std::string(root));
  if (relative.empty() || relative.size() > limits::kPathBytes) return bad;
  for (char c : relative) {
    bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (control || c == '\\') return bad;
  }
  for (std::string_view part : split(relative, '/')) {
    if (part.empty() || part == "." || part == "..") return bad;
  }
  return join_path(root, relative);
}

Result<FileLock> FileLock::acquire(const std::string& path, int deadline_ms) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.ok()) return system_error("lock", path);
  auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(deadline_ms);
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error("lock", path);
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error(ErrorCode::kConflict, path + " is locked by another process", "try again when it is done");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return FileLock(::dup(file.get()));  // a duplicate shares the lock, which outlives `file`
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace pawl::os
