#include "adapters/sqlite/edge.h"

#include <utility>

#include "core/merkle/tile.h"

namespace pawl::sqlite {

namespace {

constexpr unsigned kBitsPerLevel = 8;  // a tile of 256 hashes spans eight levels of the tree
constexpr std::size_t kFullBytes = merkle::kTileWidth * merkle::Hash::kSize;

std::uint64_t hashes_at(unsigned level, std::uint64_t size) { return size >> (kBitsPerLevel * level); }

// The root of the perfect subtree over hashes [first, first + count) of a tile.
merkle::Hash fold(std::string_view hashes, std::size_t first, std::size_t count) {
  if (count == 1) return merkle::Hash::from_bytes(hashes.substr(first * merkle::Hash::kSize, merkle::Hash::kSize));
  return merkle::node_hash(fold(hashes, first, count / 2), fold(hashes, first + count / 2, count / 2));
}

// A tile's share of the peaks: one for each bit of its width, largest first.
void add_peaks(std::string_view hashes, std::vector<merkle::Hash>& peaks) {
  std::size_t width = hashes.size() / merkle::Hash::kSize;
  std::size_t first = 0;
  for (std::size_t count = merkle::kTileWidth / 2; count > 0; count /= 2) {
    if ((width & count) == 0) continue;
    peaks.push_back(fold(hashes, first, count));
    first += count;
  }
}

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
    add_peaks(edge.levels_[level].hashes, edge.range_.peaks);
  }
  return edge;
}

void Edge::append(std::string_view entry) {
  range_.append(merkle::leaf_hash(entry), [this](unsigned level, std::uint64_t index, const merkle::Hash& hash) {
    if (level % kBitsPerLevel == 0) add(level / kBitsPerLevel, index, hash);
  });
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
