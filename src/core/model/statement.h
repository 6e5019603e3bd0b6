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
inline constexpr std::string_view kTestResultPredicate = "https://in-toto.io/attestation/test-result/v0.1";
inline constexpr std::string_view kVsaPredicate = "https://slsa.dev/verification_summary/v1";  // a gate's verdict

// Whether Pawl itself reads statements of this type; those of any other type count only for a gate that asks for
// exactly it.
bool is_counted_predicate(std::string_view type);
// Whether statements of this type are made by verbs of their own: what people ask for, approve and release.
bool is_own_predicate(std::string_view type);

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

bool is_about(const Statement& statement, const crypto::Digest& digest);

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
  std::vector<crypto::PublicKey> keys;  // those of the given ones that verified, in that order; at least one
};
// Reads a Sigstore bundle and returns the statement if a signature verifies under one of `keys` (each key counts once;
// key hints are hints, never trusted). Errors: kInvalid (form, bounds, payload type), kIntegrity (no signature
// verifies).
Result<VerifiedStatement> verify_statement(std::string sigstore_bundle, std::span<const crypto::PublicKey> keys);

// What others signed, as the bundle that is kept: a Sigstore bundle v0.3 as it is, a bare DSSE envelope put into one.
// Errors: kInvalid for anything else. Signatures and the statement are verify_statement()'s to judge.
Result<std::string> as_sigstore_bundle(std::string bytes);

}  // namespace pawl::model
