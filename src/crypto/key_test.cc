#include "crypto/key.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/digest.h"

namespace pawl::crypto {
namespace {

class EveryType : public testing::TestWithParam<KeyType> {};

TEST_P(EveryType, SignsAndVerifies) {
  PrivateKey key = PrivateKey::generate(GetParam());
  std::string signature = key.sign("hello");
  EXPECT_TRUE(key.public_key().verify("hello", signature));
  EXPECT_FALSE(key.public_key().verify("hullo", signature));
  EXPECT_FALSE(PrivateKey::generate(GetParam()).public_key().verify("hello", signature));
}

TEST_P(EveryType, EveryFlippedBitOfASignatureIsRefused) {
  PrivateKey key = PrivateKey::generate(GetParam());
  std::string signature = key.sign("hello");
  for (std::size_t i = 0; i < signature.size() * 8; ++i) {
    std::string flipped = signature;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(key.public_key().verify("hello", flipped)) << "bit " << i;
  }
}

TEST_P(EveryType, S6_TrailingBytesAreRefused) {
  PrivateKey key = PrivateKey::generate(GetParam());
  EXPECT_FALSE(key.public_key().verify("hello", key.sign("hello") + std::string(1, '\0')));
}

TEST_P(EveryType, GoesThroughPem) {
  PrivateKey key = PrivateKey::generate(GetParam());
  PrivateKey again = PrivateKey::from_pem(key.pem()).value();
  EXPECT_TRUE(key.public_key() == again.public_key());
  EXPECT_EQ(PublicKey::from_pem(key.public_key().pem()).value().id(), key.public_key().id());
}

// The common form is read without OpenSSL's decoders; every other form that they take means the same key.
TEST_P(EveryType, PemMeansTheSameKeyInEveryForm) {
  PrivateKey key = PrivateKey::generate(GetParam());
  for (std::string pem : {key.pem(), "a comment\n" + key.pem(), key.pem() + "\n"}) {
    EXPECT_TRUE(PrivateKey::from_pem(pem).value().public_key() == key.public_key());
    EXPECT_EQ(PrivateKey::from_pem(pem).value().pem(), key.pem());
  }
  std::string pem = key.public_key().pem();
  for (std::string form : {pem, "a comment\n" + pem, pem + "\n"}) {
    EXPECT_EQ(PublicKey::from_pem(form).value().der(), key.public_key().der());
  }
  EXPECT_FALSE(PublicKey::from_pem(key.pem()).ok());
  EXPECT_FALSE(PrivateKey::from_pem(pem).ok());
  EXPECT_FALSE(PublicKey::from_der(key.public_key().der() + "x").ok());
}

TEST_P(EveryType, EncryptedPemOpensWithItsPassphraseOnly) {
  PrivateKey key = PrivateKey::generate(GetParam());
  std::string pem = key.pem("correct horse");
  EXPECT_NE(pem.find("ENCRYPTED"), std::string::npos);
  EXPECT_TRUE(PrivateKey::from_pem(pem, "correct horse").ok());
  EXPECT_EQ(PrivateKey::from_pem(pem, "wrong").error().code, ErrorCode::kDenied);
  EXPECT_EQ(PrivateKey::from_pem(pem).error().code, ErrorCode::kDenied);
}

INSTANTIATE_TEST_SUITE_P(Types, EveryType, testing::Values(KeyType::kEcdsaP256, KeyType::kEd25519),
                         [](const auto& p) { return p.param == KeyType::kEd25519 ? "Ed25519" : "P256"; });

TEST(PublicKey, S6_SmallOrderPointsAreRefused) {
  for (std::string hex : {"0000000000000000000000000000000000000000000000000000000000000000",
                          "0100000000000000000000000000000000000000000000000000000000000000",
                          "0100000000000000000000000000000000000000000000000000000000000080",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    EXPECT_FALSE(PublicKey::ed25519(from_hex(hex).value()).ok()) << hex;
  }
}

TEST(PublicKey, S6_OtherKeyTypesAreRefused) {
  // P-384.
  std::string pem =
      "-----BEGIN PUBLIC KEY-----\n"
      "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEqofKIr6LBTeOscce8yCtdG4dO2KLp5uY\n"
      "WfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3NhfeSpYmLG9dnpi/kpLcKfj0Hb0omhR8\n"
      "6doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f\n"
      "-----END PUBLIC KEY-----\n";
  EXPECT_EQ(PublicKey::from_pem(pem).error().code, ErrorCode::kInvalid);
}

TEST(Digest, A4_MalformedDigestsAreRefused) {
  std::string hex(64, 'a');
  EXPECT_TRUE(Digest::parse("sha256:" + hex).ok());
  std::string upper(64, 'A');
  for (std::string text : {"sha256:../../x", "", "sha256:", "sha1:", "md5:abc"})
    EXPECT_FALSE(Digest::parse(text).ok()) << text;
  EXPECT_FALSE(Digest::parse("sha256:" + upper).ok());
  EXPECT_FALSE(Digest::parse("sha512:" + hex).ok());
  EXPECT_FALSE(Digest::parse("sha256:" + hex + "a").ok());
  EXPECT_FALSE(Digest::parse("sha256:" + hex.substr(1)).ok());
}

TEST(Digest, KnownAnswer) {
  EXPECT_EQ(sha256("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("a", "bc"), sha256("abc"));
  EXPECT_EQ(Hasher().update("a").update("bc").finish(), sha256("abc"));
}

TEST(Dsse, ExampleOfTheSpecification) {
  EXPECT_EQ(dsse_pae("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

}  // namespace
}  // namespace pawl::crypto
