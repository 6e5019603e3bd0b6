#pragma once

#include <compare>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/digest.h"

namespace pawl::format {

// A file of a tree, with a path relative to the tree's root: parts separated by "/", none of them "", "." or "..".
struct TreeFile {
  std::string path;
  std::string bytes;
  bool executable = false;
  auto operator<=>(const TreeFile&) const = default;
};
using FileTree = std::vector<TreeFile>;  // sorted by path (bytes), no path twice

// Whether `path` is one that a TreeFile may have; also at most limits::kPathBytes, no control characters or backslash.
bool is_tree_path(std::string_view path);

// The digest of a tree: SHA-256 over the canonical JSON of [{path, digest, executable}], so that neither an archive
// format nor a compression library decides it.
crypto::Digest tree_digest(const FileTree& tree);

}  // namespace pawl::format
