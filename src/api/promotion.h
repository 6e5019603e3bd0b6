#pragma once

#include <string>
#include <vector>

#include "api/types.h"

namespace pawl::api {

struct PlanRequest {
  std::string environment;
  std::string release;  // "" : the default release
  std::vector<std::string> layers;
};
struct PlanResponse {
  std::string environment;
  std::string version;
  std::string serial;
  std::string bundle;
  std::string from;  // "" for a first promotion
  std::string from_version;
  std::string plan;                 // the plan digest
  std::vector<std::string> layers;  // of a layer-only promotion
  ChangesView changes;
  std::vector<GateView> gates;
  std::string verdict;             // passed, failed, waiting, errored
  std::vector<std::string> notes;  // plain secrets let in, foreign content at the target ...
};

struct PromoteRequest {
  std::string environment;
  std::string release;  // "" : the default release
  std::string plan;     // "" : any; else the plan digest that must still hold
  std::vector<std::string> layers;
  std::string reason;
  bool wait = false;
  bool supersede = false;
  bool adopt = false;
  bool dry_run = false;
};
// Of promote, retry, rollback and reconcile alike.
struct PromoteResponse {
  PromotionView promotion;  // number 0: nothing was to be done
  std::string answer;       // done, nothing, would, waiting, running, failed, blocked, errored, superseded; aborted is
                            // that of `abort`, stopped what it makes of the promotion that it ends
  std::string version;
  std::string from_version;
  std::string bundle;
  std::uint64_t objects = 0;
  std::optional<Time> ran_from;  // of a rollback: when this bundle was the head before, and until when
  std::optional<Time> ran_to;
  std::vector<std::string> notes;
};

struct RetryRequest {
  std::string environment;
  bool dry_run = false;
};
struct AbortRequest {
  std::string environment;
  std::string reason;
  bool dry_run = false;
};
struct RollbackRequest {
  std::string environment;
  std::string to;      // "" : the newest bundle still verified here before the head
  std::string reason;  // required
  std::vector<std::string> layers;
  bool dry_run = false;
};
struct ReconcileRequest {
  std::string environment;
  std::string reason;
  bool dry_run = false;
};
struct HoldRequest {
  std::string environment;
  std::string reason;
  bool off = false;
  bool dry_run = false;
};
struct FreezeRequest {
  std::string environment;
  std::string reason;
  std::string until;  // a time, or a duration from now
  bool all = false;
  bool off = false;
  bool dry_run = false;
};
struct FreezeResponse {
  std::string environment;  // "" : all
  bool frozen = false;
  std::string reason;
  std::optional<Time> until;
  bool dry_run = false;  // nothing was done
};
struct HoldResponse {
  std::string environment;
  bool held = false;
  std::string reason;
  bool dry_run = false;  // nothing was done
};

}  // namespace pawl::api
