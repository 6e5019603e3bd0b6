#include "adapters/keys/store_keys.h"

#include "adapters/keys/key_file.h"
#include "base/encoding.h"
#include "base/text.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::keys {

namespace {

constexpr std::size_t kLongestVkey = 4'096;

std::string ledger_path(const std::string& folder) { return os::join_path(folder, "ledger.pem"); }
std::string vkey_path(const std::string& folder) { return os::join_path(folder, "ledger.vkey"); }

Status create_missing(const std::string& path, crypto::KeyType type) {
  if (os::exists(path)) return {};
  PAWL_TRY(create_key(path, type));
  return {};
}

Status write_vkey(const std::string& folder) {
  if (os::exists(vkey_path(folder))) return {};
  PAWL_ASSIGN(crypto::PublicKey key, load_public_key(ledger_path(folder)));
  merkle::NoteVerifier verifier{"pawl.local/" + to_hex(os::random_bytes(8)), key};
  return os::write_file(vkey_path(folder), verifier.vkey() + "\n");
}

Error with_hint(Error error) {
  if (error.code == ErrorCode::kNotFound && error.hint.empty()) error.hint = "pawl init";
  return error;
}

}  // namespace

std::string release_key_path(const std::string& folder) { return os::join_path(folder, "release.pem"); }

Status init_keys(const std::string& folder) {
  PAWL_TRY(os::make_folders(folder, 0700));
  PAWL_TRY(create_missing(ledger_path(folder), crypto::KeyType::kEd25519));
  PAWL_TRY(create_missing(release_key_path(folder), crypto::KeyType::kEcdsaP256));
  return write_vkey(folder);
}

Result<merkle::NoteVerifier> load_ledger_verifier(const std::string& folder) {
  Result<std::string> text = os::read_file(vkey_path(folder), kLongestVkey);
  if (!text) return with_hint(std::move(text).error());
  PAWL_ASSIGN_WITHIN(merkle::NoteVerifier verifier, merkle::NoteVerifier::parse(trim(*text)),
                     "reading " + vkey_path(folder));
  return verifier;
}

Result<merkle::NoteSigner> load_ledger_signer(const std::string& folder) {
  PAWL_ASSIGN(merkle::NoteVerifier verifier, load_ledger_verifier(folder));
  Result<crypto::PrivateKey> key = load_key(ledger_path(folder));
  if (!key) return with_hint(std::move(key).error());
  if (key->public_key() == verifier.key) return merkle::NoteSigner{verifier.name, std::move(*key)};
  return Error(ErrorCode::kIntegrity, vkey_path(folder) + " names another key than " + ledger_path(folder) + " holds");
}

}  // namespace pawl::keys
