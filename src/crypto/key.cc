#include "crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cstring>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace pawl::crypto {

namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Pkey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;

constexpr std::size_t kEd25519Size = 32;
constexpr std::size_t kPemBytes = 64 << 10;

// An Ed25519 key's SubjectPublicKeyInfo and PKCS#8 are these bytes and the key (RFC 8410). They are written and read
// here: OpenSSL's encoders and decoders first look up every algorithm there is, which takes longer than all the rest of
// a short command. What does not have exactly this form is left to OpenSSL.
constexpr std::string_view kEd25519Spki("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr std::string_view kEd25519Pkcs8("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Bio memory(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

std::string contents(BIO* bio) {
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

// The Ed25519 key in `der`, which begins with `prefix`; "" when it is anything else.
std::string_view ed25519_in(std::string_view der, std::string_view prefix) {
  bool is_one = der.starts_with(prefix) && der.size() == prefix.size() + kEd25519Size;
  return is_one ? der.substr(prefix.size()) : std::string_view();
}

// What a PEM block of one line holds; "" for everything that is not exactly one such block.
std::string der_in_pem(std::string_view pem, const std::string& label) {
  std::string begin = "-----BEGIN " + label + "-----\n";
  std::string end = "\n-----END " + label + "-----\n";
  bool framed = pem.size() > begin.size() + end.size() && pem.starts_with(begin) && pem.ends_with(end);
  if (!framed) return {};
  Result<std::string> der = from_base64(pem.substr(begin.size(), pem.size() - begin.size() - end.size()));
  return der ? std::move(*der) : std::string();
}

std::string encoded_der_of(EVP_PKEY* key) {
  unsigned char* out = nullptr;
  int size = i2d_PUBKEY(key, &out);
  check(size > 0, "a public key has a DER form");
  std::string der(reinterpret_cast<char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return der;
}

std::optional<KeyType> type_of(EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) return KeyType::kEd25519;
  std::array<char, 64> group{};
  std::size_t length = 0;
  bool is_ec =
      EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
      EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(), &length) == 1;
  if (is_ec && std::string_view(group.data()) == "prime256v1") return KeyType::kEcdsaP256;
  return std::nullopt;
}

Error unsupported() {
  return Error(ErrorCode::kInvalid, "the key is neither ECDSA P-256 nor Ed25519", "make one with: pawl key new FILE");
}

// The encodings of the eight Ed25519 points of small order, canonical and not, without the sign bit (RFC 8032 and
// "Taming the many EdDSAs", table 1). A signature under such a key says nothing about who made it.
bool has_small_order(std::string_view raw) {
  static constexpr std::array<std::string_view, 7> kPoints = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
  std::string bytes(raw);
  bytes[31] = static_cast<char>(bytes[31] & 0x7F);
  std::string hex = Digest::from_bytes(bytes).hex();
  for (std::string_view point : kPoints) {
    if (point == hex) return true;
  }
  return false;
}

// "" for the point at infinity, which has no coordinates.
std::string raw_of(EVP_PKEY* key, KeyType type) {
  std::array<unsigned char, 128> buffer{};
  std::size_t size = buffer.size();
  bool ok = type == KeyType::kEd25519 ? EVP_PKEY_get_raw_public_key(key, buffer.data(), &size) == 1
                                      : EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, buffer.data(),
                                                                        buffer.size(), &size) == 1;
  constexpr std::size_t kInfinity = 1;
  if (!ok || size == kInfinity) return {};
  return {reinterpret_cast<char*>(buffer.data()), size};
}

// Whether `signature` is the one DER form of its (r, s): OpenSSL itself tolerates trailing bytes and long lengths.
bool is_strict_der(std::string_view signature) {
  const unsigned char* at = bytes_of(signature);
  EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature.size())));
  if (!parsed) return false;
  unsigned char* out = nullptr;
  int size = i2d_ECDSA_SIG(parsed.get(), &out);
  bool same = size == static_cast<int>(signature.size()) && std::memcmp(out, signature.data(), signature.size()) == 0;
  OPENSSL_free(out);
  return same;
}

}  // namespace

