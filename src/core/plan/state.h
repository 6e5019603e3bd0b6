#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/plan/event.h"

namespace pawl::plan {

// The records that the ledger folds to. Each is one row of the store, small, and read alone: no verb reads a whole
// project to answer for one environment.

struct StoreState {  // "store"
  Time last_time;
  std::uint64_t entries = 0;
  bool operator==(const StoreState&) const = default;
};

struct Freeze {
  std::string reason;
  Time since;
  Time until;
  bool operator==(const Freeze&) const = default;
};

struct ProjectState {
  std::optional<Digest> configuration;
  std::optional<Freeze> freeze;             // of every environment
  std::uint64_t releases = 0;               // serial of the newest
  std::uint64_t promotions = 0;             // number of the newest
  std::optional<std::uint64_t> exceptions;  // number of the newest; absent: there never was one
  bool operator==(const ProjectState&) const = default;
};

struct ReleaseState {
  std::uint64_t serial = 0;
  std::vector<std::string> versions;  // labels, oldest first
  Digest release;
  Digest snapshot;
  Digest record;
  std::string commit;
  bool dirty = false;
  std::string message;
  std::vector<std::string> departures;
  Time cut_at;
  std::string cut_by;
  bool operator==(const ReleaseState&) const = default;
};

struct Head {
  Digest bundle;
  std::uint64_t release = 0;  // serial; 0 for a bundle assembled from layers
  std::uint64_t newest = 0;   // the newest release that any layer of it came with
  std::uint64_t promotion = 0;
  Digest configuration;  // in force when it was applied; names the target that it is the head of
  Time since;
  bool operator==(const Head&) const = default;
};

struct Pending {
  std::uint64_t promotion = 0;
  std::uint64_t attempt = 0;
  Digest bundle;
  std::uint64_t epoch = 0;
  bool operator==(const Pending&) const = default;
};

struct Hold {
  std::string reason;
  Time since;
  bool operator==(const Hold&) const = default;
};

struct EnvironmentState {
  std::uint64_t epoch = 0;  // the highest ever given out
  std::optional<Head> head;
  std::optional<Pending> pending;
  bool degraded = false;  // pending is kept from a promotion that ended half applied
  std::optional<Hold> hold;
  std::optional<Freeze> freeze;     // its own; over at its time without being lifted
  std::vector<std::uint64_t> open;  // promotions that have not ended
  std::uint64_t latest = 0;         // the newest promotion
  std::uint64_t visits = 0;         // how many heads there were
  bool operator==(const EnvironmentState&) const = default;
};

// One bundle in one environment, over all its visits.
struct BundleState {
  bool verified = false;
  std::optional<Digest> checks;  // the checks it was verified by
  Time verified_at;
  std::uint64_t promotion = 0;        // that verified it
  std::uint64_t newest = 0;           // the newest release that any layer of it came with, as head
  std::string revoked;                // why it is not verified any more; "" otherwise
  std::optional<Time> soaking_since;  // verified head since
  Duration longest_soak{};            // of earlier unbroken times
  bool operator==(const BundleState&) const = default;
};

// One stay of a bundle as head.
struct VisitState {
  std::uint64_t visit = 0;  // 1, 2, ...
  Digest bundle;
  std::uint64_t release = 0;
  std::uint64_t promotion = 0;
  Time from;
  std::optional<Time> to;
  std::string left_by;  // "promotion 7", "rollback 8"
  bool operator==(const VisitState&) const = default;
};

// One statement about a digest, as the ledger knows it.
struct EvidenceNote {
  std::string predicate_type;
  Digest record;
  Time recorded;
  std::vector<std::string> signed_by;  // persons and trust roles whose key it was then
  std::optional<std::string> issued;   // what of, where Pawl issued it
  bool operator==(const EvidenceNote&) const = default;
};

// All that was recorded about one digest, in order. Of what Pawl issues only the newest of each thing is kept: checks
// run over and over.
struct EvidenceState {
  std::vector<EvidenceNote> notes;  // at most kMostEvidence that were brought in, and as many that Pawl issued
  bool operator==(const EvidenceState&) const = default;
};
inline constexpr std::size_t kMostEvidence = 256;
inline constexpr std::size_t kLongestPredicateType = 512;
inline constexpr std::size_t kLongestIssued = 256;

enum class Phase : std::uint8_t {
  kWaiting,  // gates
  kRunning,  // pending is set, the head is the old one
  kApplied,  // the head moved; checks run
  kFinished,
};
std::string_view name_of(Phase phase);

struct AttemptRecord {
  std::uint64_t attempt = 0;
  Outcome outcome = Outcome::kErrored;
  std::string reason;
  Time finished;
  bool operator==(const AttemptRecord&) const = default;
};

struct PromotionState {
  PromotionOpened opened;  // as it was replanned since; the configuration is frozen when an attempt starts
  Time opened_at;
  std::string opened_by;  // the actor's subject
  std::uint64_t attempt = 1;
  Phase phase = Phase::kWaiting;
  std::uint64_t epoch = 0;
  std::optional<Time> started_at;
  std::optional<Time> applied_at;
  std::vector<ApprovalRecorded> approvals;  // the last word of each person, by name; of earlier plans too
  std::vector<GateAnswer> gates;            // as recorded when it started or was blocked
  std::vector<CheckFinished> checks;        // of the current attempt
  std::vector<std::string> overwritten;
  bool recovered = false;
  std::vector<AttemptRecord> attempts;  // the ended ones, at most the last 20
  bool operator==(const PromotionState&) const = default;

