#include "core/merkle/checkpoint.h"

#include <charconv>

#include "base/encoding.h"
#include "base/text.h"

namespace pawl::merkle {

namespace {

Error malformed(std::string_view why) {
  return Error(ErrorCode::kInvalid, "malformed checkpoint: " + std::string(why));
}

Result<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t size = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  bool whole = error == std::errc() && end == text.data() + text.size();
  bool leading_zero = text.size() > 1 && text[0] == '0';
  if (text.empty() || !whole || leading_zero) return malformed("the size is not a plain decimal number");
  return size;
}

Result<Hash> parse_root(std::string_view text) {
  Result<std::string> bytes = from_base64(text);
  if (!bytes || bytes->size() != Hash::kSize) return malformed("the root is not canonical base64 of 32 bytes");
  return Hash::from_bytes(*bytes);
}

}  // namespace

std::string render_checkpoint(const Checkpoint& checkpoint) {
  std::string out = checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n";
  out += to_base64(checkpoint.root.bytes()) + "\n";
  for (const std::string& line : checkpoint.extensions) out += line + "\n";
  return out;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  if (!text.ends_with('\n')) return malformed("the last line does not end");
  text.remove_suffix(1);
  std::vector<std::string_view> lines = split(text, '\n');
  if (lines.size() < 3 || lines[0].empty()) return malformed("origin, size and root are expected");
  for (std::string_view line : lines) {
    if (line.empty() || line.find('\r') != std::string_view::npos)
      return malformed("an empty line or a carriage return");
  }
  Checkpoint checkpoint{.origin = std::string(lines[0])};
  PAWL_ASSIGN(checkpoint.size, parse_size(lines[1]));
  PAWL_ASSIGN(checkpoint.root, parse_root(lines[2]));
  checkpoint.extensions.assign(lines.begin() + 3, lines.end());
  return checkpoint;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer) {
  return sign_note(render_checkpoint(checkpoint), signer);
}

Result<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& verifier) {
  PAWL_ASSIGN(Note opened, open_note(note, verifier));
  PAWL_ASSIGN(Checkpoint checkpoint, parse_checkpoint(opened.text));
  if (checkpoint.origin != verifier.name) {
    return Error(ErrorCode::kIntegrity,
                 "the checkpoint is of the log " + checkpoint.origin + ", not of " + verifier.name);
  }
  return checkpoint;
}

}  // namespace pawl::merkle
