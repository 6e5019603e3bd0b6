#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/model/configuration.h"
#include "core/plan/evidence.h"
#include "engine/world.h"

namespace pawl::engine {

// Every key that may sign evidence now, and whose it is: persons' keys, and those that `trust` gives to roles.
class KeyRing {
 public:
  // The roles "release" and "checks" have this store's own release key where the configuration names no other.
  static Result<KeyRing> of(World& world, const model::Configuration& configuration);

  const std::vector<crypto::PublicKey>& keys() const { return keys_; }
  // Whose key it is; nobody's for one that is not on the ring.
  plan::EvidenceSigner owner_of(const crypto::PublicKey& key) const;

 private:
  plan::EvidenceSigner& add(const crypto::PublicKey& key);

  std::vector<crypto::PublicKey> keys_;
  std::map<std::string, plan::EvidenceSigner> owners_;  // by the key's id
};

}  // namespace pawl::engine
