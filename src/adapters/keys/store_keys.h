#pragma once

#include <string>

#include "base/result.h"
#include "core/merkle/note.h"

namespace pawl::keys {

// The keys of a store, in `folder` (".pawl/keys", 0700):
//   ledger.pem   Ed25519; signs checkpoints, and nothing else
//   ledger.vkey  the log's name and public key as signed-note verifiers read them: hand it to whoever audits
//   release.pem  ECDSA P-256, so that cosign and others verify what it signed; signs releases and verdicts
// They are not encrypted: who may write the store may use them. Personal keys are apart (signer.h).

// Makes what is missing; what is there stays. The log's name is "pawl.local/" and 16 random hexadecimal digits.
Status init_keys(const std::string& folder);

// The ledger's signer. Errors: kNotFound with "pawl init"; kDenied; kIntegrity when ledger.vkey names another key.
Result<merkle::NoteSigner> load_ledger_signer(const std::string& folder);
// What verifies this store's checkpoints; needs no private key.
Result<merkle::NoteVerifier> load_ledger_verifier(const std::string& folder);

std::string release_key_path(const std::string& folder);

}  // namespace pawl::keys
