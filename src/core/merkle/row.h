#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/merkle/tree.h"

namespace pawl::merkle {

// A row is neighbouring hashes of one level of the tree as a tile holds them: 32 bytes each, one behind the other.
// A tile is built and compared as one piece of text, without a hash of its own for each entry.

// The leaf hashes of `entries`.
std::string leaf_row(std::span<const std::string_view> entries);
// The level above: the node of every pair. `row` has an even number of hashes.
std::string row_above(std::string_view row);
// The root of the perfect subtree over `row`; its number of hashes is a power of two.
Hash root_of_row(std::string_view row);
// Adds the roots of the perfect subtrees that make up `row`, largest first, behind those of what stands before it.
void add_peaks(std::string_view row, std::vector<Hash>& peaks);

}  // namespace pawl::merkle
