#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/merkle/note.h"
#include "core/merkle/tree.h"

namespace pawl::memory {

// A log in memory: entries, their tree, and the files that C2SP tlog-tiles names for any size that it once had.
class Log {
 public:
  std::uint64_t size() const { return range_.size; }
  const std::vector<std::string>& entries() const { return entries_; }
  merkle::Hash root() const { return range_.root(); }
  void append(std::string entry);
  // Forgets everything behind the first `size` entries.
  void cut(std::uint64_t size);

  // The file at `path` of the log when it had `size` entries; nullopt when there is none. Not "checkpoint".
  std::optional<std::string> file(std::string_view path, std::uint64_t size) const;
  std::string checkpoint(std::uint64_t size, const merkle::NoteSigner& signer) const;

 private:
  void add(const std::string& entry);

  std::vector<std::string> entries_;
  merkle::CompactRange range_;
  std::vector<std::vector<merkle::Hash>> nodes_;  // by tree level: every perfect subtree's root
};

}  // namespace pawl::memory
