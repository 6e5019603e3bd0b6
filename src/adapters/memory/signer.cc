#include "adapters/memory/signer.h"

#include "crypto/digest.h"

namespace pawl::memory {

crypto::PrivateKey Signer::key_of(std::string_view name) {
  // Remembered, since making one takes longer than most of what a simulated process does with it.
  static std::mutex mutex;
  static std::map<std::string, crypto::PrivateKey, std::less<>> known;
  std::lock_guard lock(mutex);
  auto found = known.find(name);
  if (found != known.end()) return found->second;
  crypto::PrivateKey key = crypto::PrivateKey::ed25519_from_seed(crypto::sha256(name).bytes()).value();
  return known.emplace(name, std::move(key)).first->second;
}

void Signer::set(ports::KeyRole role, std::optional<crypto::PrivateKey> key) {
  std::lock_guard lock(mutex_);
  keys_.erase(role);
  if (key) keys_.emplace(role, std::move(*key));
}

Result<std::optional<crypto::PublicKey>> Signer::public_key(ports::KeyRole role) {
  PAWL_TRY(ask(fault_, "signer.public_key"));
  std::lock_guard lock(mutex_);
  auto key = keys_.find(role);
  if (key == keys_.end()) return std::optional<crypto::PublicKey>();
  return std::optional<crypto::PublicKey>(key->second.public_key());
}

Result<std::string> Signer::sign(const Context& context, ports::KeyRole role, std::string_view pae) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(ask(fault_, "signer.sign"));
  std::lock_guard lock(mutex_);
  auto key = keys_.find(role);
  if (key == keys_.end()) return Error(ErrorCode::kNotFound, "there is no key for this role");
  return key->second.sign(pae);
}

}  // namespace pawl::memory
