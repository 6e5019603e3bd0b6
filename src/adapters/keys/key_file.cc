#include "adapters/keys/key_file.h"

#include <fmt/format.h>

#include "os/file.h"
#include "os/permissions.h"

namespace pawl::keys {

namespace {

constexpr std::size_t kLargestFile = 64u << 10;
constexpr unsigned kOthers = 0077;

}  // namespace

std::string public_path(const std::string& path) {
  return (path.ends_with(".pem") ? path.substr(0, path.size() - 4) : path) + ".pub";
}

Result<std::string> read_secret_file(const std::string& path) {
  PAWL_ASSIGN(unsigned mode, os::permissions(path));
  if ((mode & kOthers) != 0) {
    return Error(ErrorCode::kDenied, fmt::format("{} holds a secret, but others may read it (mode {:04o})", path, mode),
                 "chmod 600 " + path);
  }
  return os::read_file(path, kLargestFile);
}

Result<crypto::PublicKey> create_key(const std::string& path, crypto::KeyType type, std::string_view passphrase) {
  crypto::PrivateKey key = crypto::PrivateKey::generate(type);
  PAWL_TRY_WITHIN(os::write_file(path, key.pem(passphrase), {.mode = 0600, .exclusive = true}), "creating a key");
  PAWL_TRY_WITHIN(os::write_file(public_path(path), key.public_key().pem()), "writing the key's public half");
  return key.public_key();
}

Result<crypto::PrivateKey> load_key(const std::string& path, std::string_view passphrase) {
  PAWL_ASSIGN(std::string pem, read_secret_file(path));
  PAWL_ASSIGN_WITHIN(crypto::PrivateKey key, crypto::PrivateKey::from_pem(pem, passphrase), "reading the key " + path);
  PAWL_ASSIGN(std::optional<std::string> beside, os::read_file_if_present(public_path(path), kLargestFile));
  if (!beside) return key;
  PAWL_ASSIGN_WITHIN(crypto::PublicKey shown, crypto::PublicKey::from_pem(*beside), "reading " + public_path(path));
  if (shown == key.public_key()) return key;
  return Error(ErrorCode::kIntegrity, public_path(path) + " is not the public key of " + path);
}

Result<bool> is_encrypted(const std::string& path) {
  PAWL_ASSIGN(std::string pem, read_secret_file(path));
  return pem.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != std::string::npos;
}

Result<crypto::PublicKey> load_public_key(const std::string& path, std::string_view passphrase) {
  PAWL_ASSIGN(std::optional<std::string> beside, os::read_file_if_present(public_path(path), kLargestFile));
  if (beside) {
    PAWL_ASSIGN_WITHIN(crypto::PublicKey shown, crypto::PublicKey::from_pem(*beside), "reading " + public_path(path));
    return shown;
  }
  PAWL_ASSIGN(crypto::PrivateKey key, load_key(path, passphrase));
  return key.public_key();
}

}  // namespace pawl::keys
