#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/key.h"

namespace pawl::keys {

// Private keys in PEM files (PKCS#8), 0600, each with its public key beside it: "release.pem" and "release.pub". The
// public half can so be known without the passphrase.

// Reads a file that holds a secret. Errors: kNotFound; kDenied when others than the owner may read it, with the way
// out.
Result<std::string> read_secret_file(const std::string& path);

// Makes a key and writes both files, encrypted unless `passphrase` is empty. Returns the public key.
// Errors: kConflict when there is a key already: none is ever replaced.
Result<crypto::PublicKey> create_key(const std::string& path, crypto::KeyType type, std::string_view passphrase = {});

// Reads the private key. Errors: kNotFound, kDenied (others may read it; a passphrase is needed, or wrong), kInvalid,
// and kIntegrity when the public key beside it is another.
Result<crypto::PrivateKey> load_key(const std::string& path, std::string_view passphrase = {});

// Whether the key file needs a passphrase.
Result<bool> is_encrypted(const std::string& path);

// The public key of the key file: from the file beside it, or where there is none from the key itself.
Result<crypto::PublicKey> load_public_key(const std::string& path, std::string_view passphrase = {});

// "keys/release.pem" -> "keys/release.pub"; ".pub" is added to other names.
std::string public_path(const std::string& path);

}  // namespace pawl::keys
