#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "adapters/sqlite/snapshot.h"
#include "base/result.h"
#include "core/merkle/tree.h"

namespace pawl::sqlite {

// The right edge of the tree: the unfinished last tile of every level, which is all that an append needs.
class Edge {
 public:
  // Reads the edge of a log of `size` entries: one tile a level. Errors: kIntegrity for tiles that are missing or
  // short.
  static Result<Edge> load(Snapshot& snapshot, std::uint64_t size);

  std::uint64_t size() const { return range_.size; }
  merkle::Hash root() const { return range_.root(); }
  void append(std::span<const std::string> entries);

  struct Tile {
    unsigned level;
    std::uint64_t index;
    std::string hashes;
  };
  // The tiles that changed since the last call, full ones first.
  std::vector<Tile> take_changed();

 private:
  struct Level {
    std::string hashes;  // of the last tile; fewer than 256
    bool changed = false;
  };
  void add(unsigned level, std::uint64_t index, const merkle::Hash& hash);

  merkle::CompactRange range_;
  std::vector<Level> levels_;
  std::vector<Tile> full_;
};

}  // namespace pawl::sqlite
