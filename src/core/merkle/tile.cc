#include "core/merkle/tile.h"

#include <fmt/format.h>

namespace pawl::merkle {

namespace {

constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kLongestEntry = 65'535;

// "x001/x234/067": three digits a part, "x" in front of all but the last; then the width of a partial tile.
std::string index_path(std::uint64_t index, std::uint64_t width) {
  std::string path = fmt::format("{:03}", index % 1000);
  for (index /= 1000; index > 0; index /= 1000) path = fmt::format("x{:03}/", index % 1000) + path;
  if (width != kTileWidth) path += fmt::format(".p/{}", width);
  return path;
}

}  // namespace

std::string tile_path(unsigned level, std::uint64_t index, std::uint64_t width) {
  return fmt::format("tile/{}/{}", level, index_path(index, width));
}

std::string entries_path(std::uint64_t index, std::uint64_t width) {
  return "tile/entries/" + index_path(index, width);
}

std::string encode_tile(std::span<const Hash> hashes) {
  std::string out;
  out.reserve(hashes.size() * Hash::kSize);
  for (const Hash& hash : hashes) out += hash.bytes();
  return out;
}

Result<std::vector<Hash>> decode_tile(std::string_view bytes, std::uint64_t width) {
  if (bytes.size() != width * Hash::kSize) {
    return Error(ErrorCode::kIntegrity, fmt::format("a tile of {} hashes has {} bytes", width, bytes.size()));
  }
  std::vector<Hash> hashes;
  hashes.reserve(width);
  for (; !bytes.empty(); bytes.remove_prefix(Hash::kSize))
    hashes.push_back(Hash::from_bytes(bytes.substr(0, Hash::kSize)));
  return hashes;
}

std::string encode_entries(std::span<const std::string> entries) {
  std::string out;
  for (const std::string& entry : entries) {
    check(entry.size() <= kLongestEntry, "an entry fits 16 bits of length");
    out += static_cast<char>(entry.size() >> 8);
    out += static_cast<char>(entry.size() & 0xFF);
    out += entry;
  }
  return out;
}

Result<std::vector<std::string_view>> decode_entries(std::string_view bytes, std::uint64_t width) {
  Error bad(ErrorCode::kIntegrity, fmt::format("the entry bundle does not hold {} entries", width));
  std::vector<std::string_view> entries;
  entries.reserve(width);
  while (!bytes.empty()) {
    if (bytes.size() < kLengthBytes || entries.size() == width) return bad;
    std::size_t length =
        static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8 | static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(kLengthBytes);
    if (bytes.size() < length) return bad;
    entries.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  if (entries.size() != width) return bad;
  return entries;
}

}  // namespace pawl::merkle
