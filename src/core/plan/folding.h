#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/plan/fold.h"

namespace pawl::plan {

// Inside of the fold: one entry being applied to the records. Only fold*.cc include this.

struct Folding {
  Records& records;
  const model::ProjectName& project;
  const model::Actor& actor;
  Time time;

  // Errors: kConflict when there is no such promotion.
  Result<PromotionState> promotion(std::uint64_t number) const;
  Result<EnvironmentState> environment(const model::EnvironmentName& name) const;
  Result<BundleState> bundle(const model::EnvironmentName& name, const Digest& digest) const;
  void put(const PromotionState& state);
  void put(const model::EnvironmentName& name, const EnvironmentState& state);
  void put(const model::EnvironmentName& name, const Digest& digest, const BundleState& state);
};

// What each event does, or kConflict when the state does not allow it. One file a group of events.
Status apply(Folding& f, const ConfigurationApplied& event);  // fold_release.cc
Status apply(Folding& f, const ReleaseCut& event);
Status apply(Folding& f, const ReleaseLabelled& event);
Status apply(Folding& f, const PromotionOpened& event);  // fold_promotion.cc: up to the first effect
Status apply(Folding& f, const PromotionRetried& event);
Status apply(Folding& f, const PromotionReplanned& event);
Status apply(Folding& f, const PromotionStarted& event);
Status apply(Folding& f, const PromotionResumed& event);
Status apply(Folding& f, const PromotionApplied& event);  // fold_head.cc
Status apply(Folding& f, const CheckFinished& event);     // fold_outcome.cc
Status apply(Folding& f, const PromotionFinished& event);
Status apply(Folding& f, const ApprovalRecorded& event);  // fold_approval.cc
Status apply(Folding& f, const ExceptionAsked& event);    // fold_exception.cc
Status apply(Folding& f, const ExceptionAnswered& event);
Status apply(Folding& f, const ExceptionWithdrawn& event);
Status apply(Folding& f, const EvidenceRecorded& event);  // fold_evidence.cc
Status apply(Folding& f, const EnvironmentHeld& event);
Status apply(Folding& f, const FreezeSet& event);  // fold_freeze.cc
Status apply(Folding& f, const VerificationRevoked& event);

Error conflict(std::string message);
std::string numbered(std::uint64_t number);  // "promotion 3"
std::optional<Digest> head_of(const EnvironmentState& environment);
// Whether the promotion is in `phase`, in the attempt named.
Status expect(const PromotionState& promotion, Phase phase, std::uint64_t attempt);
// Whether the writer still drives the promotion: its epoch was not passed on.
Status expect_epoch(const PromotionState& promotion, const EnvironmentState& environment, std::uint64_t epoch);
// The soak that was reached is kept; it grows no more.
void stop_soaking(BundleState& bundle, Time now);
// Takes the verification away, and the soak with it.
void revoke(BundleState& bundle, std::string why);

}  // namespace pawl::plan
