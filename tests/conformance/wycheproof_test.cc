#include "base/encoding.h"
#include "crypto/key.h"
#include "format/json.h"
#include "tests/support/shared.h"

// C2SP Wycheproof: signatures that verifiers have got wrong.

namespace pawl {
namespace {

using format::Value;
using testing_support::read_shared;

struct Tally {
  std::size_t valid = 0;
  std::size_t invalid = 0;
};

// Checks every case of a group's key. A key that is refused verifies nothing.
void check_group(const Value& group, const Result<crypto::PublicKey>& key, Tally& tally) {
  for (const Value& one : group.find("tests")->items()) {
    std::string message = from_hex(one.string_at("msg")).value();
    std::string signature = from_hex(one.string_at("sig")).value();
    bool verified = key.ok() && key->verify(message, signature);
    std::string_view wanted = one.string_at("result");
    ASSERT_NE(wanted, "acceptable") << "decide and name it: tcId " << one.find("tcId")->as_int();
    EXPECT_EQ(verified, wanted == "valid") << "tcId " << one.find("tcId")->as_int() << " " << one.string_at("comment");
    ++(wanted == "valid" ? tally.valid : tally.invalid);
  }
}

TEST(Wycheproof, S6_EcdsaP256Sha256) {
  PAWL_NEEDS_SHARED("vectors/wycheproof/ecdsa_secp256r1_sha256_test.json");
  format::Document file =
      format::parse_json_document(read_shared("vectors/wycheproof/ecdsa_secp256r1_sha256_test.json")).value();
  Tally tally;
  for (const Value& group : file.root.find("testGroups")->items()) {
    check_group(group, crypto::PublicKey::from_pem(group.string_at("publicKeyPem")), tally);
  }
  EXPECT_GT(tally.valid, 100u);
  EXPECT_GT(tally.invalid, 100u);
}

TEST(Wycheproof, S6_Ed25519) {
  PAWL_NEEDS_SHARED("vectors/wycheproof/ed25519_test.json");
  format::Document file = format::parse_json_document(read_shared("vectors/wycheproof/ed25519_test.json")).value();
  Tally tally;
  for (const Value& group : file.root.find("testGroups")->items()) {
    std::string raw = from_hex(group.find("publicKey")->string_at("pk")).value();
    check_group(group, crypto::PublicKey::ed25519(raw), tally);
  }
  EXPECT_GT(tally.valid, 50u);
  EXPECT_GT(tally.invalid, 50u);
}

}  // namespace
}  // namespace pawl
