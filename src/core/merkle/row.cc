#include "core/merkle/row.h"

#include <bit>

#include "crypto/digest.h"

namespace pawl::merkle {

namespace {

constexpr std::size_t kPair = 2 * Hash::kSize;

}  // namespace

std::string leaf_row(std::span<const std::string_view> entries) {
  std::string row;
  row.reserve(entries.size() * Hash::kSize);
  for (std::string_view entry : entries) row += leaf_hash(entry).bytes();
  return row;
}

std::string row_above(std::string_view row) {
  check(row.size() % kPair == 0, "a row above needs pairs");
  std::string above;
  above.reserve(row.size() / 2);
  for (std::size_t at = 0; at < row.size(); at += kPair)
    above += crypto::sha256(kNodePrefix, row.substr(at, kPair)).bytes();
  return above;
}

Hash root_of_row(std::string_view row) {
  check(std::has_single_bit(row.size() / Hash::kSize), "a perfect subtree has a power of two of leaves");
  std::string above;
  while (row.size() > Hash::kSize) {
    above = row_above(row);
    row = above;
  }
  return Hash::from_bytes(row);
}

void add_peaks(std::string_view row, std::vector<Hash>& peaks) {
  while (!row.empty()) {
    std::size_t bytes = std::bit_floor(row.size() / Hash::kSize) * Hash::kSize;
    peaks.push_back(root_of_row(row.substr(0, bytes)));
    row.remove_prefix(bytes);
  }
}

}  // namespace pawl::merkle
