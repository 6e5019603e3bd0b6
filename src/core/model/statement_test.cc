#include "core/model/statement.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/encoding.h"
#include "format/json.h"

namespace pawl::model {
namespace {

using format::Value;

Statement sample() {
  Statement statement{.predicate_type = std::string(kTestResultPredicate)};
  statement.subjects.push_back({"bundle", crypto::sha256("bundle")});
  statement.predicate.root = Value::map();
  statement.predicate.root.set(*statement.predicate.arena, "result", "PASSED");
  return statement;
}

crypto::PrivateKey key(char seed = 'k') { return crypto::PrivateKey::ed25519_from_seed(std::string(32, seed)).value(); }

// The record with one member of its DSSE envelope changed.
std::string altered(const std::string& record, std::string_view member, Value value) {
  format::Document document = format::parse_json_document(record).value();
  Value& envelope = *document.root.find("dsseEnvelope");
  envelope.set(*document.arena, member, value);
  return format::render_json(document.root);
}

Result<VerifiedStatement> verify(const std::string& record, const crypto::PrivateKey& by = key()) {
  std::vector<crypto::PublicKey> keys = {by.public_key()};
  return verify_statement(record, keys);
}

TEST(Statement, GoesThroughASignedRecord) {
  for (auto type : {crypto::KeyType::kEd25519, crypto::KeyType::kEcdsaP256}) {
    crypto::PrivateKey signer = crypto::PrivateKey::generate(type);
    Result<VerifiedStatement> verified = verify(sign_statement(sample(), signer), signer);
    ASSERT_TRUE(verified.ok()) << verified.error().text();
    EXPECT_EQ(verified->statement.subjects, sample().subjects);
    EXPECT_EQ(verified->statement.predicate.root.string_at("result"), "PASSED");
    EXPECT_TRUE(verified->keys[0] == signer.public_key());
  }
}

TEST(Statement, EveryKeyThatSignedIsNamed) {
  crypto::PrivateKey other = key('o');
  format::Document mine = format::parse_json_document(sign_statement(sample(), key())).value();
  format::Document theirs = format::parse_json_document(sign_statement(sample(), other)).value();
  Value& signatures = *mine.root.find("dsseEnvelope")->find("signatures");
  signatures.push_back(*mine.arena, theirs.root.at_path({"dsseEnvelope", "signatures"})->items()[0]);
  std::vector<crypto::PublicKey> keys = {key('x').public_key(), other.public_key(), key().public_key()};
  EXPECT_EQ(verify_statement(format::render_json(mine.root), keys)->keys,
            (std::vector<crypto::PublicKey>{other.public_key(), key().public_key()}));
}

TEST(Statement, ABareEnvelopeBecomesABundleAndABundleStaysAsItIs) {
  std::string record = sign_statement(sample(), key());
  EXPECT_EQ(as_sigstore_bundle(record).value(), record);
  format::Document document = format::parse_json_document(record).value();
  std::string envelope = format::render_json(*document.root.find("dsseEnvelope"));
  EXPECT_EQ(as_sigstore_bundle(envelope).value(), record) << "as if Pawl had signed it";
  EXPECT_FALSE(as_sigstore_bundle("{}").ok());
  EXPECT_FALSE(as_sigstore_bundle(R"({"mediaType":"application/json"})").ok());
}

TEST(Statement, S1_PayloadTypeSwappedOrEmptyIsRefused) {
  std::string record = sign_statement(sample(), key());
  EXPECT_EQ(verify(altered(record, "payloadType", Value::string_ref("text/plain"))).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(verify(altered(record, "payloadType", Value::string_ref(""))).error().code, ErrorCode::kInvalid);
}

TEST(Statement, S1_PayloadChangedIsRefused) {
  Statement other = sample();
  other.subjects[0].digest = crypto::sha256("another");
  std::string payload = to_base64(encode_statement(other));
  std::string record = sign_statement(sample(), key());
  EXPECT_EQ(verify(altered(record, "payload", Value::string_ref(payload))).error().code, ErrorCode::kIntegrity);
}

TEST(Statement, S1_UrlSafeBase64IsReadAndJunkRefused) {
  std::string record = sign_statement(sample(), key());
  format::Document document = format::parse_json_document(record).value();
  std::string payload(document.root.find("dsseEnvelope")->string_at("payload"));
  for (char& c : payload) c = c == '+' ? '-' : c == '/' ? '_' : c;
  while (payload.ends_with('=')) payload.pop_back();
  EXPECT_TRUE(verify(altered(record, "payload", Value::string_ref(payload))).ok());
  std::string junk = "!" + payload;
  EXPECT_EQ(verify(altered(record, "payload", Value::string_ref(junk))).error().code, ErrorCode::kInvalid);
}

TEST(Statement, S1_AKeyIdThatLiesChangesNothing) {
  crypto::PrivateKey stranger = key('x');
  auto sign = [&](std::string_view pae) { return Result<std::string>(stranger.sign(pae)); };
  std::string record = sign_statement(sample(), key().public_key().id(), sign).value();
  EXPECT_EQ(verify(record).error().code, ErrorCode::kIntegrity);
}

// Whoever counts signers counts keys, and a record has one.
TEST(Statement, S1_TwoSignaturesOfOneKeyCountOnce) {
  format::Document document = format::parse_json_document(sign_statement(sample(), key())).value();
  Value& signatures = *document.root.find("dsseEnvelope")->find("signatures");
  Value again = Value::map();
  again.set(*document.arena, "sig", to_base64(key('x').sign("something else")));
  again.set(*document.arena, "keyid", "another name");
  Value first = signatures.items()[0];
  for (const Value& more : {again, first}) signatures.push_back(*document.arena, more);
  std::vector<crypto::PublicKey> keys = {key('x').public_key(), key().public_key()};
  Result<VerifiedStatement> verified = verify_statement(format::render_json(document.root), keys);
  ASSERT_TRUE(verified.ok()) << verified.error().text();
  EXPECT_TRUE(verified->keys[0] == key().public_key()) << "the one that signed, not the one that is named";
  std::vector<crypto::PublicKey> none;
  EXPECT_EQ(verify_statement(format::render_json(document.root), none).error().code, ErrorCode::kIntegrity);
}

TEST(Statement, S1_ManySignaturesAreNotTriedWithoutEnd) {
  format::Document document = format::parse_json_document(sign_statement(sample(), key())).value();
  Value& signatures = *document.root.find("dsseEnvelope")->find("signatures");
  Value first = signatures.items()[0];
  while (signatures.size() < 33) signatures.push_back(*document.arena, first);
  EXPECT_EQ(verify(format::render_json(document.root)).error().code, ErrorCode::kInvalid);
}

TEST(Statement, S2_AnUnknownPayloadTypeIsNotCountedHoweverWellItIsSigned) {
  for (std::string type : {"text/plain", "application/vnd.in-toto+json; v=2", "application/vnd.in-toto+JSON", ""}) {
    std::string payload = encode_statement(sample());
    std::string signature = to_base64(key().sign(crypto::dsse_pae(type, payload)));
    format::Document document = format::parse_json_document(sign_statement(sample(), key())).value();
    Value& envelope = *document.root.find("dsseEnvelope");
    envelope.set(*document.arena, "payloadType", type);
    envelope.find("signatures")->items()[0].set(*document.arena, "sig", signature);
    EXPECT_EQ(verify(format::render_json(document.root)).error().code, ErrorCode::kInvalid) << type;
  }
}

TEST(Statement, S2_UnknownPredicateTypesAreNotCounted) {
  EXPECT_TRUE(is_counted_predicate(kTestResultPredicate));
  EXPECT_FALSE(is_counted_predicate("https://example.com/anything/v1"));
  EXPECT_FALSE(is_counted_predicate(""));
}

std::string signed_payload(const std::string& payload) {
  // Signs arbitrary payload bytes, as an attacker with a trusted key could.
  std::string record = sign_statement(sample(), key());
  std::string signature = to_base64(key().sign(crypto::dsse_pae(kPayloadType, payload)));
  format::Document document = format::parse_json_document(record).value();
  Value& envelope = *document.root.find("dsseEnvelope");
  envelope.set(*document.arena, "payload", to_base64(payload));
  envelope.find("signatures")->items()[0].set(*document.arena, "sig", signature);
  return format::render_json(document.root);
}

TEST(Statement, S10_DuplicateKeysAreRefused) {
  std::string digest = crypto::sha256("x").hex();
  std::string subject = R"("subject":[{"name":"a","digest":{"sha256":")" + digest + R"("}}])";
  std::string head = R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"t","predicate":{},)";
  EXPECT_TRUE(verify(signed_payload(head + subject + "}")).ok());
  EXPECT_EQ(verify(signed_payload(head + subject + "," + subject + "}")).error().code, ErrorCode::kInvalid);
}

// Most memory that this process ever held, in bytes.
std::size_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

TEST(Statement, S8_ALargePayloadIsRefusedBeforeMemoryIsSpentOnIt) {
  std::string record = R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":{"payload":")";
  record.append(129u << 20, 'A');
  record += "\"}}";
  std::size_t before = peak_memory();
  std::vector<crypto::PublicKey> keys = {key().public_key()};
  EXPECT_EQ(verify_statement(std::move(record), keys).error().code, ErrorCode::kInvalid);
  EXPECT_LT(peak_memory() - before, 1u << 20) << "nothing is copied, decoded or parsed";
}

TEST(Statement, S8_BoundsHold) {
  std::string digest = crypto::sha256("x").hex();
  auto payload = [&](std::size_t subjects, std::size_t digests) {
    std::string one = R"({"name":"a","digest":{"sha256":")" + digest + "\"";
    for (std::size_t i = 1; i < digests; ++i) one += ",\"d" + std::to_string(i) + "\":\"00\"";
    one += "}}";
    std::string all = one;
    for (std::size_t i = 1; i < subjects; ++i) all += "," + one;
    return R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"t","predicate":{},"subject":[)" + all + "]}";
  };
  EXPECT_TRUE(verify(signed_payload(payload(1024, 1))).ok());
  EXPECT_FALSE(verify(signed_payload(payload(1025, 1))).ok());
  EXPECT_TRUE(verify(signed_payload(payload(1, 32))).ok());
  EXPECT_FALSE(verify(signed_payload(payload(1, 33))).ok());
  EXPECT_FALSE(verify(std::string(129u << 20, ' ')).ok());
  format::Document document = format::parse_json_document(sign_statement(sample(), key())).value();
  Value entries = Value::list();
  for (int i = 0; i < 33; ++i) entries.push_back(*document.arena, Value::map());
  document.root.find("verificationMaterial")->set(*document.arena, "tlogEntries", entries);
  EXPECT_FALSE(verify(format::render_json(document.root)).ok());
}

}  // namespace
}  // namespace pawl::model
