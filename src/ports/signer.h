#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "crypto/key.h"

namespace pawl::ports {

// What a key is for. The ledger's key signs checkpoints inside the store; it is not here.
enum class KeyRole : std::uint8_t { kRelease, kPersonal };

// Keys that sign on behalf of this store or of the person at the keyboard.
class Signer {
 public:
  virtual ~Signer() = default;
  // nullopt when there is no key of that role (a personal key is optional).
  virtual Result<std::optional<crypto::PublicKey>> public_key(KeyRole role) = 0;
  // Signs the DSSE PAE. Errors: kNotFound no key, kDenied locked (a passphrase is needed).
  virtual Result<std::string> sign(const Context& context, KeyRole role, std::string_view pae) = 0;
};

}  // namespace pawl::ports
