#pragma once

#include <string>
#include <vector>

#include "api/types.h"

namespace pawl::api {

// Saying yes or no to a waiting promotion. `promotion` is a number, or an environment with one that waits. Instead of
// it `request` may hold what `approvals --export` printed: then it is signed and nothing is recorded, which needs no
// store; or `imported` what came of that.
struct ApproveRequest {
  std::string promotion;
  std::string comment;
  std::string expires;  // a duration; "" : as long as the gate lets it
  std::string plan;     // "" : any; else the plan digest that must still hold
  std::string request;
  std::string imported;
  bool dry_run = false;
};
struct RejectRequest {
  std::string promotion;
  std::string comment;
  std::string request;
  std::string imported;
  bool dry_run = false;
};

struct ApprovalView {
  std::string person;
  std::string verdict;  // approved, rejected
  std::string comment;
  Time given;
  std::optional<Time> expires;
  bool counts = false;
  std::string flaw;    // why it does not: "expired", "otherPlan" ...; "" where it counts
  std::string reason;  // the same in words
  std::string record;  // digest of the signed statement's manifest
};

// Of approve and reject alike.
struct ApproveResponse {
  std::uint64_t promotion = 0;
  std::string kind;  // promote, rollback; "" where it was only signed
  std::string environment;
  std::string version;
  std::string bundle;               // "" where it was only signed
  std::vector<std::string> layers;  // of layers alone; empty: all
  std::string verdict;              // approved, rejected
  std::string person;               // "" where it was only signed: whose key it is says the store
  std::string plan;
  std::string comment;
  std::optional<Time> expires;
  std::string record;           // digest of the signed statement's manifest; "" where nothing was recorded
  std::string statement;        // the signed statement itself, where it was only signed
  std::vector<GateView> gates;  // what the promotion's gates answer now
  bool existed = false;         // it was recorded before
  bool dry_run = false;         // nothing was done
};

struct ApprovalsRequest {
  std::string promotion;  // "" : everything that waits
  bool exports = false;
};
struct PromotionApprovalsView {
  std::uint64_t number = 0;
  std::string environment;
  std::string version;
  std::string plan;
  std::string requester;
  std::string request_reason;
  std::vector<ApprovalView> approvals;
  std::vector<GateView> gates;  // those that ask for approvals
};
struct ApprovalsResponse {
  std::vector<PromotionApprovalsView> promotions;
  std::string request;  // of an export: the file for `approve --request`
};

}  // namespace pawl::api
