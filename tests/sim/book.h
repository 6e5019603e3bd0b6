#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/plan/event.h"
#include "core/plan/state.h"

namespace pawl::sim {

using crypto::Digest;

// What the judge remembers of one promotion.
struct Promotion {
  plan::PromotionOpened opened;
  std::uint64_t attempt = 1;
  plan::Phase phase = plan::Phase::kWaiting;
  std::uint64_t epoch = 0;
  bool applied = false;
  std::set<std::string> passed;                                   // checks of this attempt
  std::map<model::PersonName, plan::ApprovalRecorded> said = {};  // the last word of each person
  std::optional<plan::Outcome> outcome;
};

// What a bundle is worth in one environment.
struct Worth {
  bool verified = false;
  std::optional<Digest> checks;
  std::optional<Time> soaking_since;
  Duration longest{};
  Duration soaked(Time now) const;
};

// What the judge remembers of a departure from a policy that somebody asked for.
struct Departure {
  plan::ExceptionAsked asked;
  Time at;
  model::Actor by;
  bool withdrawn = false;
  bool rejected = false;  // by anybody, at any time
  std::set<model::PersonName> agreed = {};
};

struct HeadSeen {
  Digest bundle;
  std::uint64_t release = 0;
  std::uint64_t promotion = 0;
  Digest configuration;
};

// What the judge remembers of one environment.
struct Place {
  std::uint64_t epoch = 0;
  std::map<std::uint64_t, std::uint64_t> given;  // epoch -> the promotion that got it
  std::optional<HeadSeen> head;
  std::optional<std::uint64_t> pending;  // promotion
  bool half_applied = false;
  bool held = false;
  std::set<Digest> visited;  // bundles that were head
  std::set<Digest> tried;    // bundles of promotions that started since the head moved last
  std::map<Digest, Worth> worth;
};

// The judge's own reading of a ledger. It shares nothing with plan::fold, believes every entry, and judges none.
class Book {
 public:
  void take(const plan::Entry& entry);

  // What is not known is a fresh one.
  const Promotion& promotion(std::uint64_t number) const;
  const Place& place(const model::EnvironmentName& name) const;
  const std::map<model::EnvironmentName, Place>& places() const { return places_; }
  const std::map<std::uint64_t, plan::ReleaseCut>& releases() const { return releases_; }
  std::optional<Digest> configuration() const { return configuration_; }
  const std::map<std::uint64_t, Departure>& departures() const { return departures_; }
  // Results of checks that are no evidence yet.
  const std::set<Digest>& results_left_out() const { return results_left_out_; }
  // When the freeze that holds in this environment is over, of its own or of all; the epoch where there is none.
  Time frozen_until(const model::EnvironmentName& name) const;
  std::uint64_t newest_promotion() const { return promotions_.empty() ? 0 : promotions_.rbegin()->first; }
  Time last_time() const { return last_time_; }

 private:
  void see(const plan::ConfigurationApplied& event) { configuration_ = event.configuration; }
  void see(const plan::ReleaseCut& event) { releases_.insert_or_assign(event.serial, event); }
  void see(const plan::PromotionOpened& event);
  void see(const plan::PromotionRetried& event);
  void see(const plan::PromotionReplanned& event);
  void see(const plan::PromotionStarted& event);
  void see(const plan::PromotionResumed& event);
  void see(const plan::PromotionApplied& event);
  void see(const plan::CheckFinished& event);
  void see(const plan::PromotionFinished& event);
  void see(const plan::EvidenceRecorded& event) { results_left_out_.erase(event.record); }
  void see(const plan::ApprovalRecorded& event) { at(event.number).said.insert_or_assign(event.person, event); }
  void see(const plan::ExceptionAsked& event);
  void see(const plan::ExceptionAnswered& event);
  void see(const plan::ExceptionWithdrawn& event) { departure(event.number).withdrawn = true; }
  void see(const plan::FreezeSet& event) {
    frozen_[event.environment] = event.on ? event.until.value_or(Time()) : Time();
  }
  void see(const plan::EnvironmentHeld& event) { places_[event.environment].held = event.on; }
  void see(const plan::VerificationRevoked& event) { places_[event.environment].worth[event.bundle] = {}; }
  template <class Other>
  void see(const Other&) {}
  void leave_head(Place& place, const Promotion& promotion);
  Promotion& at(std::uint64_t number);
  Departure& departure(std::uint64_t number);
  Place& place_of(const Promotion& promotion) { return places_[promotion.opened.environment]; }

  std::optional<Digest> configuration_;
  std::map<std::uint64_t, plan::ReleaseCut> releases_;
  std::map<std::uint64_t, Promotion> promotions_;
  std::map<model::EnvironmentName, Place> places_;
  std::map<std::uint64_t, Departure> departures_;
  std::set<Digest> results_left_out_;
  std::map<model::EnvironmentName, Time> frozen_;  // "": all; until when
  Time last_time_;
  model::Actor actor_;  // of the entry that is taken in
};

}  // namespace pawl::sim
