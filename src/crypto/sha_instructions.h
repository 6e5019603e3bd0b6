#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace pawl::crypto {

// SHA-256 by the processor's own instructions (x86), two messages side by side: each round waits for the one before it,
// and the other message's rounds fill the wait.

// Whether this processor has them. Where it has not, compress_pair() must not be called.
bool has_sha_instructions();

// The eight words of a hash that is under way, in the order FIPS 180-4 names them.
using ShaState = std::array<std::uint32_t, 8>;
inline constexpr ShaState kShaStart = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
inline constexpr std::size_t kShaBlock = 64;

// One message's share of a call: `state` takes in the blocks at `blocks`.
struct ShaLane {
  ShaState* state;
  const char* blocks;
};
// Takes in `count` blocks of both messages.
void compress_pair(ShaLane a, ShaLane b, std::size_t count);

}  // namespace pawl::crypto
