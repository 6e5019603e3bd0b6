#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/key.h"

namespace pawl::merkle {

// C2SP signed-note with Ed25519 keys (signature type 0x01).

// Verifies notes of one name. Reads and writes the vkey form "name+hash+base64(0x01 || key)".
struct NoteVerifier {
  std::string name;
  crypto::PublicKey key;
  std::uint32_t hash() const;
  std::string vkey() const;
  static Result<NoteVerifier> parse(std::string_view vkey);
};

// Signs notes. Reads the form "PRIVATE+KEY+name+hash+base64(0x01 || seed)" that test logs publish.
struct NoteSigner {
  std::string name;
  crypto::PrivateKey key;
  NoteVerifier verifier() const { return {name, key.public_key()}; }
  static Result<NoteSigner> parse(std::string_view skey);
};

struct NoteSignature {
  std::string name;
  std::uint32_t hash = 0;
  std::string signature;  // without the key hash
};

struct Note {
  std::string text;  // ends in a newline
  std::vector<NoteSignature> signatures;
};

// Returns the note's bytes: text, a blank line, the signature line. `text` must end in a newline.
std::string sign_note(std::string_view text, const NoteSigner& signer);
// Reads a note's form strictly: one blank line before the signatures, no control characters, no CR, at most 100 lines.
Result<Note> parse_note(std::string_view bytes);
// As parse_note, and one signature must verify under `verifier`; lines of unknown keys are ignored, a line that bears
// the verifier's name and hash but does not verify is an error. Errors: kInvalid, kIntegrity.
Result<Note> open_note(std::string_view bytes, const NoteVerifier& verifier);

}  // namespace pawl::merkle
