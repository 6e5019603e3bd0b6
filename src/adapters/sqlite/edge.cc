#include "adapters/sqlite/edge.h"

#include <utility>

#include "core/merkle/row.h"
#include "core/merkle/tile.h"

namespace pawl::sqlite {

namespace {

constexpr unsigned kBitsPerLevel = 8;  // a tile of 256 hashes spans eight levels of the tree
constexpr std::size_t kFullBytes = merkle::kTileWidth * merkle::Hash::kSize;

std::uint64_t hashes_at(unsigned level, std::uint64_t size) { return size >> (kBitsPerLevel * level); }

Result<std::string> last_tile(Snapshot& snapshot, unsigned level, std::uint64_t size) {
  std::uint64_t width = hashes_at(level, size) % merkle::kTileWidth;
  if (width == 0) return std::string();
  PAWL_ASSIGN(std::string hashes, snapshot.tile(level, hashes_at(level, size) / merkle::kTileWidth));
  if (hashes.size() != width * merkle::Hash::kSize) {
    return Error(ErrorCode::kIntegrity, "the last tile of level " + std::to_string(level) + " holds " +
                                            std::to_string(hashes.size() / merkle::Hash::kSize) + " hashes, not the " +
                                            std::to_string(width) + " of a log of " + std::to_string(size) +
                                            " entries");
  }
  return hashes;
}

}  // namespace

Result<Edge> Edge::load(Snapshot& snapshot, std::uint64_t size) {
  Edge edge;
  edge.range_.size = size;
  for (unsigned level = 0; level < 64 / kBitsPerLevel && hashes_at(level, size) > 0; ++level) {
    PAWL_ASSIGN(std::string hashes, last_tile(snapshot, level, size));
    edge.levels_.push_back({std::move(hashes)});
  }
  for (std::size_t level = edge.levels_.size(); level-- > 0;) {
    merkle::add_peaks(edge.levels_[level].hashes, edge.range_.peaks);
  }
  return edge;
}

void Edge::append(std::span<const std::string> entries) {
  std::vector<std::string_view> views(entries.begin(), entries.end());
  std::string leaves = merkle::leaf_row(views);
  for (std::size_t at = 0; at < leaves.size(); at += merkle::Hash::kSize) {
    merkle::Hash leaf = merkle::Hash::from_bytes(std::string_view(leaves).substr(at, merkle::Hash::kSize));
    range_.append(leaf, [this](unsigned level, std::uint64_t index, const merkle::Hash& hash) {
      if (level % kBitsPerLevel == 0) add(level / kBitsPerLevel, index, hash);
    });
  }
}

void Edge::add(unsigned level, std::uint64_t index, const merkle::Hash& hash) {
  if (levels_.size() <= level) levels_.resize(level + 1);
  Level& last = levels_[level];
  last.hashes += hash.bytes();
  last.changed = true;
  if (last.hashes.size() < kFullBytes) return;
  full_.push_back({level, index / merkle::kTileWidth, std::exchange(last.hashes, {})});
  last.changed = false;
}

std::vector<Edge::Tile> Edge::take_changed() {
  std::vector<Tile> changed = std::exchange(full_, {});
  for (unsigned level = 0; level < levels_.size(); ++level) {
    if (!std::exchange(levels_[level].changed, false)) continue;
    changed.push_back({level, hashes_at(level, range_.size) / merkle::kTileWidth, levels_[level].hashes});
  }
  return changed;
}

}  // namespace pawl::sqlite
