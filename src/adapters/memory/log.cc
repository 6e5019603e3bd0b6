#include "adapters/memory/log.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "core/merkle/checkpoint.h"
#include "core/merkle/tile.h"

namespace pawl::memory {

namespace {

constexpr unsigned kBitsPerLevel = 8;

struct TileName {
  bool entries = false;
  unsigned level = 0;
  std::uint64_t index = 0;
  std::uint64_t width = merkle::kTileWidth;
  std::string path() const {
    return entries ? merkle::entries_path(index, width) : merkle::tile_path(level, index, width);
  }
};

std::optional<std::uint64_t> number_of(std::string_view digits) {
  if (digits.empty() || digits.size() > 18) return std::nullopt;
  std::uint64_t number = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

// "x001/x234/067" is 1234067.
std::optional<std::uint64_t> index_of(std::string_view text) {
  std::string digits;
  for (std::string_view part : split(text, '/')) digits += part.starts_with('x') ? part.substr(1) : part;
  return number_of(digits);
}

// Reads a path leniently; rendering the name again tells whether it was right.
std::optional<TileName> parse_path(std::string_view path) {
  std::string_view rest = path;
  TileName name;
  if (!rest.starts_with("tile/")) return std::nullopt;
  rest.remove_prefix(5);
  std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  name.entries = rest.substr(0, slash) == "entries";
  std::optional<std::uint64_t> level = name.entries ? 0 : number_of(rest.substr(0, slash));
  rest.remove_prefix(slash + 1);
  std::optional<std::uint64_t> width = merkle::kTileWidth;
  if (std::size_t part = rest.find(".p/"); part != std::string_view::npos) {
    width = number_of(rest.substr(part + 3));
    rest = rest.substr(0, part);
  }
  std::optional<std::uint64_t> index = index_of(rest);
  if (!level || *level > 7 || !width || *width == 0 || *width > merkle::kTileWidth || !index) return std::nullopt;
  name.level = static_cast<unsigned>(*level);
  name.index = *index;
  name.width = *width;
  if (name.path() != path) return std::nullopt;
  return name;
}

}  // namespace

void Log::add(const std::string& entry) {
  range_.append(merkle::leaf_hash(entry), [this](unsigned level, std::uint64_t, const merkle::Hash& hash) {
    if (nodes_.size() <= level) nodes_.resize(level + 1);
    nodes_[level].push_back(hash);
  });
}

void Log::append(std::string entry) {
  add(entry);
  entries_.push_back(std::move(entry));
}

void Log::cut(std::uint64_t size) {
  if (size >= range_.size) return;
  entries_.resize(size);
  range_ = {};
  range_.size = size;
  for (std::size_t level = nodes_.size(); level-- > 0;) {
    nodes_[level].erase(nodes_[level].begin() + static_cast<std::ptrdiff_t>(size >> level), nodes_[level].end());
    // A set bit of the size is a peak: the last node of that level.
    if ((size >> level) & 1) range_.peaks.push_back(nodes_[level].back());
  }
}

std::optional<std::string> Log::file(std::string_view path, std::uint64_t size) const {
  std::optional<TileName> name = parse_path(path);
  if (!name) return std::nullopt;
  std::uint64_t available = name->entries ? size : size >> (kBitsPerLevel * name->level);
  std::uint64_t first = name->index * merkle::kTileWidth;
  if (available < first || available - first < name->width) return std::nullopt;
  if (name->entries) return merkle::encode_entries(std::span(entries_).subspan(first, name->width));
  const std::vector<merkle::Hash>& hashes = nodes_[kBitsPerLevel * name->level];
  return merkle::encode_tile(std::span(hashes).subspan(first, name->width));
}

std::string Log::checkpoint(std::uint64_t size, const merkle::NoteSigner& signer) const {
  merkle::CompactRange at;
  at.size = size;
  for (std::size_t level = nodes_.size(); level-- > 0;) {
    if ((size >> level) & 1) at.peaks.push_back(nodes_[level][(size >> level) - 1]);
  }
  merkle::Checkpoint checkpoint{.origin = signer.name, .size = size, .root = at.root()};
  return merkle::sign_checkpoint(checkpoint, signer);
}

}  // namespace pawl::memory
