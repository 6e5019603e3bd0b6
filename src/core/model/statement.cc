#include "core/model/statement.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/limits.h"
#include "format/json.h"

namespace pawl::model {

using format::Arena;
using format::Value;

namespace {

Error malformed(std::string why) { return Error(ErrorCode::kInvalid, "malformed signed record: " + std::move(why)); }

}  // namespace

bool is_counted_predicate(std::string_view type) {
  return type == kReleasePredicate || type == kRequestPredicate || type == kApprovalPredicate ||
         type == kExceptionPredicate || type == kProvenancePredicate || type == kTestResultPredicate;
}

bool is_own_predicate(std::string_view type) {
  return type == kReleasePredicate || type == kRequestPredicate || type == kApprovalPredicate ||
         type == kExceptionPredicate;
}

bool is_about(const Statement& statement, const crypto::Digest& digest) {
  return std::any_of(statement.subjects.begin(), statement.subjects.end(),
                     [&](const Subject& subject) { return subject.digest == digest; });
}

std::string encode_statement(const Statement& statement) {
  Arena arena;
  Value subjects = Value::list();
  for (const Subject& subject : statement.subjects) {
    Value digest = Value::map();
    digest.set(arena, "sha256", subject.digest.hex());
    Value entry = Value::map();
    entry.set(arena, "name", subject.name);
    entry.set(arena, "digest", digest);
    subjects.push_back(arena, entry);
  }
  Value out = Value::map();
  out.set(arena, "_type", kStatementType);
  out.set(arena, "subject", subjects);
  out.set(arena, "predicateType", statement.predicate_type);
  out.set(arena, "predicate", statement.predicate.root);
  return format::canonical_json(out).value();
}

namespace {

Result<Subject> decode_subject(const Value& value) {
  const Value* digests = value.find("digest");
  if (digests == nullptr || !digests->is_map()) return malformed("a subject without a digest");
  if (digests->size() > limits::kDigestsPerSubject) return malformed("a subject with more than 32 digests");
  Result<crypto::Digest> digest = crypto::Digest::parse("sha256:" + std::string(digests->string_at("sha256")));
  if (!digest) return malformed("a subject without a SHA-256 digest");
  return Subject{std::string(value.string_at("name")), *digest};
}

}  // namespace

Result<Statement> decode_statement(std::string bytes) {
  if (bytes.size() > limits::kStatementBytes) return malformed("a statement of more than 16 MiB");
  Statement statement;
  PAWL_ASSIGN(statement.predicate, format::parse_json_document(std::move(bytes)));
  Value root = statement.predicate.root;
  if (root.string_at("_type") != kStatementType) return malformed("its _type is not " + std::string(kStatementType));
  const Value* subjects = root.find("subject");
  const Value* predicate = root.find("predicate");
  bool has_subjects = subjects != nullptr && subjects->is_list() && !subjects->empty();
  if (!has_subjects) return malformed("it has no subject");
  if (subjects->size() > limits::kSubjects) return malformed("more than 1024 subjects");
  if (predicate == nullptr || !predicate->is_map()) return malformed("its predicate is not a map");
  for (const Value& item : subjects->items()) {
    PAWL_ASSIGN(Subject subject, decode_subject(item));
    statement.subjects.push_back(std::move(subject));
  }
  statement.predicate_type = root.string_at("predicateType");
  statement.predicate.root = *predicate;
  return statement;
}

namespace {

Result<std::string> render_bundle(Arena& arena, const std::string& key_hint, const Value& envelope) {
  Value key = Value::map();
  key.set(arena, "hint", key_hint);
  Value material = Value::map();
  material.set(arena, "publicKey", key);
  material.set(arena, "tlogEntries", Value::list());
  Value out = Value::map();
  out.set(arena, "mediaType", kSigstoreBundleType);
  out.set(arena, "verificationMaterial", material);
  out.set(arena, "dsseEnvelope", envelope);
  return format::canonical_json(out);
}

}  // namespace

Result<std::string> sign_statement(const Statement& statement, const std::string& key_hint, const SignBytes& sign) {
  std::string payload = encode_statement(statement);
  PAWL_ASSIGN(std::string signature, sign(crypto::dsse_pae(kPayloadType, payload)));
  Arena arena;
  Value one = Value::map();
  one.set(arena, "sig", to_base64(signature));
  one.set(arena, "keyid", key_hint);
  Value signatures = Value::list();
  signatures.push_back(arena, one);
  Value envelope = Value::map();
  envelope.set(arena, "payload", to_base64(payload));
  envelope.set(arena, "payloadType", kPayloadType);
  envelope.set(arena, "signatures", signatures);
  return render_bundle(arena, key_hint, envelope);
}

std::string sign_statement(const Statement& statement, const crypto::PrivateKey& key) {
  auto sign = [&](std::string_view pae) { return Result<std::string>(key.sign(pae)); };
  return sign_statement(statement, key.public_key().id(), sign).value();
}

namespace {

Status check_form(const Value& root) {
  if (root.string_at("mediaType") != kSigstoreBundleType)
    return malformed("its mediaType is not that of a Sigstore bundle v0.3");
  const Value* entries = root.at_path({"verificationMaterial", "tlogEntries"});
  if (entries != nullptr && entries->size() > limits::kLogEntriesPerBundle)
    return malformed("more than 32 log entries");
  return {};
}

// The keys that a signature verifies under; a key that signed twice is one key.
std::vector<crypto::PublicKey> find_signers(const Value& signatures, const std::string& pae,
                                            std::span<const crypto::PublicKey> keys) {
  std::vector<std::string> raw;
  for (const Value& one : signatures.items()) {
    if (Result<std::string> signature = from_base64_lenient(one.string_at("sig"))) raw.push_back(std::move(*signature));
  }
  std::vector<crypto::PublicKey> out;
  for (const crypto::PublicKey& key : keys) {
    bool signed_it =
        std::any_of(raw.begin(), raw.end(), [&](const std::string& signature) { return key.verify(pae, signature); });
    if (signed_it && std::find(out.begin(), out.end(), key) == out.end()) out.push_back(key);
  }
  return out;
}

}  // namespace

Result<VerifiedStatement> verify_statement(std::string sigstore_bundle, std::span<const crypto::PublicKey> keys) {
  constexpr std::size_t kMostSignatures = 32;
  if (sigstore_bundle.size() > 2 * limits::kStatementBytes) return malformed("larger than 32 MiB");
  Arena arena;
  PAWL_ASSIGN(Value root, format::parse_json(arena, std::move(sigstore_bundle)));
  PAWL_TRY(check_form(root));
  const Value* envelope = root.find("dsseEnvelope");
  const Value* signatures = envelope == nullptr ? nullptr : envelope->find("signatures");
  if (signatures == nullptr || !signatures->is_list()) return malformed("it has no DSSE envelope with signatures");
  if (signatures->size() > kMostSignatures) return malformed("more than 32 signatures");
  std::string type(envelope->string_at("payloadType"));
  if (type != kPayloadType) return malformed("its payload type is \"" + type.substr(0, 80) + "\"");
  Result<std::string> payload = from_base64_lenient(envelope->string_at("payload"));
  if (!payload) return malformed("its payload is not base64");
  std::vector<crypto::PublicKey> signers = find_signers(*signatures, crypto::dsse_pae(type, *payload), keys);
  if (signers.empty()) return Error(ErrorCode::kIntegrity, "no signature of the record verifies under a trusted key");
  PAWL_ASSIGN(Statement statement, decode_statement(std::move(*payload)));
  return VerifiedStatement{std::move(statement), std::move(signers)};
}

Result<std::string> as_sigstore_bundle(std::string bytes) {
  if (bytes.size() > 2 * limits::kStatementBytes) return malformed("larger than 32 MiB");
  Arena arena;
  PAWL_ASSIGN(Value root, format::parse_json(arena, bytes));
  if (root.find("mediaType") != nullptr) {
    PAWL_TRY(check_form(root));
    return bytes;
  }
  const Value* signatures = root.find("signatures");
  bool is_envelope = root.find("payload") != nullptr && signatures != nullptr && signatures->is_list();
  if (!is_envelope) return malformed("it is neither a Sigstore bundle v0.3 nor a DSSE envelope");
  std::string hint(signatures->empty() ? std::string_view() : signatures->items()[0].string_at("keyid"));
  return render_bundle(arena, hint, root);
}

}  // namespace pawl::model
