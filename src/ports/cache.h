#pragma once

#include <optional>
#include <string_view>

#include "base/pieces.h"
#include "crypto/digest.h"

namespace pawl::ports {

// Bytes that are kept to save work. They may be gone or spoilt at any time: whoever reads them checks them, and does
// the work where they do not help. So nothing here fails. Thread-safe.
class Cache {
 public:
  virtual ~Cache() = default;
  // What was last put under `key`; nullopt where nothing is to be had.
  virtual std::optional<SharedBytes> get(const crypto::Digest& key) = 0;
  // Keeps `bytes` in place of what was there, or does not.
  virtual void put(const crypto::Digest& key, std::string_view bytes) = 0;
};

}  // namespace pawl::ports