  // The outcome of the last ended attempt, when none is going on.
  std::optional<Outcome> outcome() const;
};

// One departure from a policy, asked for and answered.
struct ExceptionState {
  ExceptionAsked asked;
  Time at;
  std::string by;                          // the actor's subject
  std::vector<ExceptionAnswered> answers;  // the last word of each person, by name
  std::optional<std::string> withdrawn;    // why
  bool operator==(const ExceptionState&) const = default;
};

// Keys of the records. Numbers are zero-padded, so that key order is number order.
namespace key {
std::string store();
std::string project(const model::ProjectName& project);
std::string release(const model::ProjectName& project, std::uint64_t serial);
std::string releases(const model::ProjectName& project);  // prefix
std::string version(const model::ProjectName& project, std::string_view label);
std::string release_digest(const model::ProjectName& project, const Digest& release);
std::string environment(const model::ProjectName& project, const model::EnvironmentName& environment);
std::string bundle(const model::ProjectName& project, const model::EnvironmentName& environment, const Digest& bundle);
std::string visit(const model::ProjectName& project, const model::EnvironmentName& environment, std::uint64_t visit);
std::string evidence(const model::ProjectName& project, const Digest& subject);
std::string promotion(const model::ProjectName& project, std::uint64_t number);
std::string promotions(const model::ProjectName& project);  // prefix
std::string exception(const model::ProjectName& project, std::uint64_t number);
}  // namespace key

// Canonical JSON of each record and back. decode errors are kIntegrity: Pawl wrote them.
std::string encode(const StoreState& state);
std::string encode(const ProjectState& state);
std::string encode(const ReleaseState& state);
std::string encode(const EnvironmentState& state);
std::string encode(const BundleState& state);
std::string encode(const VisitState& state);
std::string encode(const EvidenceState& state);
std::string encode(const PromotionState& state);
std::string encode(const ExceptionState& state);
template <class T>
Result<T> decode(std::string bytes);
template <>
Result<StoreState> decode(std::string bytes);
template <>
Result<ProjectState> decode(std::string bytes);
template <>
Result<ReleaseState> decode(std::string bytes);
template <>
Result<EnvironmentState> decode(std::string bytes);
template <>
Result<BundleState> decode(std::string bytes);
template <>
Result<VisitState> decode(std::string bytes);
template <>
Result<EvidenceState> decode(std::string bytes);
template <>
Result<PromotionState> decode(std::string bytes);
template <>
Result<ExceptionState> decode(std::string bytes);

}  // namespace pawl::plan
