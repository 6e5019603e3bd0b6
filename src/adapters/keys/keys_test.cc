#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "adapters/keys/key_file.h"
#include "adapters/keys/passphrase.h"
#include "adapters/keys/signer.h"
#include "adapters/keys/store_keys.h"
#include "os/file.h"
#include "os/permissions.h"

namespace pawl::keys {
namespace {

class Keys : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = os::make_temporary_folder(std::filesystem::temp_directory_path().string(), "pawl-keys-").value();
    clear_environment();
  }
  void TearDown() override {
    clear_environment();
    static_cast<void>(os::remove_tree(folder_));
  }
  static void clear_environment() {
    for (const char* name : {"PAWL_KEY", "PAWL_KEY_PASSPHRASE", "PAWL_KEY_PASSPHRASE_FILE", "PAWL_KEY_PASSPHRASE_FD"}) {
      ::unsetenv(name);
    }
  }
  std::string operator/(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
};

TEST_F(Keys, InitMakesKeysThatOnlyTheOwnerReads) {
  std::string folder = *this / "keys";
  ASSERT_TRUE(init_keys(folder));
  EXPECT_EQ(os::permissions(folder).value(), 0700u);
  EXPECT_EQ(os::permissions(folder + "/ledger.pem").value(), 0600u);
  EXPECT_EQ(os::permissions(folder + "/release.pem").value(), 0600u);
  merkle::NoteSigner signer = load_ledger_signer(folder).value();
  EXPECT_TRUE(signer.name.starts_with("pawl.local/"));
  EXPECT_EQ(signer.name.size(), 11u + 16u);
  EXPECT_EQ(os::read_file(folder + "/ledger.vkey").value(), signer.verifier().vkey() + "\n");
  EXPECT_EQ(load_ledger_verifier(folder).value().key, signer.key.public_key());
  EXPECT_EQ(signer.key.type(), crypto::KeyType::kEd25519);
}

TEST_F(Keys, InitAgainKeepsWhatIsThere) {
  ASSERT_TRUE(init_keys(*this / "keys"));
  std::string ledger = os::read_file(*this / "keys/ledger.pem").value();
  std::string vkey = os::read_file(*this / "keys/ledger.vkey").value();
  ASSERT_TRUE(init_keys(*this / "keys"));
  EXPECT_EQ(os::read_file(*this / "keys/ledger.pem").value(), ledger);
  EXPECT_EQ(os::read_file(*this / "keys/ledger.vkey").value(), vkey);
}

TEST_F(Keys, TwoStoresHaveTwoLogNames) {
  ASSERT_TRUE(init_keys(*this / "a"));
  ASSERT_TRUE(init_keys(*this / "b"));
  EXPECT_NE(load_ledger_verifier(*this / "a").value().name, load_ledger_verifier(*this / "b").value().name);
}

TEST_F(Keys, AMissingLedgerKeySaysWhatToDo) {
  Result<merkle::NoteSigner> signer = load_ledger_signer(*this / "nowhere");
  ASSERT_FALSE(signer);
  EXPECT_EQ(signer.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(signer.error().hint, "pawl init");
}

TEST_F(Keys, AVkeyOfAnotherKeyIsRefused) {
  ASSERT_TRUE(init_keys(*this / "a"));
  ASSERT_TRUE(init_keys(*this / "b"));
  ASSERT_TRUE(os::write_file(*this / "a/ledger.vkey", os::read_file(*this / "b/ledger.vkey").value()));
  EXPECT_EQ(load_ledger_signer(*this / "a").error().code, ErrorCode::kIntegrity);
}

TEST_F(Keys, S6_AKeyThatOthersMayReadIsRefused) {
  std::string path = *this / "key.pem";
  create_key(path, crypto::KeyType::kEd25519).value();
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  Result<crypto::PrivateKey> key = load_key(path);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, ErrorCode::kDenied);
  EXPECT_EQ(key.error().hint, "chmod 600 " + path);
}

TEST_F(Keys, NeverReplacesAKey) {
  std::string path = *this / "key.pem";
  crypto::PublicKey first = create_key(path, crypto::KeyType::kEd25519).value();
  EXPECT_EQ(create_key(path, crypto::KeyType::kEd25519).error().code, ErrorCode::kConflict);
  EXPECT_EQ(load_public_key(path).value(), first);
  EXPECT_EQ(load_key(path).value().public_key(), first);
}

TEST_F(Keys, APublicHalfOfAnotherKeyIsNoticed) {
  create_key(*this / "key.pem", crypto::KeyType::kEd25519).value();
  create_key(*this / "other.pem", crypto::KeyType::kEd25519).value();
  ASSERT_TRUE(os::write_file(*this / "key.pub", os::read_file(*this / "other.pub").value()));
  EXPECT_EQ(load_key(*this / "key.pem").error().code, ErrorCode::kIntegrity);
}

TEST_F(Keys, SignsForBothRoles) {
  ASSERT_TRUE(init_keys(*this / "keys"));
  crypto::PublicKey personal = create_key(*this / "me.pem", crypto::KeyType::kEcdsaP256).value();
  std::shared_ptr<ports::Signer> signer = make_key_signer(*this / "keys", *this / "me.pem");
  EXPECT_EQ(signer->public_key(ports::KeyRole::kPersonal).value(), personal);
  for (ports::KeyRole role : {ports::KeyRole::kRelease, ports::KeyRole::kPersonal}) {
    crypto::PublicKey key = *signer->public_key(role).value();
    std::string signature = signer->sign({}, role, "DSSEv1 message").value();
    EXPECT_TRUE(key.verify("DSSEv1 message", signature));
    EXPECT_FALSE(key.verify("DSSEv1 another", signature));
  }
}

TEST_F(Keys, APersonalKeyIsOptionalUnlessNamed) {
  std::string path = *this / "absent.pem";
  std::shared_ptr<ports::Signer> signer = make_key_signer(*this / "keys", path);
  EXPECT_EQ(signer->public_key(ports::KeyRole::kPersonal).value(), std::nullopt);
  EXPECT_EQ(signer->sign({}, ports::KeyRole::kPersonal, "x").error().code, ErrorCode::kNotFound);
  ::setenv("PAWL_KEY", path.c_str(), 1);
  EXPECT_EQ(personal_key_path(), path);
  EXPECT_EQ(make_key_signer(*this / "keys")->public_key(ports::KeyRole::kPersonal).error().code, ErrorCode::kNotFound);
}

TEST_F(Keys, OpensAnEncryptedKeyWithThePassphrase) {
  std::string path = *this / "me.pem";
  crypto::PublicKey key = create_key(path, crypto::KeyType::kEd25519, "correct horse").value();
  EXPECT_NE(os::read_file(path).value().find("ENCRYPTED"), std::string::npos);

  std::shared_ptr<ports::Signer> locked = make_key_signer(*this / "keys", path);
  EXPECT_EQ(locked->public_key(ports::KeyRole::kPersonal).value(), key) << "the public half needs no passphrase";
  EXPECT_EQ(locked->sign({}, ports::KeyRole::kPersonal, "x").error().code, ErrorCode::kDenied);

  ::setenv("PAWL_KEY_PASSPHRASE", "wrong", 1);
  Result<std::string> wrong = make_key_signer(*this / "keys", path)->sign({}, ports::KeyRole::kPersonal, "x");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::kDenied);
  EXPECT_EQ(wrong.error().text().find("wrong\""), std::string::npos);

