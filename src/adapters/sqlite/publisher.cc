#include "adapters/sqlite/publisher.h"

#include <algorithm>
#include <utility>

#include "core/merkle/checkpoint.h"
#include "core/merkle/tile.h"
#include "os/file.h"
#include "os/sync.h"

namespace pawl::sqlite {

namespace {

constexpr int kLockMilliseconds = 10'000;
constexpr std::size_t kMaxFileBytes = merkle::kTileWidth * (limits::kEntryBytes + 2);
constexpr unsigned kTileLevels = 8;

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

Publisher::Publisher(std::string database, std::string folder, merkle::NoteVerifier verifier)
    : database_(std::move(database)), folder_(std::move(folder)), verifier_(std::move(verifier)) {}

Status Publisher::publish_new() { return publish(false); }
Status Publisher::publish_all() { return publish(true); }

std::uint64_t Publisher::published_size() const {
  Result<std::optional<std::string>> note = file("checkpoint");
  if (!note || !*note) return 0;
  Result<merkle::Checkpoint> checkpoint = merkle::open_checkpoint(**note, verifier_);
  return checkpoint ? checkpoint->size : 0;
}

bool Publisher::is_damaged() const {
  Result<std::optional<std::string>> note = file("checkpoint");
  // An empty one is what a power failure can leave of a write that was not synced.
  if (!note || !*note || (*note)->empty()) return false;
  return !merkle::open_checkpoint(**note, verifier_);
}

Result<std::optional<std::string>> Publisher::file(const std::string& path) const {
  if (path != "checkpoint" && !path.starts_with("tile/")) return std::optional<std::string>();
  PAWL_ASSIGN(std::string full, os::join_checked(folder_, path));
  return os::read_file_if_present(full, kMaxFileBytes);
}

Status Publisher::publish(bool all) {
  std::lock_guard lock(mutex_);
  PAWL_TRY(os::make_folders(folder_, 0700));
  PAWL_ASSIGN(os::FileLock file_lock, os::FileLock::acquire(folder_ + "/.lock", kLockMilliseconds));
  if (!snapshot_) {
    PAWL_ASSIGN(snapshot_, Snapshot::open(database_));
  }
  PAWL_TRY(snapshot_->begin());
  Result<std::optional<Head>> head = snapshot_->head();
  Status done = head ? Status() : Status(head.error());
  if (!std::exchange(looked_, true)) published_ = published_size();
  // A checkpoint that does not open is evidence, and not for us to write over; only publish_all() is asked to.
  if (done && !all && is_damaged()) done = Error(ErrorCode::kIntegrity, folder_ + "/checkpoint does not verify");
  if (done) done = publish_head(head->value_or(Head()), all);
  snapshot_->end();
  return done;
}

Status Publisher::publish_head(const Head& head, bool all) {
  if (published_ > head.size) {
    return Error(ErrorCode::kIntegrity, "the published log has " + std::to_string(published_) +
                                            " entries, the database only " + std::to_string(head.size) +
                                            ": an older database was put back");
  }
  if (head.size == 0) return {};
  // What does not verify here must not take the place of a published one that may.
  Result<merkle::Checkpoint> checkpoint = merkle::open_checkpoint(head.checkpoint, verifier_);
  bool good = checkpoint && checkpoint->size == head.size;
  if (!good) return Error(ErrorCode::kIntegrity, "the checkpoint in " + database_ + " does not verify");
  std::uint64_t first = all ? 0 : published_.load();
  unsynced_.clear();
  full_.clear();
  PAWL_TRY(publish_entries(first, head.size));
  for (unsigned level = 0; level < kTileLevels; ++level) PAWL_TRY(publish_tiles(level, first, head.size));
  PAWL_TRY(os::sync_files(unsynced_));
  PAWL_TRY(put("checkpoint", head.checkpoint));
  published_ = head.size;
  // Not before: the checkpoint that was replaced needed them.
  for (const std::string& full : full_) PAWL_TRY(os::remove_tree(full + ".p"));
  return {};
}

Status Publisher::publish_tiles(unsigned level, std::uint64_t first, std::uint64_t size) {
  std::uint64_t hashes = size >> (8 * level);
  for (std::uint64_t index = (first >> (8 * level)) / merkle::kTileWidth; index * merkle::kTileWidth < hashes;
       ++index) {
    std::uint64_t width = std::min(merkle::kTileWidth, hashes - index * merkle::kTileWidth);
    PAWL_ASSIGN(std::string bytes, snapshot_->tile(level, index));
    if (bytes.size() != width * merkle::Hash::kSize) {
      return Error(ErrorCode::kIntegrity, merkle::tile_path(level, index, width) + " has " +
                                              std::to_string(bytes.size()) + " bytes in the database");
    }
    std::uint64_t end = (index + 1) * merkle::kTileWidth << (8 * level);
    PAWL_TRY(put_tile(merkle::tile_path(level, index, width), bytes, width, end));
  }
  return {};
}

Status Publisher::publish_entries(std::uint64_t first, std::uint64_t size) {
  for (std::uint64_t index = first / merkle::kTileWidth; index * merkle::kTileWidth < size; ++index) {
    std::uint64_t width = std::min(merkle::kTileWidth, size - index * merkle::kTileWidth);
    PAWL_ASSIGN(std::vector<std::string> entries, snapshot_->entries(index * merkle::kTileWidth, width));
    if (entries.size() != width) {
      return Error(ErrorCode::kIntegrity,
                   "ledger entries are missing behind " + std::to_string(index * merkle::kTileWidth + entries.size()));
    }
    PAWL_TRY(put_tile(merkle::entries_path(index, width), merkle::encode_entries(entries), width,
                      (index + 1) * merkle::kTileWidth));
  }
  return {};
}

// A file of an earlier publication is let be where it is right. One that no checkpoint covers yet is always written:
// the publication before may have failed to sync it, and then what can be read of it need not be on the disk.
Status Publisher::put_tile(const std::string& path, const std::string& bytes, std::uint64_t width, std::uint64_t end) {
  std::string full = os::join_path(folder_, path);
  if (width == merkle::kTileWidth) full_.push_back(full);
  if (end <= published_ && holds(full, bytes)) return {};
  if (width == merkle::kTileWidth) unsynced_.insert(full);
  return put(path, bytes);
}

bool Publisher::holds(const std::string& full_path, const std::string& bytes) {
  Result<std::optional<std::string>> there = os::read_file_if_present(full_path, kMaxFileBytes);
  return there && *there == bytes;
}

Status Publisher::put(const std::string& path, const std::string& bytes) {
  std::string full = os::join_path(folder_, path);
  os::WriteOptions options{.mode = 0600, .durable = false};
  Status written = os::write_file(full, bytes, options);
  if (written || written.error().code != ErrorCode::kNotFound) return written;
  PAWL_TRY(os::make_folders(folder_of(full), 0700));
  return os::write_file(full, bytes, options);
}

}  // namespace pawl::sqlite
