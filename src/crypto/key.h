#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::crypto {

enum class KeyType : std::uint8_t { kEcdsaP256, kEd25519 };
std::string_view name_of(KeyType type);  // "ecdsa-p256", "ed25519"

// A key that verifies. Immutable, cheap to copy, thread-safe.
class PublicKey {
 public:
  // Reads a PEM SubjectPublicKeyInfo. Errors: kInvalid for other key types (RSA included), points off the curve and
  // Ed25519 points of small order.
  static Result<PublicKey> from_pem(std::string_view pem);
  static Result<PublicKey> from_der(std::string_view spki);
  static Result<PublicKey> ed25519(std::string_view raw32);

  KeyType type() const;
  std::string pem() const;
  const std::string& der() const;  // SubjectPublicKeyInfo
  std::string raw() const;         // Ed25519: 32 bytes; P-256: the uncompressed point
  std::string id() const;          // "sha256:" + hex of SHA-256 over der(); names the key everywhere
  // ECDSA: SHA-256 over `message`, signature in strict DER with r, s in range, (r, n-s) twins accepted as the standard
  // does; Ed25519: pure, S < L (RFC 8032). Returns false for everything malformed.
  bool verify(std::string_view message, std::string_view signature) const;
  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.der() == b.der(); }

 private:
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
  friend class PrivateKey;
};

// A key that signs. Immutable, cheap to copy, thread-safe; its memory is wiped when the last copy goes.
class PrivateKey {
 public:
  // A fresh key from the system's random numbers.
  static PrivateKey generate(KeyType type);
  // The Ed25519 key of a 32-byte seed; for logs' test keys and the simulator.
  static Result<PrivateKey> ed25519_from_seed(std::string_view seed32);
  // Reads PKCS#8 PEM, encrypted or not. Errors: kInvalid; kDenied when a passphrase is needed or wrong.
  static Result<PrivateKey> from_pem(std::string_view pem, std::string_view passphrase = {});
  // PKCS#8 PEM; encrypted (AES-256-CBC, PBKDF2) unless `passphrase` is empty.
  std::string pem(std::string_view passphrase = {}) const;

  KeyType type() const;
  const PublicKey& public_key() const;
  std::string sign(std::string_view message) const;

 private:
  struct State;
  explicit PrivateKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

// DSSE v1 pre-authentication encoding: "DSSEv1" SP len(type) SP type SP len(payload) SP payload.
std::string dsse_pae(std::string_view payload_type, std::string_view payload);

}  // namespace pawl::crypto
