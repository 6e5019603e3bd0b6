#include "engine/key_ring.h"

#include "engine/records.h"

namespace pawl::engine {

Result<KeyRing> KeyRing::of(World& world, const model::Configuration& configuration) {
  KeyRing out;
  for (const model::Person& person : configuration.people) {
    for (const std::string& pem : person.keys) {
      PAWL_ASSIGN(crypto::PublicKey key, crypto::PublicKey::from_pem(pem));
      out.add(key).person = person.name;
    }
  }
  std::set<std::string> roles = {"release", "checks"};
  for (const auto& [role, pems] : configuration.trust.roles) roles.insert(role);
  for (const std::string& role : roles) {
    PAWL_ASSIGN(std::vector<crypto::PublicKey> keys, trusted_keys(world, configuration.trust.roles, role));
    for (const crypto::PublicKey& key : keys) out.add(key).roles.insert(role);
  }
  return out;
}

plan::EvidenceSigner& KeyRing::add(const crypto::PublicKey& key) {
  auto [owner, fresh] = owners_.try_emplace(key.id());
  if (fresh) keys_.push_back(key);
  return owner->second;
}

plan::EvidenceSigner KeyRing::owner_of(const crypto::PublicKey& key) const {
  auto found = owners_.find(key.id());
  return found == owners_.end() ? plan::EvidenceSigner() : found->second;
}

}  // namespace pawl::engine
