#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "core/merkle/note.h"
#include "ports/signer.h"

namespace pawl::keys {

// Key files of a store: FOLDER/ledger.pem and release.pem (0600), ledger.vkey and release.pub (0644). The ledger's key
// signs checkpoints only; its name in ledger.vkey is the log's origin.

// Makes what is missing; keys that are there stay. `random` are at least 8 bytes for the log's name.
// Returns the names of the files that were made.
Result<std::vector<std::string>> init_keys(const std::string& folder, std::string_view random);

// The ledger's signer. Errors: kNotFound ("pawl init"); kDenied for a file that others may read, or a wrong passphrase.
Result<merkle::NoteSigner> ledger_signer(const std::string& folder);
// What verifies the ledger, from ledger.vkey alone.
Result<merkle::NoteVerifier> ledger_verifier(const std::string& folder);

// Signs with FOLDER/release.pem, and with `personal_path` ("" for none) as the person at the keyboard. Keys are read at
// first use. Encrypted keys take their passphrase from PAWL_KEY_PASSPHRASE_FILE, _FD or PAWL_KEY_PASSPHRASE.
std::shared_ptr<ports::Signer> make_signer(std::string folder, std::string personal_path);

// Makes a key pair: PATH (0600, encrypted where a passphrase is given) and PATH.pub. Errors: kConflict when there already.
Result<std::string> new_key_pair(const std::string& path, crypto::KeyType type);

}  // namespace pawl::keys
