#pragma once

#include <map>
#include <mutex>

#include "adapters/memory/fault.h"
#include "ports/signer.h"

namespace pawl::memory {

// Signs with keys in memory. Thread-safe.
class Signer : public ports::Signer {
 public:
  explicit Signer(Fault fault = {}) : fault_(std::move(fault)) {}

  // Gives the role a key, or takes it away.
  void set(ports::KeyRole role, std::optional<crypto::PrivateKey> key);
  // The Ed25519 key that a short name stands for: the same in every run.
  static crypto::PrivateKey key_of(std::string_view name);

  Result<std::optional<crypto::PublicKey>> public_key(ports::KeyRole role) override;
  Result<std::string> sign(const Context& context, ports::KeyRole role, std::string_view pae) override;

 private:
  Fault fault_;
  std::mutex mutex_;
  std::map<ports::KeyRole, crypto::PrivateKey> keys_;
};

}  // namespace pawl::memory
