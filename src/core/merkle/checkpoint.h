#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/merkle/note.h"
#include "core/merkle/tree.h"

namespace pawl::merkle {

// C2SP tlog-checkpoint: what a log's signed head says.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root = empty_root();
  std::vector<std::string> extensions;  // lines after the root
  bool operator==(const Checkpoint&) const = default;
};

std::string render_checkpoint(const Checkpoint& checkpoint);  // the note's text, ends in a newline
// Refuses a size with sign or leading zeros, a root that is not canonical base64 of 32 bytes, CR, an empty origin.
Result<Checkpoint> parse_checkpoint(std::string_view text);
std::string sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer);
// Opens the note under `verifier` and requires origin == verifier.name.
Result<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& verifier);

}  // namespace pawl::merkle
