#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/key.h"
#include "format/value.h"

namespace pawl::model {

// Signed records: an in-toto Statement v1 in a DSSE envelope in a Sigstore bundle v0.3 with a public key hint.

inline constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view kPayloadType = "application/vnd.in-toto+json";
inline constexpr std::string_view kSigstoreBundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

// Predicate types that Pawl writes or counts; a statement of any other type is never counted.
inline constexpr std::string_view kReleasePredicate = "https://pawl.dev/release/v1";
inline constexpr std::string_view kRequestPredicate = "https://pawl.dev/request/v1";
inline constexpr std::string_view kApprovalPredicate = "https://pawl.dev/approval/v1";      // approval.h
inline constexpr std::string_view kExceptionPredicate = "https://pawl.dev/exception/v1";    // exception.h
inline constexpr std::string_view kProvenancePredicate = "https://slsa.dev/provenance/v1";  // of `reproduce`
// SLSA's Verification Summary Attestation: a gate's verdict.
inline constexpr std::string_view kVerificationSummaryPredicate = "https://slsa.dev/verification_summary/v1";
inline constexpr std::string_view kTestResultPredicate = "https://in-toto.io/attestation/test-result/v0.1";

// Whether statements of this type may count for anything; all others are kept and ignored.
bool is_counted_predicate(std::string_view type);

struct Subject {
  std::string name;
  crypto::Digest digest;
  bool operator==(const Subject&) const = default;
};

struct Statement {
  std::vector<Subject> subjects;
  std::string predicate_type;
  format::Document predicate;  // a map
};

std::string encode_statement(const Statement& statement);  // canonical JSON
// Errors: kInvalid for duplicate keys, wrong _type, no or more than limits::kSubjects subjects, more than
// limits::kDigestsPerSubject digests, a subject without sha256.
Result<Statement> decode_statement(std::string bytes);

// One signed record as bytes: the Sigstore bundle JSON.
std::string sign_statement(const Statement& statement, const crypto::PrivateKey& key);
// The same for a signer that is not a key in memory: `sign` gets the DSSE PAE; returns the raw signature.
using SignBytes = std::function<Result<std::string>(std::string_view pae)>;
Result<std::string> sign_statement(const Statement& statement, const std::string& key_hint, const SignBytes& sign);

struct VerifiedStatement {
  Statement statement;
  crypto::PublicKey key;  // the key that verified
};
// Reads a Sigstore bundle and returns the statement if a signature verifies under one of `keys` (each key counts once;
// key hints are hints, never trusted). Errors: kInvalid (form, bounds, payload type), kIntegrity (no signature
// verifies).
Result<VerifiedStatement> verify_statement(std::string sigstore_bundle, std::span<const crypto::PublicKey> keys);

}  // namespace pawl::model
