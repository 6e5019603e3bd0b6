#pragma once

#include <optional>
#include <string>

#include "core/model/names.h"
#include "crypto/digest.h"
#include "engine/world.h"

namespace pawl::engine {

// What a caller asks for, as it is signed and kept.
struct Asked {
  std::string verb;         // "promote", "hold"
  std::string environment;  // "" where the verb is about none
  crypto::Digest subject;   // the bundle, release or configuration that it is about; its document is stored
  std::string reason;
  std::optional<crypto::Digest> plan = std::nullopt;
  std::optional<std::uint64_t> promotion = std::nullopt;
  std::optional<Time> until = std::nullopt;
};

// Signs the request with the caller's own key and attaches it to its subject. Returns the record's manifest, nullopt
// for a caller without a key.
Result<std::optional<crypto::Digest>> sign_request(World& world, const Context& context,
                                                   const model::ProjectName& project, const Asked& asked);

}  // namespace pawl::engine
