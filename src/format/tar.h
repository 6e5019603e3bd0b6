#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "format/file_tree.h"

namespace pawl::format {

// A tar of a file tree whose bytes depend on the tree alone: ustar with pax headers for long names, sorted by path,
// modes 0644 and 0755, no times, no owners.
std::string write_tar(const FileTree& tree);

// Reads a plain tar into a tree. Errors: kInvalid for everything that is not a regular file or a folder (links,
// devices, FIFOs, sparse files), paths that leave the root, entries twice or twins but for case, setuid modes, sizes
// and checksums that are wrong, pax headers that say more than one path, truncation, bytes behind the end (a second
// archive), compression, and the bounds of limits.h.
//
// kDropped reads what others write too: "./a" is "a", and a folder "." is the root.
enum class LeadingDot : std::uint8_t { kRefused, kDropped };
Result<FileTree> read_tar(std::string_view bytes, LeadingDot dot = LeadingDot::kRefused);

}  // namespace pawl::format
