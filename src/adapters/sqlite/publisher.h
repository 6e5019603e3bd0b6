#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/sqlite/snapshot.h"
#include "base/result.h"
#include "core/merkle/note.h"

namespace pawl::sqlite {

// Writes the log's files (C2SP tlog-tiles) from the database: they can always be made again, and each arrives whole by
// rename. Full tiles are synced, all at once, before the checkpoint that covers them shows, so that a checkpoint on disk
// vouches for them; partial tiles and the checkpoint itself are not: the next publication writes them anew. Partial
// tiles go when a checkpoint covers their full tile. Publishers of several processes are sequenced by a file lock.
// Thread-safe.
class Publisher {
 public:
  Publisher(std::string database, std::string folder, merkle::NoteVerifier verifier);

  // Publishes what was committed since the last time.
  Status publish_new();
  // Checks every file and writes those that are missing or different.
  Status publish_all();
  // The size up to which this process published, or found published.
  std::uint64_t published() const { return published_; }

  // The size that the published checkpoint says; 0 where there is none that can be read.
  std::uint64_t published_size() const;
  // As ports::Store::log_file().
  Result<std::optional<std::string>> file(const std::string& path) const;

 private:
  bool is_damaged() const;
  Status publish(bool all);
  Status publish_head(const Head& head, bool all);
  Status publish_tiles(unsigned level, std::uint64_t first, std::uint64_t size);
  Status publish_entries(std::uint64_t first, std::uint64_t size);
  // `end`: the size of the log that makes it full.
  Status put_tile(const std::string& path, const std::string& bytes, std::uint64_t width, std::uint64_t end);
  Status put(const std::string& path, const std::string& bytes);
  static bool holds(const std::string& full_path, const std::string& bytes);

  std::string database_;
  std::string folder_;
  merkle::NoteVerifier verifier_;
  std::mutex mutex_;
  std::optional<Snapshot> snapshot_;
  // Of the publication that is under way:
  std::set<std::string> unsynced_;  // full tiles that were written
  std::vector<std::string> full_;   // every full tile
  bool looked_ = false;             // at what was published when this process began
  std::atomic<std::uint64_t> published_ = 0;
};

}  // namespace pawl::sqlite
