// Keys and signatures as an attacker would send them: row S6. Published vectors are in tests/conformance.
#include <gtest/gtest.h>
#include <openssl/bn.h>

#include "base/encoding.h"
#include "crypto/key.h"

namespace pawl::crypto {
namespace {

ErrorCode code_of(const std::string& der_hex) {
  Result<PublicKey> key = PublicKey::from_der(from_hex(der_hex).value());
  EXPECT_FALSE(key.ok());
  return key.ok() ? ErrorCode::kNo : key.error().code;
}

const std::string kP256 =
    "3059301306072a8648ce3d020106082a8648ce3d030107034200049e22a2f1defbe5db3b2ff637806cbdab5f03826c0e"
    "79adff4a0cd09bed9e3c3992a547213a7c94928d5be07eb51a25a5c675ccb9a8a2a1f573880aa326284190";

TEST(KeyAttack, S6_RsaAndOtherCurvesAreRefusedWhateverTheirSize) {
  ASSERT_TRUE(PublicKey::from_der(from_hex(kP256).value()).ok());
  const std::string rsa1024 =
      "30819f300d06092a864886f70d010101050003818d00308189028181009cd80cd1a3255d9477774428f8b7ec65dd6653"
      "c2e82016bbcb5a32bbeb91ef9317b2c979fb2a182a884d21cdaf3e4665ebc1b7be30e8deae69aef1cec235312df400f9"
      "fd6a5b8bb9d1f0948054000f823f4fed14bca65aa38e582781dd5fa38813ad514973e5f229de72347429b19a16b8beeb"
      "c13880bf16b67def34dbf02bbb0203010001";
  const std::string rsa2048 =
      "30820122300d06092a864886f70d01010105000382010f003082010a0282010100c54604ee7c8b1dff6d15cd1465114f"
      "0b9613852789ba31f9c8a3e1517cb5b35b9d6697dd14fbb136f3c090af1151fd7b3e9ed9f21c99fdc819dee8d00aefc9"
      "ed5fb17e5b3ef4e8726f736728165d2d763fe8d173c405baab5970c91cc21ed6afa25228399258ca01f6ed18c2f74a87"
      "20d6cc7ff27c673b1e27fd14dee05fe6c5b6ef356e94860f94d016317c110a2f54e713c3545cadef45ec588df50ea8d0"
      "bc3cdffb9914e310a77f00329865b1dd2ef31026022c9236dcd3a3448af2bd0edf2de7c81fd742db3a2beaaed9453408"
      "83501ad971f84d79baa6391736e33036d725e08b1a37e4f59d901abc7224d31caa6cf9c8818e274a14e158ec71e73fda"
      "470203010001";
  const std::string p384 =
      "3076301006072a8648ce3d020106052b8104002203620004ead5d35225e2e147c77945982f91df9c60003941c3f11554"
      "c18eda8a098a8f5534d1e7d402e8ced951715ec1d5eea555c38f1743ac55137f35cc1a1c44b728030e08abf8c5a5058d"
      "8045e31bba1439a3f48062d4c3d5821f168438acadca74fd";
  const std::string secp256k1 =
      "3056301006072a8648ce3d020106052b8104000a034200041cb2b890ee0a744011509fa78795f0dd995df6bb6dfcd10a"
      "f11f386510541e1c463c6fd37dea989e2d40853d4c6a084ba133883a8b8b65331821eaa2a43f4efa";
  for (const std::string& der : {rsa1024, rsa2048, p384, secp256k1}) EXPECT_EQ(code_of(der), ErrorCode::kInvalid);
}

TEST(KeyAttack, S6_PointsOffTheCurveAndAtInfinityAreRefused) {
  std::string off = kP256;
  off.back() = off.back() == '0' ? '1' : '0';
  EXPECT_EQ(code_of(off), ErrorCode::kInvalid);
  std::string zero = kP256.substr(0, 54) + std::string(128, '0');
  EXPECT_EQ(code_of(zero), ErrorCode::kInvalid);
  EXPECT_EQ(code_of("3019301306072a8648ce3d020106082a8648ce3d03010703020000"), ErrorCode::kInvalid) << "infinity";
}

TEST(KeyAttack, S6_EncodingsOfAKeyWithSomethingBehindOrMissingAreRefused) {
  EXPECT_EQ(code_of(kP256 + "00"), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(kP256.substr(0, kP256.size() - 2)), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(""), ErrorCode::kInvalid);
  for (std::size_t size : {0u, 31u, 33u, 64u}) EXPECT_FALSE(PublicKey::ed25519(std::string(size, 'x')).ok()) << size;
}

// A certificate has dates and an issuer; nobody here judges them, so it is not taken for the key inside.
TEST(KeyAttack, S6_ACertificateIsNoKeyNeitherExpiredNorValid) {
  const std::string certificate =
      "-----BEGIN CERTIFICATE-----\n"
      "MIIBbTCCAROgAwIBAgIUX6TaJqtsbQgKbNJtCZCYx0v7u0UwCgYIKoZIzj0EAwIw\n"
      "DDEKMAgGA1UEAwwBeDAeFw0yNjExMjYxMjU0MDZaFw0yNjExMjcxMjU0MDZaMAwx\n"
      "CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASeIqLx3vvl2zsv\n"
      "9jeAbL2rXwOCbA55rf9KDNCb7Z48OZKlRyE6fJSSjVvgfrUaJaXGdcy5qKKh9XOI\n"
      "CqMmKEGQo1MwUTAdBgNVHQ4EFgQUQHrUsvE1vYEGIvhgDMrq1koLKVcwHwYDVR0j\n"
      "BBgwFoAUQHrUsvE1vYEGIvhgDMrq1koLKVcwDwYDVR0TAQH/BAUwAwEB/zAKBggq\n"
      "hkjOPQQDAgNIADBFAiEA6FcDzMLd1cz/b+CCkLkHFKIREsdH57sQpu0VYQBjHegC\n"
      "IDUgqXBR0F3I7d5+plh54Gl51KqTArTKazvuhbpz8J71\n"
      "-----END CERTIFICATE-----\n";
  EXPECT_EQ(PublicKey::from_pem(certificate).error().code, ErrorCode::kInvalid);
}

// r and s of a strict DER signature.
struct Pair {
  std::string r;
  std::string s;
};
Pair pair_of(const std::string& der) {
  auto size = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(der[at])); };
  std::size_t r = size(3);
  return {der.substr(4, r), der.substr(6 + r, size(5 + r))};
}

