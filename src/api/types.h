#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace pawl::api {

// What requests and responses are made of. Plain data with stable JSON (json.h): digests are "sha256:...", times RFC
// 3339.

struct ReleaseView {
  std::string serial;                 // "r3"
  std::vector<std::string> versions;  // labels, oldest first
  std::string digest;
  std::string snapshot;
  std::string commit;
  bool dirty = false;
  std::string message;
  Time cut_at;
  std::string cut_by;
  std::vector<std::string> departures;

  std::string label() const { return versions.empty() ? serial : versions.back(); }
};

struct GateView {
  std::string gate;
  std::string subject;
  std::string state;  // passed, failed, waiting, errored
  std::string found;
  std::string who;
  std::optional<Time> until;
  std::vector<std::string> evidence;
  std::vector<std::string> details;  // what one sentence cannot hold, a line each
};

struct CheckView {
  std::string name;
  std::string state;  // passed, failed, errored
  std::string reason;
  std::string record;  // digest of the signed test result
};

struct FieldView {
  std::string path;
  std::string change;  // added, removed, changed
  std::string before;
  std::string after;
  std::string origin;  // what made it differ: "lock", "source", "parameters", "project", or several; "" where not known
};

struct ObjectView {
  std::string object;  // "Deployment/checkout"
  std::string layer;
  std::string change;  // added, removed, changed
  std::vector<FieldView> fields;
  std::string changed_by;
  std::string detail;  // of what was added or removed: "1 key"
  std::string origin;  // as a field's
};

struct ChangesView {
  std::vector<ObjectView> objects;
  std::uint64_t added = 0;
  std::uint64_t changed = 0;
  std::uint64_t removed = 0;
};

struct AttemptView {
  std::uint64_t attempt = 0;
  std::string outcome;
  std::string reason;
  Time finished;
};

struct PromotionView {
  std::uint64_t number = 0;
  std::string kind;  // promote, rollback, reconcile
  std::string environment;
  std::string version;  // label of the release; "" for an assembled bundle
  std::string serial;
  std::string bundle;
  std::string from;  // "" for a first promotion
  std::vector<std::string> layers;
  std::uint64_t attempt = 0;
  std::string phase;    // waiting, running, applied, finished
  std::string outcome;  // "" while it goes on
  std::string reason;   // why it ended so
  std::string requester;
  std::string request_reason;
  std::string plan;
  std::string configuration;
  Time opened_at;
  std::optional<Time> started_at;
  std::optional<Time> applied_at;
  std::vector<GateView> gates;
  std::vector<CheckView> checks;
  std::vector<std::string> overwritten;
  bool recovered = false;
  std::vector<AttemptView> attempts;
};

struct HeadView {
  std::string version;
  std::string serial;
  std::string bundle;
  std::uint64_t promotion = 0;
  Time since;
  bool verified = false;
  std::string verification;  // in words
};

struct EnvironmentView {
  std::string name;
  std::string purpose;
  std::vector<std::string> promotes_from;
  std::string target;
  std::optional<HeadView> head;
  std::vector<PromotionView> open;
  bool degraded = false;
  std::string hold;                      // the reason; "" where there is none
  std::string freeze;                    // until when, and why; "" where nothing is frozen
  std::optional<std::uint64_t> drifted;  // objects; absent where it was not looked at
};

struct LockChangeView {
  std::string change;  // added, removed, changed
  std::string kind;    // image, source
  std::string name;
  std::string before;
  std::string after;
};

}  // namespace pawl::api
