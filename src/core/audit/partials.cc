#include "core/audit/partials.h"

#include "core/merkle/tile.h"

namespace pawl::audit {

namespace {

using Path = std::function<std::string(std::uint64_t width)>;
// Whether `bytes` has the form of a file of that width.
using IsWhole = std::function<bool(const std::string& bytes, std::uint64_t width)>;

Status check_narrower(const ReadFile& read, const Path& path, std::uint64_t widest, const IsWhole& is_whole) {
  PAWL_ASSIGN(std::optional<std::string> wide, read(path(widest)));
  for (std::uint64_t width = 1; wide && width < widest; ++width) {
    PAWL_ASSIGN(std::optional<std::string> narrow, read(path(width)));
    bool agrees = !narrow || (wide->starts_with(*narrow) && is_whole(*narrow, width));
    if (!agrees)
      return Error(ErrorCode::kIntegrity, "ledger file " + path(width) + ": is not the beginning of " + path(widest),
                   "restore the store from a backup");
  }
  return {};
}

}  // namespace

Status check_partials(const ReadFile& read, std::uint64_t size) {
  auto is_tile = [](const std::string& bytes, std::uint64_t width) {
    return bytes.size() == width * merkle::Hash::kSize;
  };
  auto is_bundle = [](const std::string& bytes, std::uint64_t width) {
    return merkle::decode_entries(bytes, width).ok();
  };
  std::uint64_t last = size / merkle::kTileWidth;
  auto bundle = [&](std::uint64_t width) { return merkle::entries_path(last, width); };
  PAWL_TRY(check_narrower(read, bundle, size % merkle::kTileWidth, is_bundle));
  unsigned level = 0;
  for (std::uint64_t hashes = size; hashes > 0; hashes /= merkle::kTileWidth, ++level) {
    auto tile = [&](std::uint64_t width) { return merkle::tile_path(level, hashes / merkle::kTileWidth, width); };
    PAWL_TRY(check_narrower(read, tile, hashes % merkle::kTileWidth, is_tile));
  }
  return {};
}

}  // namespace pawl::audit
