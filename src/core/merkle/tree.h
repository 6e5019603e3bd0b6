#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "crypto/digest.h"

namespace pawl::merkle {

using Hash = crypto::Digest;

// RFC 6962 section 2.1.
inline constexpr std::string_view kLeafPrefix("\0", 1);
inline constexpr std::string_view kNodePrefix("\1", 1);
Hash leaf_hash(std::string_view entry);
Hash node_hash(const Hash& left, const Hash& right);
Hash empty_root();
// The root of the tree that these perfect subtrees make up, the largest first.
Hash root_of_peaks(std::span<const Hash> peaks);

// The roots of the perfect subtrees that make up a tree of `size` leaves, largest first: all a writer needs to append.
struct CompactRange {
  std::uint64_t size = 0;
  std::vector<Hash> peaks;

  // Called for every perfect subtree that a new leaf completes, the leaf included: level, index in its level, hash.
  using OnNode = std::function<void(unsigned level, std::uint64_t index, const Hash& hash)>;
  void append(const Hash& leaf, const OnNode& on_node = {});
  Hash root() const { return root_of_peaks(peaks); }
  bool operator==(const CompactRange&) const = default;
};

// Returns the hash of the perfect subtree (level, index). Errors are the reader's.
using ReadNode = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

// Proofs as RFC 6962 section 2.1.1 and 2.1.2 order them. Errors: kUsage when index >= size or old > size.
Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size, const ReadNode& read);
Result<std::vector<Hash>> consistency_proof(std::uint64_t old_size, std::uint64_t size, const ReadNode& read);
Result<Hash> root_at(std::uint64_t size, const ReadNode& read);

// RFC 9162 sections 2.1.3.2 and 2.1.4.2. False for proofs that are too short, too long or wrong.
bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                      const Hash& root);
bool verify_consistency(std::uint64_t old_size, std::uint64_t size, std::span<const Hash> proof, const Hash& old_root,
                        const Hash& root);

}  // namespace pawl::merkle
