#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace pawl::api {

// Departing from a policy: asking for it, answering, and what became of it.

struct ExceptionAskRequest {
  std::string policy;
  std::string environment;
  std::string rule;     // of the policy's validations, from 0; "" : all
  std::string object;   // "shop/Deployment/web", * for anything; "" : every object
  std::string release;  // whose bundle alone it is about; "" : whatever enters
  std::string reason;
  std::string ticket;
  std::string until;  // a time, or a duration from now
  bool dry_run = false;
};
// Saying yes or no to an exception. Instead of its number `request` may hold what `exception list --export` printed:
// then it is signed and nothing is recorded, which needs no store; or `imported` what came of that.
struct ExceptionApproveRequest {
  std::uint64_t number = 0;
  std::string comment;
  std::string request;
  std::string imported;
  bool dry_run = false;
};
struct ExceptionRejectRequest {
  std::uint64_t number = 0;
  std::string comment;
  std::string request;
  std::string imported;
  bool dry_run = false;
};
struct ExceptionWithdrawRequest {
  std::uint64_t number = 0;
  std::string reason;
  bool dry_run = false;
};
struct ExceptionListRequest {
  std::string exception;  // its number, or the environment that they are about; "" : all
  bool exports = false;
};

struct ExceptionWordView {
  std::string person;
  std::string verdict;  // approved, rejected
  std::string comment;
  bool counts = false;
  std::string record;  // digest of the signed statement's manifest
};
struct ExceptionView {
  std::uint64_t number = 0;
  std::string environment;
  std::string policy;
  std::optional<std::uint64_t> rule;
  std::string object;
  std::string bundle;
  std::string reason;
  std::string ticket;
  std::string requester;
  std::optional<Time> asked_at;  // by the ledger; absent where there is no store
  Time expires;
  bool holds = false;
  std::string flaw;  // why it does not: "notAgreed", "expired" ...; "" where it holds, and where there is no store
  std::string why;   // the same in words
  std::vector<ExceptionWordView> words;
};
// Of ask, approve, reject and withdraw alike.
struct ExceptionResponse {
  ExceptionView exception;
  std::string who;        // who may still agree; "" where nobody is needed
  std::string statement;  // the signed answer itself, where it was only signed
  bool existed = false;   // the answer was recorded before
  bool dry_run = false;   // nothing was done
};
struct ExceptionListResponse {
  std::vector<ExceptionView> exceptions;  // the newest first
  std::string request;                    // of an export: the file for `exception approve --request`
};

}  // namespace pawl::api
