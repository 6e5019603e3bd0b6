#include "core/audit/log.h"

#include <algorithm>
#include <vector>

#include "core/merkle/tile.h"

namespace pawl::audit {

namespace {

using merkle::Hash;
using merkle::kTileWidth;

Error damaged(const std::string& path, std::string what) {
  return Error(ErrorCode::kIntegrity, "ledger file " + path + ": " + std::move(what),
               "restore the store from a backup, and find out who changed it");
}

Result<std::string> require(const ReadFile& read, const std::string& path) {
  PAWL_ASSIGN(std::optional<std::string> bytes, read(path));
  if (!bytes) return damaged(path, "is missing");
  return std::move(*bytes);
}

// The hashes of one level of the tree, tile by tile; a full tile's hash is one hash of the level above.
class Level {
 public:
  explicit Level(unsigned number) : number_(number) {}

  // Compares what is stored with what was computed, for the tile that is being left or ends the level.
  Status close_tile(const ReadFile& read) {
    std::string path = merkle::tile_path(number_, tile_, hashes_.size());
    PAWL_ASSIGN(std::string stored, require(read, path));
    if (stored != merkle::encode_tile(hashes_))
      return damaged(path, "does not hold the hashes of the entries below it");
    return {};
  }
  bool full() const { return hashes_.size() == kTileWidth; }
  bool empty() const { return hashes_.empty(); }
  void add(const Hash& hash) { hashes_.push_back(hash); }
  Hash tile_hash() const {
    merkle::CompactRange range;
    for (const Hash& hash : hashes_) range.append(hash);
    return range.root();
  }
  void next_tile() {
    hashes_.clear();
    ++tile_;
  }

 private:
  unsigned number_;
  std::uint64_t tile_ = 0;
  std::vector<Hash> hashes_;
};

class Checker {
 public:
  Checker(const ReadFile& read, const OnEntry& on_entry) : read_(read), on_entry_(on_entry) {}

  Status run(std::uint64_t size, std::optional<std::uint64_t> against) {
    against_size_ = against;
    note_root_at(0);
    for (std::uint64_t first = 0; first < size; first += kTileWidth) {
      std::uint64_t width = std::min<std::uint64_t>(kTileWidth, size - first);
      PAWL_TRY(take_bundle(first, width));
    }
    for (Level& level : levels_) {
      if (level.empty()) continue;
      PAWL_TRY(level.close_tile(read_));
      ++tiles_;
    }
    return {};
  }

  Hash root() const { return range_.root(); }
  const std::optional<Hash>& root_against() const { return root_against_; }
  std::uint64_t tiles() const { return tiles_; }

 private:
  void note_root_at(std::uint64_t size) {
    if (against_size_ == size) root_against_ = range_.root();
  }

  Status take_bundle(std::uint64_t first, std::uint64_t width) {
    std::string path = merkle::entries_path(first / kTileWidth, width);
    PAWL_ASSIGN(std::string bytes, require(read_, path));
    Result<std::vector<std::string_view>> entries = merkle::decode_entries(bytes, width);
    if (!entries) return damaged(path, entries.error().message);
    for (std::uint64_t i = 0; i < width; ++i) {
      Hash leaf = merkle::leaf_hash((*entries)[i]);
      range_.append(leaf);
      note_root_at(first + i + 1);
      PAWL_TRY(add(0, leaf));
      if (on_entry_) PAWL_TRY(on_entry_(first + i, (*entries)[i]));
    }
    return {};
  }

  Status add(unsigned number, const Hash& hash) {
    if (levels_.size() == number) levels_.emplace_back(number);
    levels_[number].add(hash);
    if (!levels_[number].full()) return {};
    PAWL_TRY(levels_[number].close_tile(read_));
    ++tiles_;
    Hash above = levels_[number].tile_hash();
    levels_[number].next_tile();
    return add(number + 1, above);
  }

  const ReadFile& read_;
  const OnEntry& on_entry_;
  merkle::CompactRange range_;
  std::vector<Level> levels_;
  std::optional<std::uint64_t> against_size_;
  std::optional<Hash> root_against_;
  std::uint64_t tiles_ = 0;
};

}  // namespace

Result<LogReport> check_log(const ReadFile& read, const merkle::NoteVerifier& verifier,
                            const std::optional<merkle::Checkpoint>& against, const OnEntry& on_entry) {
  PAWL_ASSIGN(std::string note, require(read, "checkpoint"));
  Result<merkle::Checkpoint> checkpoint = merkle::open_checkpoint(note, verifier);
  if (!checkpoint) return damaged("checkpoint", checkpoint.error().message);
  if (against && against->origin != checkpoint->origin)
    return damaged("checkpoint",
                   "is of the log " + checkpoint->origin + ", and what it is held against of " + against->origin);
  if (against && against->size > checkpoint->size) {
    return damaged("checkpoint", "the log has " + std::to_string(checkpoint->size) + " entries, and had " +
                                     std::to_string(against->size) +
                                     " when it was last seen: an older store was put back, or entries were cut off");
  }
  Checker checker(read, on_entry);
  PAWL_TRY(checker.run(checkpoint->size, against ? std::optional<std::uint64_t>(against->size) : std::nullopt));
  if (checker.root() != checkpoint->root) return damaged("checkpoint", "its root is not the root of the entries");
  if (against && checker.root_against() != against->root) {
    return damaged("checkpoint", "the first " + std::to_string(against->size) +
                                     " entries are not those that were seen before: the log was rewritten");
  }
  return LogReport{*checkpoint, note, checker.tiles()};
}

}  // namespace pawl::audit
