#include "core/merkle/tree.h"

#include <bit>

namespace pawl::merkle {

namespace {

// The largest power of two below `size`; size > 1.
std::uint64_t split_point(std::uint64_t size) { return std::bit_floor(size - 1); }

}  // namespace

Hash leaf_hash(std::string_view entry) { return crypto::sha256(kLeafPrefix, entry); }

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<char, 1 + 2 * Hash::kSize> bytes;
  bytes[0] = kNodePrefix[0];
  left.bytes().copy(bytes.data() + 1, Hash::kSize);
  right.bytes().copy(bytes.data() + 1 + Hash::kSize, Hash::kSize);
  return crypto::sha256(std::string_view(bytes.data(), bytes.size()));
}

Hash empty_root() { return crypto::sha256(""); }

void CompactRange::append(const Hash& leaf, const OnNode& on_node) {
  if (on_node) on_node(0, size, leaf);
  Hash hash = leaf;
  unsigned level = 0;
  // Every trailing 1 of the size is a perfect subtree that the new leaf completes a larger one with.
  for (std::uint64_t rest = size; (rest & 1) != 0; rest >>= 1) {
    hash = node_hash(peaks.back(), hash);
    peaks.pop_back();
    ++level;
    if (on_node) on_node(level, size >> level, hash);
  }
  peaks.push_back(hash);
  ++size;
}

Hash root_of_peaks(std::span<const Hash> peaks) {
  if (peaks.empty()) return empty_root();
  Hash root = peaks.back();
  for (std::size_t i = peaks.size() - 1; i-- > 0;) root = node_hash(peaks[i], root);
  return root;
}

namespace {

// The hash of leaves [first, first + count).
Result<Hash> range_hash(std::uint64_t first, std::uint64_t count, const ReadNode& read) {
  bool perfect = std::has_single_bit(count) && first % count == 0;
  if (perfect) {
    auto level = static_cast<unsigned>(std::countr_zero(count));
    return read(level, first >> level);
  }
  std::uint64_t left = split_point(count);
  PAWL_ASSIGN(Hash left_hash, range_hash(first, left, read));
  PAWL_ASSIGN(Hash right_hash, range_hash(first + left, count - left, read));
  return node_hash(left_hash, right_hash);
}

Status prove_inclusion(std::uint64_t index, std::uint64_t first, std::uint64_t count, const ReadNode& read,
                       std::vector<Hash>& proof) {
  if (count == 1) return {};
  std::uint64_t left = split_point(count);
  bool in_left = index < first + left;
  if (in_left)
    PAWL_TRY(prove_inclusion(index, first, left, read, proof));
  else
    PAWL_TRY(prove_inclusion(index, first + left, count - left, read, proof));
  PAWL_ASSIGN(Hash other, in_left ? range_hash(first + left, count - left, read) : range_hash(first, left, read));
  proof.push_back(other);
  return {};
}

// RFC 6962 SUBPROOF(m, D[first:first+count], known): `known` while the old tree is exactly this subtree.
Status prove_consistency(std::uint64_t old_count, std::uint64_t first, std::uint64_t count, bool known,
                         const ReadNode& read, std::vector<Hash>& proof) {
  if (old_count == count) {
    if (known) return {};
    PAWL_ASSIGN(Hash whole, range_hash(first, count, read));
    proof.push_back(whole);
    return {};
  }
  std::uint64_t left = split_point(count);
  if (old_count <= left) {
    PAWL_TRY(prove_consistency(old_count, first, left, known, read, proof));
    PAWL_ASSIGN(Hash right, range_hash(first + left, count - left, read));
    proof.push_back(right);
    return {};
  }
  PAWL_TRY(prove_consistency(old_count - left, first + left, count - left, false, read, proof));
  PAWL_ASSIGN(Hash left_hash, range_hash(first, left, read));
  proof.push_back(left_hash);
  return {};
}

}  // namespace

Result<Hash> root_at(std::uint64_t size, const ReadNode& read) {
  if (size == 0) return empty_root();
  return range_hash(0, size, read);
}

Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size, const ReadNode& read) {
  if (index >= size)
    return Error(ErrorCode::kUsage, "entry " + std::to_string(index) + " is not in a log of " + std::to_string(size));
  std::vector<Hash> proof;
  PAWL_TRY(prove_inclusion(index, 0, size, read, proof));
  return proof;
}

Result<std::vector<Hash>> consistency_proof(std::uint64_t old_size, std::uint64_t size, const ReadNode& read) {
  if (old_size > size)
    return Error(ErrorCode::kUsage,
                 "a log of " + std::to_string(size) + " was never one of " + std::to_string(old_size));
  std::vector<Hash> proof;
  if (old_size == 0 || old_size == size) return proof;
  PAWL_TRY(prove_consistency(old_size, 0, size, true, read, proof));
  return proof;
}

bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                      const Hash& root) {
  if (index >= size) return false;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (last == 0) return false;
    bool right_child = (node & 1) != 0 || node == last;
    if (right_child) {
      hash = node_hash(sibling, hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t old_size, std::uint64_t size, std::span<const Hash> proof, const Hash& old_root,
                        const Hash& root) {
  if (old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (old_size == 0) return proof.empty() && old_root == empty_root();
  if (proof.empty()) return false;
  std::uint64_t node = old_size - 1;
  std::uint64_t last = size - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  // A perfect old tree is its own first hash; every other proof begins with it.
  bool perfect = std::has_single_bit(old_size);
  Hash old_hash = perfect ? old_root : proof[0];
  Hash new_hash = old_hash;
  for (const Hash& hash : proof.subspan(perfect ? 0 : 1)) {
    if (last == 0) return false;
    bool right_child = (node & 1) != 0 || node == last;
    if (right_child) {
      old_hash = node_hash(hash, old_hash);
      new_hash = node_hash(hash, new_hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = node_hash(new_hash, hash);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == old_root && new_hash == root;
}

}  // namespace pawl::merkle
