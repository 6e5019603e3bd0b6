#include "tests/sim/person.h"

#include "crypto/key.h"

namespace pawl::sim {

std::optional<std::string> person_behind(const model::Configuration& configuration, const model::Actor& actor) {
  if (actor.issuer != "key" || actor.method != "signature") return std::nullopt;
  for (const model::Person& person : configuration.people) {
    for (const std::string& pem : person.keys) {
      Result<crypto::PublicKey> key = crypto::PublicKey::from_pem(pem);
      if (key.ok() && key->id() == actor.subject) return person.name.str();
    }
  }
  return std::nullopt;
}

}  // namespace pawl::sim
