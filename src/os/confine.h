#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace pawl::os {

// How a program is kept apart from the machine it runs on (Linux).
struct Confinement {
  // Namespaces of its own: no network but a loopback that is down, another host name, and a file system that holds
  // `root` and the system's libraries, nothing else. Without, only the limits below hold.
  bool namespaces = true;
  std::string root;     // a fresh folder: the program's "/"; its folder work/ is the working folder
  std::string program;  // outside; inside it is "/program"
  std::string host_name;
  std::uint64_t memory_bytes = 4ull << 30;  // of address space
  std::uint64_t cpu_seconds = 120;
  std::uint64_t file_bytes = 1ull << 30;  // of one file that it writes
};

// What the child calls between fork and exec, ready made: there nothing may be allocated.
class ConfinedStart {
 public:
  // Makes the mount points below `root`. Errors: those of the file system.
  static Result<ConfinedStart> prepare(const Confinement& confinement);

  // Confines the calling process; only for a child that has one thread and will call execve. Returns nullptr, or what
  // could not be done, with errno.
  const char* enter() const;

 private:
  struct Bind {
    std::string from;
    std::string to;
  };
  const char* set_limits() const;
  const char* map_user() const;
  const char* mount_root() const;
  const char* change_root() const;
  Status add_bind(const std::string& from, const std::string& to, bool folder);

  Confinement confinement_;
  std::string work_;
  std::string uid_map_;
  std::string gid_map_;
  std::vector<Bind> binds_;
};

}  // namespace pawl::os
