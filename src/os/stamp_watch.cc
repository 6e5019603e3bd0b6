#include "os/stamp_watch.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/limits.h"
#include "os/file.h"
#include "os/inotify.h"

namespace pawl::os {

namespace {

// Of the file itself, by whatever name it is written. Losing a name is a change of its attributes.
constexpr std::uint32_t kWritten = IN_MODIFY | IN_CLOSE_WRITE;
constexpr std::uint32_t kFileEvents =
    kWritten | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_DONT_FOLLOW | IN_MASK_ADD;
constexpr std::uint32_t kFolderEvents =
    IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_DONT_FOLLOW | IN_ONLYDIR | IN_MASK_ADD;
constexpr std::uint32_t kFolderLost = IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_UNMOUNT;
constexpr std::uint32_t kNewcomers = IN_CREATE | IN_MOVED_TO | IN_DONT_FOLLOW | IN_ONLYDIR | IN_MASK_ADD;
constexpr std::size_t kMostUnwatched = 256;  // of one list
constexpr std::size_t kMostFiles = 4 * limits::kTreeFiles;

// File systems whose changes all come through this system. Elsewhere others can write without our being told.
bool is_local(const std::string& folder) {
  struct statfs status{};
  if (::statfs(folder.c_str(), &status) != 0) return false;
  constexpr auto kXfs = 0x58465342;
  switch (status.f_type) {
    case EXT4_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
    case TMPFS_MAGIC:
    case kXfs:
      return true;
    default:
      return false;
  }
}

enum class Kind : std::uint8_t { kNothing, kFile, kLink };

// What `path` is, a last link not followed. A folder or a device is nothing, as stamp_of() has it.
Kind kind_at(const std::string& path) {
  std::optional<EntryKind> kind = kind_of(path);
  if (kind == EntryKind::kFile) return Kind::kFile;
  return kind == EntryKind::kLink ? Kind::kLink : Kind::kNothing;
}

std::string parent_of(const std::string& path) { return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)); }

bool is_in_state(int descriptor, short state) {
  pollfd one{descriptor, state, 0};
  return ::poll(&one, 1, 0) > 0 && (one.revents & state) != 0;
}

}  // namespace

Result<StampWatch> StampWatch::open() {
  Descriptor events(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  Descriptor mounts(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
  if (!events.ok() || !mounts.ok()) {
    return Error(ErrorCode::kUnavailable,
                 std::string("cannot watch files: ") + std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
  }
  return StampWatch(std::move(events), std::move(mounts));
}

std::optional<StampWatch::List> StampWatch::add(const std::string& root, std::span<const std::string_view> paths) {
  if (files_.size() + paths.size() > kMostFiles) forget();
  Range range{files_.size(), paths.size()};
  std::size_t unwatched = 0;
  for (std::string_view path : paths) {
    files_.push_back({.path = join_path(root, path)});
    begin(files_.size() - 1);
    if (!files_.back().watched) ++unwatched;
    // What was begun stays, and is forgotten with the rest.
    if (unwatched > kMostUnwatched) return std::nullopt;
  }
  lists_[next_list_] = range;
  return next_list_++;
}

StampWatch::Folder& StampWatch::folder_at(const std::string& path) {
  if (auto found = folders_.find(path); found != folders_.end()) return found->second;
  // From the root downwards: whoever moves a folder on the way while this goes on is told of.
  bool reached = path == "/" || folder_at(parent_of(path)).watch >= 0;
  Folder& folder = folders_[path];
  if (!reached || !is_local(path)) return folder;
  folder.watch = ::inotify_add_watch(events_.get(), path.c_str(), kFolderEvents);
  if (folder.watch >= 0) folder_watches_[folder.watch] = path;
  return folder;
}

// Where there is no file: whatever comes to its folder may be it.
bool StampWatch::await(std::size_t index) {
  const std::string folder_path = parent_of(files_[index].path);
  Folder& folder = folder_at(folder_path);
  if (folder.watch < 0 || ::inotify_add_watch(events_.get(), folder_path.c_str(), kNewcomers) != folder.watch)
    return false;
  folder.absent.push_back(index);
  return kind_at(files_[index].path) == Kind::kNothing;
}

void StampWatch::begin(std::size_t index) {
  File& file = files_[index];
  file.watched = false;
  bool reached = folder_at(parent_of(file.path)).watch >= 0;
  Kind kind = reached ? kind_at(file.path) : Kind::kLink;
  if (kind == Kind::kNothing) file.watched = await(index);
  if (kind == Kind::kFile) {
    file.watch = ::inotify_add_watch(events_.get(), file.path.c_str(), kFileEvents);
    file.watched = file.watch >= 0;
    if (file.watched) file_watches_[file.watch].insert(index);
  }
  // Another file that took its place by now has told of that already: the one that is watched lost its name.
  file.stamp = stamp_of(file.path);
}

void StampWatch::look_at(std::size_t index) {
  File& file = files_[index];
  if (file.stale && file.watch < 0)
    begin(index);
  else
    file.stamp = stamp_of(file.path);
  file.stale = false;
}

std::optional<StampWatch::Stamps> StampWatch::stamps(List list) {
  take_in();
  auto found = lists_.find(list);
  if (found == lists_.end()) return std::nullopt;
  Range range = found->second;
  Stamps out(range.count);
  for (std::size_t i = 0; i < range.count; ++i) {
    const File& file = files_[range.first + i];
    if (file.stale || !file.watched) look_at(range.first + i);
    out[i] = file.stamp;
  }
  return out;
}

void StampWatch::take_in() {
  if (is_in_state(mounts_.get(), POLLPRI)) forget();
  constexpr std::size_t kMostEvents = 1'000'000;  // somebody writes faster than we read
  std::size_t events = 0;
  bool lost = false;
  read_events(events_.get(), [&](const inotify_event& event, const std::string& name) {
    lost = (event.mask & IN_Q_OVERFLOW) != 0 || ++events == kMostEvents;
    // A folder tells of its files' attributes too, by name.
    std::uint32_t what = name.empty() ? event.mask : event.mask & ~static_cast<std::uint32_t>(IN_ATTRIB);
    lost = lost || !happened(event.wd, what);
    return !lost;
  });
  if (lost) forget();
}

bool StampWatch::happened(int watch, std::uint32_t what) {
  if (auto folder = folder_watches_.find(watch); folder != folder_watches_.end()) {
    if ((what & kFolderLost) != 0) return false;
    for (std::size_t index : std::exchange(folders_[folder->second].absent, {})) files_[index].stale = true;
  }
  auto found = file_watches_.find(watch);
  if (found == file_watches_.end()) return true;
  for (std::size_t index : found->second) {
    files_[index].stale = true;
    if ((what & ~kWritten) != 0 && files_[index].watch == watch) files_[index].watch = -1;
  }
  if ((what & IN_IGNORED) != 0) file_watches_.erase(found);
  return true;
}

void StampWatch::forget() {
  files_.clear();
  lists_.clear();
  folders_.clear();
  folder_watches_.clear();
  file_watches_.clear();
  events_ = Descriptor(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
}

}  // namespace pawl::os
