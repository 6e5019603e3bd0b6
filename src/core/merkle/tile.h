#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/merkle/tree.h"

namespace pawl::merkle {

// C2SP tlog-tiles: paths and bytes of Merkle tree tiles and entry bundles. A full tile has 256 hashes or entries.
inline constexpr std::uint64_t kTileWidth = 256;

// "tile/0/x001/234" with ".p/W" for a partial tile (1 <= width <= 256; 256 is full).
std::string tile_path(unsigned level, std::uint64_t index, std::uint64_t width = kTileWidth);
// "tile/entries/000.p/5".
std::string entries_path(std::uint64_t index, std::uint64_t width = kTileWidth);

// A tile's bytes are its hashes, one after the other.
std::string encode_tile(std::span<const Hash> hashes);
Result<std::vector<Hash>> decode_tile(std::string_view bytes, std::uint64_t width);

// An entry bundle: each entry behind its length in 16 bits, big-endian. Entries are at most 65,535 bytes.
std::string encode_entries(std::span<const std::string> entries);
Result<std::vector<std::string_view>> decode_entries(std::string_view bytes, std::uint64_t width);

}  // namespace pawl::merkle
