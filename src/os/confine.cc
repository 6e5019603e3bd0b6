#include "os/confine.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/file.h"

namespace pawl::os {

namespace {

// A user who is nobody in particular: without capabilities once the program runs.
constexpr int kInsideId = 65'534;

bool write_all(const char* path, const std::string& text) {
  int descriptor = ::open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  bool whole = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(descriptor);
  return whole;
}

// Read-only, and everything that is mounted below it.
bool make_read_only(const char* path) {
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  return ::syscall(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, &attributes, sizeof attributes) == 0;
}

bool set_limit(__rlimit_resource resource, std::uint64_t most) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return false;
  limit.rlim_max = std::min<rlim_t>(limit.rlim_max, most);
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(resource, &limit) == 0;
}

}  // namespace

Status ConfinedStart::add_bind(const std::string& from, const std::string& to, bool folder) {
  std::string target = confinement_.root + to;
  if (folder) {
    PAWL_TRY(make_folders(target));
  } else {
    PAWL_TRY(write_file(target, "", {.durable = false}));
  }
  binds_.push_back({from, std::move(target)});
  return {};
}

Result<ConfinedStart> ConfinedStart::prepare(const Confinement& confinement) {
  ConfinedStart out;
  out.confinement_ = confinement;
  out.work_ = join_path(confinement.root, "work");
  if (!confinement.namespaces) return out;
  out.uid_map_ = std::to_string(kInsideId) + " " + std::to_string(::geteuid()) + " 1";
  out.gid_map_ = std::to_string(kInsideId) + " " + std::to_string(::getegid()) + " 1";
  PAWL_TRY(out.add_bind(confinement.program, "/program", false));
  // A program that was linked dynamically finds its loader and libraries; /lib is often a link to /usr/lib.
  for (std::string folder : {"/usr/lib", "/usr/lib64", "/lib", "/lib64"}) {
    struct stat status{};
    if (::stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) PAWL_TRY(out.add_bind(folder, folder, true));
  }
  return out;
}

const char* ConfinedStart::set_limits() const {
  bool set = set_limit(RLIMIT_AS, confinement_.memory_bytes) && set_limit(RLIMIT_CPU, confinement_.cpu_seconds) &&
             set_limit(RLIMIT_FSIZE, confinement_.file_bytes) && set_limit(RLIMIT_CORE, 0);
  return set ? nullptr : "setrlimit";
}

const char* ConfinedStart::map_user() const {
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) != 0) return "unshare";
  bool mapped = write_all("/proc/self/setgroups", "deny") && write_all("/proc/self/uid_map", uid_map_) &&
                write_all("/proc/self/gid_map", gid_map_);
  if (!mapped) return "the user's map";
  const std::string& name = confinement_.host_name;
  return ::sethostname(name.data(), name.size()) == 0 ? nullptr : "sethostname";
}

const char* ConfinedStart::mount_root() const {
  const char* root = confinement_.root.c_str();
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return "mount /";
  if (::mount(root, root, nullptr, MS_BIND, nullptr) != 0) return "mount its folder";
  for (const Bind& bind : binds_) {
    if (::mount(bind.from.c_str(), bind.to.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) return "mount";
    if (!make_read_only(bind.to.c_str())) return "mount_setattr";
  }
  return nullptr;
}

const char* ConfinedStart::change_root() const {
  if (::chdir(confinement_.root.c_str()) != 0) return "chdir";
  // The old root is stacked on the new one and taken away: pivot_root(2), "pivot_root(".", ".")".
  if (::syscall(SYS_pivot_root, ".", ".") != 0) return "pivot_root";
  if (::umount2(".", MNT_DETACH) != 0) return "umount";
  return ::chdir("/work") == 0 ? nullptr : "chdir";
}

const char* ConfinedStart::enter() const {
  const char* failed = set_limits();
  if (!confinement_.namespaces) {
    if (failed == nullptr && ::chdir(work_.c_str()) != 0) failed = "chdir";
    return failed;
  }
  if (failed == nullptr) failed = map_user();
  if (failed == nullptr) failed = mount_root();
  if (failed == nullptr) failed = change_root();
  return failed;
}

}  // namespace pawl::os
