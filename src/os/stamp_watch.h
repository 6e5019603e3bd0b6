#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/file_stamp.h"
#include "base/result.h"
#include "os/descriptor.h"

namespace pawl::os {

// Knows the stamps of files without asking for them again, because the system tells of every change (inotify(7)): each
// file is watched, and each folder on the way to it. What cannot be watched is asked for each time: links, what lies on
// no local file system, what this user may not read. A file that a program has mapped for writing counts as changed
// once it lets go of it. Not thread-safe.
class StampWatch {
 public:
  using Stamps = std::vector<std::optional<FileStamp>>;
  using List = std::size_t;

  // Errors: kUnavailable where the system watches nothing more.
  static Result<StampWatch> open();

  // Begins to watch files by their paths below `root`, an absolute path without links. nullopt where that would be no
  // gain: too many of them must be asked for each time.
  std::optional<List> add(const std::string& root, std::span<const std::string_view> paths);

  // The stamps that stamp_of() in file.h would find now: whatever was written before the call is seen. nullopt once the
  // list is forgotten, as all lists are when a folder is moved or mounted on or the system left something out.
  std::optional<Stamps> stamps(List list);

  // Forgets all lists.
  void forget();

  // Takes in what has happened, so that stamps() finds little to do; worth it whenever descriptor() is readable.
  void take_in();
  int descriptor() const { return events_.get(); }

 private:
  struct File {
    std::string path;
    bool watched = false;  // else it is asked for each time
    bool stale = false;
    int watch = -1;  // of the file itself; -1 where there is none
    std::optional<FileStamp> stamp;
  };
  struct Folder {
    int watch = -1;                   // -1 where it cannot be watched
    std::vector<std::size_t> absent;  // files that are not there
  };
  struct Range {
    std::size_t first = 0;
    std::size_t count = 0;
  };

  StampWatch(Descriptor events, Descriptor mounts) : events_(std::move(events)), mounts_(std::move(mounts)) {}
  Folder& folder_at(const std::string& path);
  void look_at(std::size_t index);
  void begin(std::size_t index);
  bool await(std::size_t index);
  // False where all must be forgotten.
  bool happened(int watch, std::uint32_t what);

  Descriptor events_;
  Descriptor mounts_;  // the table of mounts: in an exceptional state once it changed
  std::vector<File> files_;
  std::map<List, Range> lists_;
  List next_list_ = 0;
  std::map<std::string, Folder> folders_;                        // by path
  std::unordered_map<int, std::string> folder_watches_;          // to the folder's path
  std::unordered_map<int, std::set<std::size_t>> file_watches_;  // several paths may lead to one file
};

}  // namespace pawl::os