  ::setenv("PAWL_KEY_PASSPHRASE", "correct horse", 1);
  std::string signature = make_key_signer(*this / "keys", path)->sign({}, ports::KeyRole::kPersonal, "x").value();
  EXPECT_TRUE(key.verify("x", signature));
}

TEST_F(Keys, PassphraseComesFromFileThenDescriptorThenVariable) {
  EXPECT_EQ(read_passphrase().value(), std::nullopt);
  ::setenv("PAWL_KEY_PASSPHRASE", "of the variable", 1);
  EXPECT_EQ(read_passphrase().value(), "of the variable");
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "of the pipe\n", 12), 12);
  ::close(ends[1]);
  ::setenv("PAWL_KEY_PASSPHRASE_FD", std::to_string(ends[0]).c_str(), 1);
  EXPECT_EQ(read_passphrase().value(), "of the pipe");
  ::close(ends[0]);
  std::string path = *this / "passphrase";
  ASSERT_TRUE(os::write_file(path, "of the file\r\n", {.mode = 0600}));
  ::setenv("PAWL_KEY_PASSPHRASE_FILE", path.c_str(), 1);
  EXPECT_EQ(read_passphrase().value(), "of the file");
}

TEST_F(Keys, C1_APassphraseNeverStandsInAnError) {
  std::string path = *this / "passphrase";
  ASSERT_TRUE(os::write_file(path, "canary-3e1", {.mode = 0644}));
  ::setenv("PAWL_KEY_PASSPHRASE_FILE", path.c_str(), 1);
  Result<std::optional<std::string>> open = read_passphrase();
  ASSERT_FALSE(open) << "others may read it";
  EXPECT_EQ(open.error().code, ErrorCode::kDenied);
  EXPECT_EQ(open.error().text().find("canary"), std::string::npos);
  ::unsetenv("PAWL_KEY_PASSPHRASE_FILE");
  ::setenv("PAWL_KEY_PASSPHRASE_FD", "canary-3e1", 1);
  EXPECT_EQ(read_passphrase().error().text().find("canary"), std::string::npos);
}

}  // namespace
}  // namespace pawl::keys
