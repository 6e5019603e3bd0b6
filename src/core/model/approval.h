#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "core/model/names.h"
#include "core/model/statement.h"
#include "crypto/digest.h"

namespace pawl::model {

// What a person says to one promotion, signed with their key, and the question that they answer.

// The `type` of a question in a file of its own.
inline constexpr std::string_view kApprovalRequestType = "https://pawl.dev/approval-request/v1";

// What an approval is about. Everything that a promotion is: an approval of one is none of another.
struct ApprovalSubject {
  std::string ledger;  // the verifier key of the store's log: the same number elsewhere is another promotion
  ProjectName project;
  EnvironmentName environment;
  std::uint64_t promotion = 0;
  crypto::Digest bundle;
  crypto::Digest plan;
  bool operator==(const ApprovalSubject&) const = default;
};

// The question, as it travels to somebody who has nothing but a key: what is to be signed, and what it is for the eye.
struct ApprovalRequest {
  ApprovalSubject subject;
  std::string release;    // "1.4.0"
  std::string from;       // what is there now: "1.3.2"; "" for nothing
  std::string requester;  // who asked
  std::string reason;     // why
  bool operator==(const ApprovalRequest&) const = default;
};

enum class ApprovalVerdict : std::uint8_t { kApproved, kRejected };
std::string_view name_of(ApprovalVerdict verdict);

// The answer.
struct Approval {
  ApprovalSubject subject;
  ApprovalVerdict verdict = ApprovalVerdict::kRejected;
  std::string comment;
  Time given;                   // by the clock of whoever gave it
  std::optional<Time> expires;  // as they limited it themselves
  bool operator==(const Approval&) const = default;
};

// Of type kApprovalPredicate; its one subject is the bundle.
Statement statement_of(const Approval& approval);
// Errors: kInvalid for a statement of another type, of several subjects, with fields that are unknown or missing.
Result<Approval> approval_of(const Statement& statement);

// JSON, indented for the eye, and back. Errors: kInvalid for another type or other fields.
std::string encode_request(const ApprovalRequest& request);
Result<ApprovalRequest> decode_request(std::string bytes);

}  // namespace pawl::model
