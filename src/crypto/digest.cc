// EVP looks its algorithm up on every call, which costs several times the hash of a short ledger entry.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/digest.h"

#include <openssl/sha.h>

#include <cstring>

#include "base/encoding.h"

namespace pawl::crypto {

namespace {

constexpr std::string_view kPrefix = "sha256:";

Digest finish(SHA256_CTX& context) {
  std::array<std::uint8_t, Digest::kSize> out;
  SHA256_Final(out.data(), &context);
  return Digest(out);
}

}  // namespace

Result<Digest> Digest::parse(std::string_view text) {
  Error bad(ErrorCode::kInvalid, "\"" + std::string(text.substr(0, 80)) + "\" is not a digest",
            "a digest is sha256: and 64 lower-case hexadecimal digits");
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + 2 * kSize) return bad;
  Result<std::string> bytes = from_hex(text.substr(kPrefix.size()));
  if (!bytes) return bad;
  return from_bytes(*bytes);
}

Digest Digest::from_bytes(std::string_view bytes) {
  check(bytes.size() == kSize, "a digest has 32 bytes");
  std::array<std::uint8_t, kSize> out;
  std::memcpy(out.data(), bytes.data(), kSize);
  return Digest(out);
}

std::string Digest::hex() const { return to_hex(bytes()); }

std::string Digest::brief() const { return std::string(kPrefix) + hex().substr(0, 12); }

Digest sha256(std::string_view bytes) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  return finish(context);
}

Digest sha256(std::string_view a, std::string_view b) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, a.data(), a.size());
  SHA256_Update(&context, b.data(), b.size());
  return finish(context);
}

static_assert(sizeof(SHA256_CTX) <= 128);

namespace {

SHA256_CTX* context_of(std::array<std::uint8_t, 128>& state) { return reinterpret_cast<SHA256_CTX*>(state.data()); }

}  // namespace

Hasher::Hasher() : state_{} { SHA256_Init(context_of(state_)); }

Hasher& Hasher::update(std::string_view bytes) {
  SHA256_Update(context_of(state_), bytes.data(), bytes.size());
  return *this;
}

Digest Hasher::finish() { return crypto::finish(*context_of(state_)); }

}  // namespace pawl::crypto
