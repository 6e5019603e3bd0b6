#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "core/model/approval.h"
#include "core/model/names.h"
#include "core/model/statement.h"
#include "crypto/digest.h"

namespace pawl::model {

// The media type of an exception's document.
inline constexpr std::string_view kExceptionType = "application/vnd.pawl.exception.v1+json";
// The `type` of one in a file of its own, for somebody to answer who has nothing but a key.
inline constexpr std::string_view kExceptionRequestType = "https://pawl.dev/exception-request/v1";

// A departure from a policy, as somebody asks for it: what it lets pass, where, why and until when. It never stands in
// a project's files; it holds once those whom the configuration names have signed that it may.
struct PolicyException {
  std::string ledger;  // the verifier key of the store's log: the same number elsewhere is another one
  ProjectName project;
  std::uint64_t number = 0;
  EnvironmentName environment;
  std::string policy;                    // or a gate: gate_exception()
  std::optional<std::uint64_t> rule;     // of the policy's validations, from 0; absent: all of them
  std::string object;                    // "shop/Deployment/web", * for anything; "" for every object
  std::optional<crypto::Digest> bundle;  // the only one that it is about; absent: whatever enters
  std::string reason;
  std::string ticket;
  std::string requester;
  Time expires;
  bool operator==(const PolicyException&) const = default;
};

// Canonical JSON, a blob of the store; what is signed names its digest. Errors: kInvalid.
std::string encode_exception(const PolicyException& exception);
Result<PolicyException> decode_exception(std::string bytes);

// The question as a file: JSON, indented for the eye, and back. Errors: kInvalid for another type or other fields.
std::string encode_request(const PolicyException& exception);
Result<PolicyException> decode_exception_request(std::string bytes);

// What one person signs about it.
struct ExceptionAnswer {
  PolicyException exception;
  ApprovalVerdict verdict = ApprovalVerdict::kRejected;
  std::string comment;
  Time given;
  bool operator==(const ExceptionAnswer&) const = default;
};

// Of type kExceptionPredicate; its one subject is the exception's document.
Statement statement_of(const ExceptionAnswer& answer);
// Errors: kInvalid for a statement of another type or subject, with fields that are unknown or missing.
Result<ExceptionAnswer> exception_answer_of(const Statement& statement);

}  // namespace pawl::model
