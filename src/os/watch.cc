#include "os/watch.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "os/file.h"
#include "os/inotify.h"
#include "os/wait.h"

namespace pawl::os {

namespace {

constexpr std::uint32_t kChanges =
    IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_ONLYDIR;
constexpr std::size_t kDeepest = 64;
constexpr std::chrono::milliseconds kQuiet{30};
constexpr std::chrono::milliseconds kLook{100};  // how often a stop is looked for

Error system_error(const std::string& what) {
  return Error(ErrorCode::kUnavailable, what + ": " + std::strerror(errno),
               errno == ENOSPC ? "raise fs.inotify.max_user_watches" : "");
}

}  // namespace

Result<FolderWatch> FolderWatch::open(const std::string& root, std::vector<std::string> left_out) {
  Descriptor events(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!events.ok()) return system_error("watching " + root);
  FolderWatch watch(std::move(events), std::move(left_out));
  PAWL_TRY(watch.add(root, 0));
  return watch;
}

bool FolderWatch::is_left_out(const std::string& name) const {
  return std::find(left_out_.begin(), left_out_.end(), name) != left_out_.end();
}

Status FolderWatch::add(const std::string& folder, std::size_t depth) {
  if (depth > kDeepest || folders_.size() > limits::kTreeFiles) return {};
  int id = ::inotify_add_watch(events_.get(), folder.c_str(), kChanges);
  // A folder that is gone again, or is not ours to read, has nothing that is rendered.
  if (id < 0 && (errno == ENOENT || errno == EACCES || errno == ENOTDIR)) return {};
  if (id < 0) return system_error("watching " + folder);
  folders_[id] = folder;
  Result<std::vector<FolderEntry>> entries = list_folder(folder);
  if (!entries) return {};
  for (const FolderEntry& entry : *entries) {
    if (entry.kind == EntryKind::kFolder && !is_left_out(entry.name))
      PAWL_TRY(add(join_path(folder, entry.name), depth + 1));
  }
  return {};
}

Result<bool> FolderWatch::drain() {
  bool changed = false;
  Status added;
  read_events(events_.get(), [&](const inotify_event& event, const std::string& name) {
    if (is_left_out(name)) return true;
    changed = true;
    bool new_folder = (event.mask & IN_ISDIR) != 0 && (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0;
    auto parent = folders_.find(event.wd);
    if (new_folder && parent != folders_.end()) added = add(join_path(parent->second, name), 0);
    return added.ok();
  });
  PAWL_TRY(std::move(added));
  return changed;
}

Status FolderWatch::wait(const Context& context) {
  for (bool changed = false; !changed;) {
    PAWL_TRY(context.proceed());
    if (!wait_for({events_.get()}, kLook)) continue;
    PAWL_ASSIGN(changed, drain());
  }
  while (wait_for({events_.get()}, kQuiet)) {
    PAWL_TRY(context.proceed());
    PAWL_TRY(drain());
  }
  return {};
}

}  // namespace pawl::os
