#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "core/model/callout.h"
#include "core/model/configuration.h"
#include "core/model/names.h"
#include "core/plan/approval.h"
#include "core/plan/evidence.h"
#include "crypto/digest.h"
#include "format/time_zone.h"

namespace pawl::plan {

enum class GateState : std::uint8_t { kPassed, kFailed, kWaiting, kErrored };
std::string_view name_of(GateState state);

// What a gate looks at: the digest that its evidence must be about.
enum class GateSubject : std::uint8_t { kImage, kSnapshot, kRelease, kBundle, kPromotion };
std::string_view name_of(GateSubject subject);

inline constexpr std::size_t kMostDetails = 20;

// A gate's answer; never a bare "no".
struct GateAnswer {
  std::string gate;  // "soak"
  GateSubject subject = GateSubject::kBundle;
  GateState state = GateState::kErrored;
  std::string found;                  // what it found: "12m of 30m in staging"
  std::string who;                    // who or what can unblock it; "" when nothing needs to be
  std::optional<Time> until;          // of a waiting one: when it may change by itself
  std::vector<std::string> evidence;  // digests, ledger references
  std::vector<std::string> details;   // one line each, where one sentence cannot hold it; at most kMostDetails
  auto operator<=>(const GateAnswer&) const = default;
};

// What is known of the release in one upstream environment.
struct UpstreamFacts {
  model::EnvironmentName environment;
  std::optional<crypto::Digest> bundle;  // the release's bundle there; absent when the release has none
  bool verified = false;                 // now, under the checks in force
  std::string verification;              // in words: "verified 2m ago", "smoke failed", "checks changed since"
  Duration soaked{};                     // longest unbroken time as a verified head
  bool is_head = false;                  // soak still grows
  bool in_progress = false;              // a promotion of the release is open there
  std::vector<std::string> evidence;
};

// An emergency stop, of the environment or of all.
struct FreezeFact {
  bool all = false;
  std::string reason;
  Time until;
};

// One rule's no about one object.
struct PolicyDenial {
  std::string policy;
  std::string binding;
  std::size_t rule = 0;  // of its validations, from 0
  std::string object;    // "shop/Deployment/web", "Promotion/42"
  std::string message;
  bool operator==(const PolicyDenial&) const = default;
};

// What the policies that are bound here make of the bundle and of the promotion.
struct PolicyFacts {
  std::size_t policies = 0;             // that are bound here
  std::size_t rules = 0;                // of all of them
  std::size_t evaluated = 0;            // answers that they gave
  std::vector<PolicyDenial> denials;    // that nothing excepts, in the order of objects
  std::size_t excepted = 0;             // denials that an exception lets pass
  std::vector<std::string> exceptions;  // those that were used, and those that do not count and why
  std::vector<std::string> warnings;
  std::string error;                  // why they could not be asked; "" where they were
  std::vector<std::string> evidence;  // digests of the policies' files
  bool blocks = true;                 // false: what they say is recorded, and stops nothing
};

// What another system said; without an answer, why there is none.
struct ExternalFact {
  std::string name;  // of the gate
  std::optional<model::CalloutAnswer> answer;
  bool asked = true;    // false: this verb asks nobody outside
  std::string trouble;  // of one that was asked and did not answer
  std::string record;   // digest of what was asked and answered; "" without an answer
};

// Facts that every gate may read. Pure data, gathered by the engine at one moment.
struct GateFacts {
  Time now;
  model::EnvironmentName environment;
  std::vector<UpstreamFacts> upstream;  // one for each environment in promotesFrom
  ApprovalFacts approvals;
  EvidenceFacts evidence;
  std::vector<ExternalFact> external;
  std::vector<FreezeFact> freezes;
  PolicyFacts policies;
  std::map<std::string, format::TimeZone> zones;  // those that windows name and this machine knows
};

// One file a gate: gate_upstream.cc, gate_soak.cc ...
GateAnswer answer(const model::UpstreamGate& gate, const GateFacts& facts);
GateAnswer answer(const model::SoakGate& gate, const GateFacts& facts);
GateAnswer answer(const model::ApprovalGate& gate, const GateFacts& facts);
GateAnswer answer(const model::WindowGate& gate, const GateFacts& facts);
GateAnswer answer(const model::PolicyGate& gate, const GateFacts& facts);
GateAnswer answer(const model::EvidenceGate& gate, const GateFacts& facts);
GateAnswer answer(const model::ExternalGate& gate, const GateFacts& facts);

// Of what stands in no configuration; nullopt while nothing is frozen.
std::optional<GateAnswer> answer_freeze(const GateFacts& facts);

// Every gate's answer, in order. A gate never stands in for another: all are asked.
std::vector<GateAnswer> answer_all(std::span<const model::Gate> gates, const GateFacts& facts);

// What those found that let nothing in and never will by waiting: "upstream: dev: never promoted; policy: 1 rule, 1
// denied".
std::string objections(std::span<const GateAnswer> answers);

// The verdict: failed before errored before waiting before passed. No gate at all passes (a root takes any intact
// release).
GateState verdict(std::span<const GateAnswer> answers);

}  // namespace pawl::plan
