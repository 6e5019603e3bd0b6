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
struct ExceptionApproveRequest {
  std::uint64_t number = 0;
  std::string comment;
  bool dry_run = false;
};
struct ExceptionRejectRequest {
  std::uint64_t number = 0;
  std::string comment;
  bool dry_run = false;
};
struct ExceptionWithdrawRequest {
  std::uint64_t number = 0;
  std::string reason;
  bool dry_run = false;
};
struct ExceptionListRequest {
  std::string environment;  // "" : of all
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
  Time asked_at;
  Time expires;
  bool holds = false;
  std::string flaw;  // why it does not: "notAgreed", "expired" ...; "" where it holds
  std::string why;   // the same in words
  std::vector<ExceptionWordView> words;
};
// Of ask, approve, reject and withdraw alike.
struct ExceptionResponse {
  ExceptionView exception;
  std::string who;       // who may still agree; "" where nobody is needed
  bool dry_run = false;  // nothing was done
};
struct ExceptionListResponse {
  std::vector<ExceptionView> exceptions;  // the newest first
};

}  // namespace pawl::api
