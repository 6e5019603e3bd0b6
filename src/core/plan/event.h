#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/model/actor.h"
#include "core/model/exception.h"
#include "core/model/names.h"
#include "core/plan/gate.h"
#include "crypto/digest.h"

namespace pawl::plan {

// Everything that may happen, as the ledger records it. State is the fold of these (fold.h) and of nothing else.

using crypto::Digest;

enum class PromotionKind : std::uint8_t { kPromote, kRollback, kReconcile };
std::string_view name_of(PromotionKind kind);

enum class Outcome : std::uint8_t { kSucceeded, kFailed, kErrored, kBlocked, kAborted, kSuperseded };
std::string_view name_of(Outcome outcome);

// A new revision of the configuration is in force. The document is a blob of that digest.
struct ConfigurationApplied {
  Digest configuration;
  std::optional<Digest> previous;  // the revision it replaces: compare-and-swap
  bool takeover = false;           // an edited file of a store without people
  std::optional<Digest> request;   // here and below: the signed request's manifest
  bool operator==(const ConfigurationApplied&) const = default;
};

struct ReleaseCut {
  std::uint64_t serial = 0;
  std::string version;
  Digest release;
  Digest snapshot;
  Digest record;       // the signed release statement's manifest
  std::string commit;  // "" outside version control
  bool dirty = false;
  std::string message;
  std::vector<std::string> departures;  // plain secrets that were let in, with their reasons
  std::optional<Digest> request;
  bool operator==(const ReleaseCut&) const = default;
};

// Another version label on a release that is there already.
struct ReleaseLabelled {
  std::uint64_t serial = 0;
  std::string version;
  std::optional<Digest> request;
  bool operator==(const ReleaseLabelled&) const = default;
};

struct PromotionOpened {
  std::uint64_t number = 0;
  PromotionKind kind = PromotionKind::kPromote;
  model::EnvironmentName environment;
  Digest bundle;
  std::uint64_t release = 0;   // serial: of the bundle, or of the layers; 0 on the way back to an assembled one
  std::optional<Digest> from;  // the head it was planned against
  std::vector<model::LayerName> layers;  // of a layer-only promotion; empty: all
  Digest plan;                           // the plan digest that approvals bind to
  Digest configuration;
  std::string requester;  // person, or the actor's subject
  std::string reason;
  bool adopt = false;
  std::optional<Digest> request;
  bool operator==(const PromotionOpened&) const = default;
};

// Another attempt under the same number: the gates again where the head did not move, else the checks alone.
struct PromotionRetried {
  std::uint64_t number = 0;
  std::uint64_t attempt = 0;
  std::optional<Digest> configuration;  // whose checks run
  std::optional<Digest> request;
  bool operator==(const PromotionRetried&) const = default;
};

// A waiting promotion means something else now: the environment's configuration changed, or the head moved and a change
// of other layers was composed anew. It goes on waiting; what was approved was the old plan.
struct PromotionReplanned {
  std::uint64_t number = 0;
  std::uint64_t attempt = 0;
  std::optional<Digest> from;
  Digest bundle;
  Digest plan;
  Digest configuration;
  std::string reason;
  bool operator==(const PromotionReplanned&) const = default;
};

// The gates let it in; `pending` is set before the first effect.
struct PromotionStarted {
  std::uint64_t number = 0;
  std::uint64_t attempt = 0;
  std::uint64_t epoch = 0;
  std::optional<Digest> from;
  std::vector<GateAnswer> gates;
  std::optional<Digest> configuration;  // that the gates were asked under; frozen from here on
  bool operator==(const PromotionStarted&) const = default;
};

// Another driver goes on, under an epoch of its own; whoever drove before is fenced off.
struct PromotionResumed {
  std::uint64_t number = 0;
  std::uint64_t attempt = 0;
  std::uint64_t epoch = 0;
  bool operator==(const PromotionResumed&) const = default;
};

// Every layer is applied and was read back: the head moves.
struct PromotionApplied {
  std::uint64_t number = 0;
  std::uint64_t attempt = 0;
  std::uint64_t epoch = 0;
  std::vector<std::string> overwritten;  // hand edits that the apply replaced, at most 100
  bool recovered = false;                // the target had it already when a driver came back
  bool operator==(const PromotionApplied&) const = default;
};

struct CheckFinished {
  std::uint64_t number = 0;
  std::uint64_t attempt = 0;
  std::uint64_t epoch = 0;
  std::string check;
  bool passed = false;
  bool errored = false;
  std::string reason;
  std::optional<Digest> record;  // the signed test-result's manifest
  bool operator==(const CheckFinished&) const = default;
};

struct PromotionFinished {
  std::uint64_t number = 0;
  std::uint64_t attempt = 0;
  std::uint64_t epoch = 0;  // 0 when it never started
  Outcome outcome = Outcome::kErrored;
  std::string reason;
  std::vector<GateAnswer> gates;        // of a blocked one
  std::optional<Digest> checks;         // of a succeeded one: the digest of the checks that ran
  std::optional<Digest> configuration;  // of a blocked one: that the gates were asked under
  std::optional<Digest> request;        // of an aborted one
  bool operator==(const PromotionFinished&) const = default;
};

// A person said yes or no to a waiting promotion. It drives nothing: whether it counts is asked when the gates are.
struct ApprovalRecorded {
  std::uint64_t number = 0;
  model::ApprovalVerdict verdict = model::ApprovalVerdict::kRejected;
  model::PersonName person;  // whose key it was then
  Digest plan;               // that it is about
  std::string comment;
  Time given;
  std::optional<Time> expires;
  Digest record;  // the signed statement's manifest
  bool operator==(const ApprovalRecorded&) const = default;
};

// Somebody asks to depart from a policy. It lets nothing pass by itself.
struct ExceptionAsked {
  model::PolicyException exception;
  Digest document;  // of the exception, a blob: what the answers are about
  std::optional<Digest> request;
  bool operator==(const ExceptionAsked&) const = default;
};

// A person said yes or no to it. Whether that counts is asked whenever the policies are.
struct ExceptionAnswered {
  std::uint64_t number = 0;
  model::ApprovalVerdict verdict = model::ApprovalVerdict::kRejected;
  model::PersonName person;  // whose key it was then
  std::string comment;
  Time given;
  Digest document;
  Digest record;  // the signed statement's manifest
  bool operator==(const ExceptionAnswered&) const = default;
};

// It is over before its time.
struct ExceptionWithdrawn {
  std::uint64_t number = 0;
  std::string reason;
  std::optional<Digest> request;
  bool operator==(const ExceptionWithdrawn&) const = default;
};

// A signed statement about a digest was made here or brought in. Whether it counts is asked when the gates are; its age
// is counted from this entry, whatever it says of itself.
struct EvidenceRecorded {
  Digest subject;
  std::string predicate_type;
  Digest record;                       // the signed statement's manifest
  std::vector<std::string> signed_by;  // persons and trust roles whose key it was then, sorted
  std::optional<std::string> issued;   // of one that Pawl issues again and again: what of, "check smoke"
  bool operator==(const EvidenceRecorded&) const = default;
};

struct EnvironmentHeld {
  model::EnvironmentName environment;
  bool on = true;
  std::string reason;
  std::optional<Digest> request;
  bool operator==(const EnvironmentHeld&) const = default;
};

// An emergency stop: nothing enters until it is lifted or over. Without an environment it is of all of them.
struct FreezeSet {
  model::EnvironmentName environment;
  bool on = true;
  std::string reason;
  std::optional<Time> until;  // absent where it is lifted
  std::optional<Digest> request;
  bool operator==(const FreezeSet&) const = default;
};

struct VerificationRevoked {
  model::EnvironmentName environment;
  Digest bundle;
  std::string reason;
  bool operator==(const VerificationRevoked&) const = default;
};

using Event = std::variant<ConfigurationApplied, ReleaseCut, ReleaseLabelled, PromotionOpened, PromotionRetried,
                           PromotionReplanned, PromotionStarted, PromotionResumed, PromotionApplied, CheckFinished,
                           PromotionFinished, ApprovalRecorded, EvidenceRecorded, ExceptionAsked, ExceptionAnswered,
                           ExceptionWithdrawn, EnvironmentHeld, FreezeSet, VerificationRevoked>;
std::string_view type_of(const Event& event);  // "promotion.started"

// One ledger entry.
struct Entry {
  model::ProjectName project;
  Time time;
  model::Actor actor;
  Event event;
  bool operator==(const Entry&) const = default;
};

// Canonical JSON, format version 1. decode refuses what it does not know, so that no fact is passed over.
std::string encode_entry(const Entry& entry);
Result<Entry> decode_entry(std::string bytes);

}  // namespace pawl::plan
