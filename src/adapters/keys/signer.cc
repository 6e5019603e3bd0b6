#include "adapters/keys/signer.h"

#include <mutex>
#include <utility>

#include "adapters/keys/key_file.h"
#include "adapters/keys/passphrase.h"
#include "adapters/keys/store_keys.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::keys {

namespace {

class KeySigner : public ports::Signer {
 public:
  KeySigner(std::string release, std::string personal) {
    held_[index(ports::KeyRole::kRelease)].path = std::move(release);
    held_[index(ports::KeyRole::kPersonal)].path = std::move(personal);
  }

  Result<std::optional<crypto::PublicKey>> public_key(ports::KeyRole role) override;
  Result<std::string> sign(const Context& context, ports::KeyRole role, std::string_view pae) override;

 private:
  struct Held {
    std::string path;
    std::optional<crypto::PublicKey> public_key;
    std::optional<crypto::PrivateKey> private_key;
  };
  static std::size_t index(ports::KeyRole role) { return static_cast<std::size_t>(role); }
  Result<const crypto::PrivateKey*> unlocked(Held& held);
  Result<std::string> passphrase();

  std::mutex mutex_;
  Held held_[2];
  std::optional<std::string> passphrase_;  // once read: a descriptor gives it only once
};

// A key file that PAWL_KEY names must be there; others need not.
bool is_absent(const std::string& path, ports::KeyRole role) {
  bool named = role == ports::KeyRole::kPersonal && os::environment("PAWL_KEY") == path;
  return !named && !os::exists(path);
}

Result<std::string> KeySigner::passphrase() {
  if (!passphrase_) {
    PAWL_ASSIGN(std::optional<std::string> read, read_passphrase());
    passphrase_ = std::move(read).value_or("");
  }
  return *passphrase_;
}

Result<const crypto::PrivateKey*> KeySigner::unlocked(Held& held) {
  if (held.private_key) return &*held.private_key;
  PAWL_ASSIGN(bool encrypted, is_encrypted(held.path));
  std::string passphrase;
  if (encrypted) {
    PAWL_ASSIGN(passphrase, this->passphrase());
  }
  Result<crypto::PrivateKey> key = load_key(held.path, passphrase);
  if (!key && encrypted && key.error().code == ErrorCode::kDenied) {
    key.error().hint = "give its passphrase by PAWL_KEY_PASSPHRASE_FILE, PAWL_KEY_PASSPHRASE_FD or PAWL_KEY_PASSPHRASE";
  }
  if (!key) return std::move(key).error();
  held.private_key = std::move(*key);
  return &*held.private_key;
}

Result<std::optional<crypto::PublicKey>> KeySigner::public_key(ports::KeyRole role) {
  std::lock_guard lock(mutex_);
  Held& held = held_[index(role)];
  if (held.public_key) return held.public_key;
  if (is_absent(held.path, role)) return std::optional<crypto::PublicKey>();
  if (os::exists(public_path(held.path))) {
    PAWL_ASSIGN(held.public_key, load_public_key(held.path));
  } else {
    PAWL_ASSIGN(const crypto::PrivateKey* key, unlocked(held));
    held.public_key = key->public_key();
  }
  return held.public_key;
}

Result<std::string> KeySigner::sign(const Context& context, ports::KeyRole role, std::string_view pae) {
  PAWL_TRY(context.proceed());
  std::lock_guard lock(mutex_);
  Held& held = held_[index(role)];
  if (is_absent(held.path, role)) {
    return Error(ErrorCode::kNotFound, "there is no key " + held.path,
                 role == ports::KeyRole::kRelease ? "pawl init" : "pawl key create");
  }
  PAWL_ASSIGN(const crypto::PrivateKey* key, unlocked(held));
  return key->sign(pae);
}

}  // namespace

std::string personal_key_path() {
  std::optional<std::string> named = os::environment("PAWL_KEY");
  return named ? *named : os::join_path(os::user_folder("config"), "key.pem");
}

std::shared_ptr<ports::Signer> make_key_signer(std::string folder, std::string personal) {
  return std::make_shared<KeySigner>(release_key_path(folder), std::move(personal));
}

}  // namespace pawl::keys