std::string integer(std::string bytes) {
  while (bytes.size() > 1 && bytes[0] == '\0') bytes.erase(0, 1);
  if ((static_cast<unsigned char>(bytes[0]) & 0x80) != 0) bytes.insert(0, 1, '\0');
  return "\x02" + std::string(1, static_cast<char>(bytes.size())) + bytes;
}
std::string sequence(const std::string& body) { return "\x30" + std::string(1, static_cast<char>(body.size())) + body; }

// The order of P-256 minus s.
std::string negated(const std::string& s) {
  BIGNUM* order = nullptr;
  BN_hex2bn(&order, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
  BIGNUM* number = BN_bin2bn(reinterpret_cast<const unsigned char*>(s.data()), static_cast<int>(s.size()), nullptr);
  BN_sub(number, order, number);
  std::string out(32, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), 32);
  BN_free(order);
  BN_free(number);
  return out;
}

// FIPS 186-5 gives both (r, s) and (r, n-s) as signatures; records are named by their own digests, so that a twin is
// another record by the same key about the same thing, and proves nothing more.
TEST(KeyAttack, S6_TheTwinOfAnEcdsaSignatureVerifiesAndAnyOtherPairDoesNot) {
  PrivateKey key = PrivateKey::generate(KeyType::kEcdsaP256);
  Pair pair = pair_of(key.sign("hello"));
  EXPECT_TRUE(key.public_key().verify("hello", sequence(integer(pair.r) + integer(negated(pair.s)))));
  EXPECT_FALSE(key.public_key().verify("hello", sequence(integer(negated(pair.r)) + integer(pair.s))));
  EXPECT_FALSE(key.public_key().verify("hello", sequence(integer(pair.s) + integer(pair.r))));
  std::string zero(1, '\0');
  EXPECT_FALSE(key.public_key().verify("hello", sequence(integer(zero) + integer(zero))));
  EXPECT_FALSE(key.public_key().verify("hello", sequence(integer(pair.r) + integer(zero))));
}

TEST(KeyAttack, S6_OtherEncodingsOfAGoodPairAreRefused) {
  PrivateKey key = PrivateKey::generate(KeyType::kEcdsaP256);
  Pair pair = pair_of(key.sign("hello"));
  std::string body = integer(pair.r) + integer(pair.s);
  ASSERT_TRUE(key.public_key().verify("hello", sequence(body)));
  std::string size(1, static_cast<char>(body.size()));
  EXPECT_FALSE(key.public_key().verify("hello", "\x30\x81" + size + body)) << "a length in its long form";
  EXPECT_FALSE(key.public_key().verify("hello", "\x30\x80" + body + std::string(2, '\0'))) << "an open length";
  std::string padded = "\x02" + std::string(1, static_cast<char>(pair.r.size() + 1)) + std::string(1, '\0') + pair.r;
  EXPECT_FALSE(key.public_key().verify("hello", sequence(padded + integer(pair.s)))) << "a zero too many";
  EXPECT_FALSE(key.public_key().verify("hello", sequence(body) + std::string(1, '\0'))) << "something behind it";
  EXPECT_FALSE(key.public_key().verify("hello", sequence(body + integer("\x01")))) << "a third number";
}

TEST(KeyAttack, S6_AnEd25519SignatureWhoseSIsNotReducedIsRefused) {
  PrivateKey key = PrivateKey::generate(KeyType::kEd25519);
  std::string signature = key.sign("hello");
  // S + L, little-endian: the same point, another encoding.
  std::string order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    unsigned sum = static_cast<unsigned char>(signature[32 + i]) + static_cast<unsigned char>(order[i]) + carry;
    signature[32 + i] = static_cast<char>(sum & 0xff);
    carry = sum >> 8;
  }
  EXPECT_FALSE(key.public_key().verify("hello", signature));
}

}  // namespace
}  // namespace pawl::crypto
