#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::crypto {

// A SHA-256 digest. There is no empty one: a Digest was parsed or computed.
class Digest {
 public:
  static constexpr std::size_t kSize = 32;

  // Reads "sha256:" and 64 lower-case hexadecimal digits. Errors: kInvalid for anything else, other algorithms
  // included.
  static Result<Digest> parse(std::string_view text);
  // `bytes` must be 32 long.
  static Digest from_bytes(std::string_view bytes);
  explicit constexpr Digest(const std::array<std::uint8_t, kSize>& bytes) : bytes_(bytes) {}

  std::string hex() const;
  std::string str() const { return "sha256:" + hex(); }
  // "sha256:51c0..." for people, 12 hexadecimal digits.
  std::string brief() const;
  std::string_view bytes() const { return {reinterpret_cast<const char*>(bytes_.data()), kSize}; }
  auto operator<=>(const Digest&) const = default;

 private:
  std::array<std::uint8_t, kSize> bytes_;
};

Digest sha256(std::string_view bytes);
// As sha256(a + b), without the copy.
Digest sha256(std::string_view a, std::string_view b);

// SHA-256 over bytes that arrive in pieces.
class Hasher {
 public:
  Hasher();
  Hasher& update(std::string_view bytes);
  // Call once.
  Digest finish();

 private:
  // SHA256_CTX, kept opaque so that no OpenSSL header is seen here.
  alignas(8) std::array<std::uint8_t, 128> state_;
};

}  // namespace pawl::crypto
