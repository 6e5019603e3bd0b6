#pragma once

#include <span>
#include <string>
#include <string_view>

#include "crypto/digest.h"

namespace pawl::crypto {

// The SHA-256 of `prefix + message` for every message, 32 bytes each, one behind the other. Faster than one
// sha256() each: see sha_instructions.h.
std::string sha256_list(std::string_view prefix, std::span<const std::string_view> messages);

}  // namespace pawl::crypto
