#include "adapters/keys/keys.h"

#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <mutex>

#include "base/encoding.h"
#include "base/text.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::keys {

namespace {

constexpr std::size_t kKeyBytes = 64 << 10;

Result<std::string> read_descriptor(const std::string& number) {
  int descriptor = -1;
  auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), descriptor);
  if (error != std::errc() || end != number.data() + number.size()) return Error(ErrorCode::kUsage, "PAWL_KEY_PASSPHRASE_FD is not a descriptor's number");
  return os::read_file("/proc/self/fd/" + std::to_string(descriptor), kKeyBytes);
}

// The passphrase that the user gives, "" for none. Never part of an error.
Result<std::string> passphrase() {
  std::string text;
  if (auto file = os::environment("PAWL_KEY_PASSPHRASE_FILE")) {
    PAWL_ASSIGN(text, os::read_file(*file, kKeyBytes));
  } else if (auto descriptor = os::environment("PAWL_KEY_PASSPHRASE_FD")) {
    PAWL_ASSIGN(text, read_descriptor(*descriptor));
  } else {
    text = os::environment("PAWL_KEY_PASSPHRASE").value_or("");
  }
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

Result<crypto::PrivateKey> read_key(const std::string& path) {
  struct stat status {};
  bool open_to_others = ::stat(path.c_str(), &status) == 0 && (status.st_mode & 077) != 0;
  if (open_to_others) return Error(ErrorCode::kDenied, "the key " + path + " may be read by others", "chmod 600 " + path);
  PAWL_ASSIGN(std::string pem, os::read_file(path, kKeyBytes));
  PAWL_ASSIGN(std::string secret, passphrase());
  PAWL_ASSIGN_WITHIN(crypto::PrivateKey key, crypto::PrivateKey::from_pem(pem, secret), "reading the key " + path);
  return key;
}

Status write_pair(const std::string& path, const std::string& public_path, const crypto::PrivateKey& key, const std::string& public_text) {
  PAWL_ASSIGN(std::string secret, passphrase());
  PAWL_TRY(os::write_file(path, key.pem(secret), {.mode = 0600, .exclusive = true}));
  return os::write_file(public_path, public_text);
}

std::string at(const std::string& folder, std::string_view name) { return os::join_path(folder, name); }

}  // namespace

Result<std::vector<std::string>> init_keys(const std::string& folder, std::string_view random) {
  std::vector<std::string> made;
  PAWL_TRY(os::make_folders(folder, 0700));
  if (!os::exists(at(folder, "ledger.pem"))) {
    merkle::NoteSigner signer{"pawl.local/" + to_hex(random.substr(0, 8)), crypto::PrivateKey::generate(crypto::KeyType::kEd25519)};
    PAWL_TRY(write_pair(at(folder, "ledger.pem"), at(folder, "ledger.vkey"), signer.key, signer.verifier().vkey() + "\n"));
    made.push_back(at(folder, "ledger.pem"));
  }
  if (!os::exists(at(folder, "release.pem"))) {
    crypto::PrivateKey key = crypto::PrivateKey::generate(crypto::KeyType::kEcdsaP256);
    PAWL_TRY(write_pair(at(folder, "release.pem"), at(folder, "release.pub"), key, key.public_key().pem()));
    made.push_back(at(folder, "release.pem"));
  }
  return made;
}

Result<merkle::NoteVerifier> ledger_verifier(const std::string& folder) {
  PAWL_ASSIGN(std::string vkey, os::read_file(at(folder, "ledger.vkey"), kKeyBytes));
  return merkle::NoteVerifier::parse(trim(vkey));
}

Result<merkle::NoteSigner> ledger_signer(const std::string& folder) {
  if (!os::exists(at(folder, "ledger.pem"))) return Error(ErrorCode::kNotFound, "there is no ledger key in " + folder, "pawl init");
  PAWL_ASSIGN(crypto::PrivateKey key, read_key(at(folder, "ledger.pem")));
  PAWL_ASSIGN(merkle::NoteVerifier verifier, ledger_verifier(folder));
  if (!(verifier.key == key.public_key())) return Error(ErrorCode::kIntegrity, "ledger.vkey is not the public half of ledger.pem in " + folder);
  return merkle::NoteSigner{verifier.name, key};
}

namespace {

class FileSigner final : public ports::Signer {
 public:
  FileSigner(std::string folder, std::string personal_path) : folder_(std::move(folder)), personal_path_(std::move(personal_path)) {}

  Result<std::optional<crypto::PublicKey>> public_key(ports::KeyRole role) override {
    // The release key's public half lies beside it, so that reading needs no passphrase.
    if (role == ports::KeyRole::kRelease) {
      PAWL_ASSIGN(std::optional<std::string> pem, os::read_file_if_present(at(folder_, "release.pub"), kKeyBytes));
      if (!pem) return std::optional<crypto::PublicKey>();
      PAWL_ASSIGN(crypto::PublicKey key, crypto::PublicKey::from_pem(*pem));
      return std::optional<crypto::PublicKey>(key);
    }
    if (personal_path_.empty()) return std::optional<crypto::PublicKey>();
    PAWL_ASSIGN(crypto::PrivateKey key, load(role));
    return std::optional<crypto::PublicKey>(key.public_key());
  }

  Result<std::string> sign(const Context&, ports::KeyRole role, std::string_view pae) override {
    PAWL_ASSIGN(crypto::PrivateKey key, load(role));
    return key.sign(pae);
  }

 private:
  Result<crypto::PrivateKey> load(ports::KeyRole role) {
    std::lock_guard lock(mutex_);
    std::optional<crypto::PrivateKey>& slot = role == ports::KeyRole::kRelease ? release_ : personal_;
    if (!slot) {
      std::string path = role == ports::KeyRole::kRelease ? at(folder_, "release.pem") : personal_path_;
      if (path.empty()) return Error(ErrorCode::kNotFound, "there is no personal key", "PAWL_KEY=FILE names one");
      PAWL_ASSIGN(crypto::PrivateKey key, read_key(path));
      slot = std::move(key);
    }
    return *slot;
  }

  std::string folder_;
  std::string personal_path_;
  std::mutex mutex_;
  std::optional<crypto::PrivateKey> release_;
  std::optional<crypto::PrivateKey> personal_;
};

}  // namespace

std::shared_ptr<ports::Signer> make_signer(std::string folder, std::string personal_path) {
  return std::make_shared<FileSigner>(std::move(folder), std::move(personal_path));
}

Result<std::string> new_key_pair(const std::string& path, crypto::KeyType type) {
  crypto::PrivateKey key = crypto::PrivateKey::generate(type);
  PAWL_TRY(write_pair(path, path + ".pub", key, key.public_key().pem()));
  return key.public_key().id();
}

}  // namespace pawl::keys