std::string_view name_of(KeyType type) {
  switch (type) {
    case KeyType::kEcdsaP256:
      return "ecdsa-p256";
    case KeyType::kEd25519:
      return "ed25519";
  }
  return "";
}

struct PublicKey::State {
  Pkey key;
  KeyType type;
  std::string der;
  std::string raw;

  static Result<std::shared_ptr<const State>> of(Pkey key) {
    std::optional<KeyType> type = key ? type_of(key.get()) : std::nullopt;
    if (!type) return unsupported();
    std::string raw = raw_of(key.get(), *type);
    if (raw.empty()) return Error(ErrorCode::kInvalid, "the key is the point at infinity");
    if (*type == KeyType::kEd25519 && has_small_order(raw)) {
      return Error(ErrorCode::kInvalid, "the Ed25519 key is a point of small order");
    }
    std::string der = *type == KeyType::kEd25519 ? std::string(kEd25519Spki) + raw : encoded_der_of(key.get());
    return std::shared_ptr<const State>(new State{std::move(key), *type, std::move(der), std::move(raw)});
  }
};

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
  if (pem.size() > kPemBytes) return Error(ErrorCode::kInvalid, "a public key of more than 64 KiB");
  std::string der = der_in_pem(pem, "PUBLIC KEY");
  if (std::string_view raw = ed25519_in(der, kEd25519Spki); !raw.empty()) return ed25519(raw);
  Bio bio = memory(pem);
  Pkey key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (!key) return Error(ErrorCode::kInvalid, "not a public key in PEM (-----BEGIN PUBLIC KEY-----)");
  PAWL_ASSIGN(std::shared_ptr<const State> state, State::of(std::move(key)));
  return PublicKey(std::move(state));
}

Result<PublicKey> PublicKey::from_der(std::string_view spki) {
  if (std::string_view raw = ed25519_in(spki, kEd25519Spki); !raw.empty()) return ed25519(raw);
  const unsigned char* at = bytes_of(spki);
  Pkey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  bool whole = key && at == bytes_of(spki) + spki.size();
  if (!whole) return Error(ErrorCode::kInvalid, "not a public key in DER");
  PAWL_ASSIGN(std::shared_ptr<const State> state, State::of(std::move(key)));
  return PublicKey(std::move(state));
}

Result<PublicKey> PublicKey::ed25519(std::string_view raw32) {
  if (raw32.size() != kEd25519Size) return Error(ErrorCode::kInvalid, "an Ed25519 key has 32 bytes");
  Pkey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(raw32), raw32.size()));
  PAWL_ASSIGN(std::shared_ptr<const State> state, State::of(std::move(key)));
  return PublicKey(std::move(state));
}

KeyType PublicKey::type() const { return state_->type; }
const std::string& PublicKey::der() const { return state_->der; }
std::string PublicKey::raw() const { return state_->raw; }
std::string PublicKey::id() const { return sha256(state_->der).str(); }

