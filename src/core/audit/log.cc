#include "core/audit/log.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/merkle/row.h"
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

constexpr std::size_t kFullRow = kTileWidth * Hash::kSize;

class Checker {
 public:
  Checker(const ReadFile& read, const OnEntry& on_entry) : read_(read), on_entry_(on_entry) {}

  Status run(std::uint64_t size, std::optional<std::uint64_t> against) {
    size_ = size;
    against_size_ = against;
    for (std::uint64_t first = 0; first < size; first += kTileWidth) {
      PAWL_TRY(take_bundle(first, std::min(kTileWidth, size - first)));
    }
    for (unsigned i = 0; i < above_.size(); ++i) {
      if (!above_[i].row.empty()) PAWL_TRY(compare_tile(i + 1, above_[i].tile, above_[i].row));
    }
    return {};
  }

  const Hash& root() const { return root_; }
  const Hash& root_against() const { return root_against_; }
  std::uint64_t tiles() const { return tiles_; }

 private:
  // What was computed of a tile level above the entries' own and is not compared yet.
  struct Level {
    std::uint64_t tile = 0;
    std::string row;
  };

  Status take_bundle(std::uint64_t first, std::uint64_t width) {
    std::string path = merkle::entries_path(first / kTileWidth, width);
    PAWL_ASSIGN(std::string bytes, require(read_, path));
    Result<std::vector<std::string_view>> entries = merkle::decode_entries(bytes, width);
    if (!entries) return damaged(path, entries.error().message);
    std::string row = merkle::leaf_row(*entries);
    PAWL_TRY(compare_tile(0, first / kTileWidth, row));
    note_roots(first, row);
    for (std::uint64_t i = 0; on_entry_ && i < width; ++i) PAWL_TRY(on_entry_(first + i, (*entries)[i]));
    return width == kTileWidth ? add(1, merkle::root_of_row(row)) : Status();
  }

  Status compare_tile(unsigned number, std::uint64_t tile, std::string_view row) {
    std::string path = merkle::tile_path(number, tile, row.size() / Hash::kSize);
    PAWL_ASSIGN(std::string stored, require(read_, path));
    std::string below = number == 0 ? merkle::entries_path(tile, row.size() / Hash::kSize) : "the tiles below it";
    if (stored != row) return damaged(path, "does not hold the hashes of what is in " + below);
    ++tiles_;
    return {};
  }

  // The two roots that are asked for, when they lie within the entries from `first` on.
  void note_roots(std::uint64_t first, std::string_view row) {
    std::uint64_t end = first + row.size() / Hash::kSize;
    if (end == size_) root_ = root_with(row);
    bool here = against_size_ && *against_size_ > first && *against_size_ <= end;
    if (here) root_against_ = root_with(row.substr(0, (*against_size_ - first) * Hash::kSize));
  }

  // The root of all entries before a tile and those of `row`, its beginning.
  Hash root_with(std::string_view row) const {
    std::vector<Hash> peaks;
    for (std::size_t i = above_.size(); i-- > 0;) merkle::add_peaks(above_[i].row, peaks);
    merkle::add_peaks(row, peaks);
    return merkle::root_of_peaks(peaks);
  }

  // A full tile's root is one hash of the level above.
  Status add(unsigned number, const Hash& hash) {
    if (above_.size() < number) above_.emplace_back();
    Level& level = above_[number - 1];
    level.row += hash.bytes();
    if (level.row.size() < kFullRow) return {};
    PAWL_TRY(compare_tile(number, level.tile++, level.row));
    Hash root = merkle::root_of_row(std::exchange(level.row, {}));
    return add(number + 1, root);
  }

  const ReadFile& read_;
  const OnEntry& on_entry_;
  std::uint64_t size_ = 0;
  std::optional<std::uint64_t> against_size_;
  std::vector<Level> above_;  // levels 1, 2 ...
  Hash root_ = merkle::empty_root();
  Hash root_against_ = merkle::empty_root();
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