std::string PublicKey::pem() const {
  Bio bio(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_PUBKEY(bio.get(), state_->key.get()) == 1, "a public key has a PEM form");
  return contents(bio.get());
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
  bool ecdsa = state_->type == KeyType::kEcdsaP256;
  if (ecdsa && !is_strict_der(signature)) return false;
  Context context(EVP_MD_CTX_new());
  const EVP_MD* hash = ecdsa ? EVP_sha256() : nullptr;
  if (EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, state_->key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
}

struct PrivateKey::State {
  Pkey key;
  PublicKey public_key;
};

namespace {

Result<PublicKey> public_of(EVP_PKEY* key) {
  bool is_ed25519 = type_of(key) == KeyType::kEd25519;
  return is_ed25519 ? PublicKey::ed25519(raw_of(key, KeyType::kEd25519)) : PublicKey::from_der(encoded_der_of(key));
}

}  // namespace

PrivateKey PrivateKey::generate(KeyType type) {
  Pkey key(type == KeyType::kEd25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                     : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  check(key != nullptr, "the system gives random numbers");
  PublicKey public_key = public_of(key.get()).value();
  return PrivateKey(std::shared_ptr<const State>(new State{std::move(key), std::move(public_key)}));
}

Result<PrivateKey> PrivateKey::ed25519_from_seed(std::string_view seed32) {
  if (seed32.size() != kEd25519Size) return Error(ErrorCode::kInvalid, "an Ed25519 seed has 32 bytes");
  Pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed32), seed32.size()));
  check(key != nullptr, "every seed makes a key");
  PAWL_ASSIGN(PublicKey public_key, public_of(key.get()));
  return PrivateKey(std::shared_ptr<const State>(new State{std::move(key), std::move(public_key)}));
}

namespace {

// What OpenSSL asks for a passphrase; it must never turn to the terminal itself.
struct Passphrase {
  std::string_view text;
  bool asked = false;
};

int give_passphrase(char* buffer, int size, int, void* data) {
  auto* passphrase = static_cast<Passphrase*>(data);
  passphrase->asked = true;
  if (passphrase->text.empty() || passphrase->text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, passphrase->text.data(), passphrase->text.size());
  return static_cast<int>(passphrase->text.size());
}

}  // namespace

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, std::string_view passphrase) {
  if (pem.size() > kPemBytes) return Error(ErrorCode::kInvalid, "a private key of more than 64 KiB");
  std::string der = der_in_pem(pem, "PRIVATE KEY");
  if (std::string_view seed = ed25519_in(der, kEd25519Pkcs8); !seed.empty()) {
    Result<PrivateKey> key = ed25519_from_seed(seed);
    OPENSSL_cleanse(der.data(), der.size());
    return key;
  }
  Bio bio = memory(pem);
  Passphrase given{passphrase};
  Pkey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &given));
  if (!key && given.asked) {
    return Error(ErrorCode::kDenied,
                 passphrase.empty() ? "the key is encrypted and no passphrase was given"
                                    : "the passphrase does not open the key",
                 "give it by PAWL_KEY_PASSPHRASE_FILE");
  }
  if (!key) return Error(ErrorCode::kInvalid, "not a private key in PEM (PKCS#8)");
  PAWL_ASSIGN(PublicKey public_key, public_of(key.get()));
  return PrivateKey(std::shared_ptr<const State>(new State{std::move(key), std::move(public_key)}));
}

std::string PrivateKey::pem(std::string_view passphrase) const {
  Bio bio(BIO_new(BIO_s_secmem()));
  const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  const char* text = passphrase.empty() ? nullptr : passphrase.data();
  int ok = PEM_write_bio_PKCS8PrivateKey(bio.get(), state_->key.get(), cipher, text,
                                         static_cast<int>(passphrase.size()), nullptr, nullptr);
  check(ok == 1, "a private key has a PEM form");
  return contents(bio.get());
}

KeyType PrivateKey::type() const { return state_->public_key.type(); }
const PublicKey& PrivateKey::public_key() const { return state_->public_key; }

std::string PrivateKey::sign(std::string_view message) const {
  Context context(EVP_MD_CTX_new());
  const EVP_MD* hash = type() == KeyType::kEcdsaP256 ? EVP_sha256() : nullptr;
  check(EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, state_->key.get()) == 1, "a private key can sign");
  std::array<unsigned char, 256> buffer{};
  std::size_t size = buffer.size();
  int ok = EVP_DigestSign(context.get(), buffer.data(), &size, bytes_of(message), message.size());
  check(ok == 1, "a private key can sign");
  return {reinterpret_cast<char*>(buffer.data()), size};
}

}  // namespace pawl::crypto
