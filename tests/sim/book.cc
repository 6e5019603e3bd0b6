#include "tests/sim/book.h"

#include <algorithm>

#include "core/plan/codec.h"
#include "format/codec.h"

namespace pawl::sim {

namespace {

Promotion unknown() { return {.opened = format::Blank<plan::PromotionOpened>::make()}; }

}  // namespace

Duration Worth::soaked(Time now) const {
  if (!soaking_since || now < *soaking_since) return longest;
  return std::max(longest, Duration(now - *soaking_since));
}

const Promotion& Book::promotion(std::uint64_t number) const {
  static const Promotion none = unknown();
  auto found = promotions_.find(number);
  return found == promotions_.end() ? none : found->second;
}

const Place& Book::place(const model::EnvironmentName& name) const {
  static const Place none;
  auto found = places_.find(name);
  return found == places_.end() ? none : found->second;
}

Time Book::frozen_until(const model::EnvironmentName& name) const {
  Time until;
  for (const model::EnvironmentName& scope : {model::EnvironmentName(), name}) {
    if (auto found = frozen_.find(scope); found != frozen_.end()) until = std::max(until, found->second);
  }
  return until;
}

Departure& Book::departure(std::uint64_t number) {
  auto blank = format::Blank<plan::ExceptionAsked>::make();
  return departures_.try_emplace(number, Departure{blank, Time(), {}}).first->second;
}

Promotion& Book::at(std::uint64_t number) { return promotions_.try_emplace(number, unknown()).first->second; }

void Book::take(const plan::Entry& entry) {
  last_time_ = entry.time;
  actor_ = entry.actor;
  std::visit([this](const auto& event) { see(event); }, entry.event);
}

void Book::see(const plan::PromotionOpened& event) { promotions_.insert_or_assign(event.number, Promotion{event}); }

void Book::see(const plan::PromotionRetried& event) {
  Promotion& promotion = at(event.number);
  promotion.attempt = event.attempt;
  promotion.phase = promotion.applied ? plan::Phase::kApplied : plan::Phase::kWaiting;
  promotion.passed.clear();
  promotion.outcome.reset();
  if (event.configuration) promotion.opened.configuration = *event.configuration;
}

void Book::see(const plan::PromotionReplanned& event) {
  plan::PromotionOpened& opened = at(event.number).opened;
  opened.from = event.from;
  opened.bundle = event.bundle;
  opened.plan = event.plan;
  opened.configuration = event.configuration;
}

void Book::see(const plan::PromotionStarted& event) {
  Promotion& promotion = at(event.number);
  Place& place = place_of(promotion);
  if (event.configuration) promotion.opened.configuration = *event.configuration;
  promotion.phase = plan::Phase::kRunning;
  promotion.epoch = place.epoch = event.epoch;
  place.given[event.epoch] = event.number;
  place.pending = event.number;
  place.half_applied = false;
  place.tried.insert(promotion.opened.bundle);
}

void Book::see(const plan::PromotionResumed& event) {
  Promotion& promotion = at(event.number);
  Place& place = place_of(promotion);
  promotion.epoch = place.epoch = event.epoch;
  place.given[event.epoch] = event.number;
}

void Book::leave_head(Place& place, const Promotion& promotion) {
  if (!place.head || place.head->bundle == promotion.opened.bundle) return;
  Worth& left = place.worth[place.head->bundle];
  if (promotion.opened.kind == plan::PromotionKind::kRollback) {
    left = {};
  } else {
    left.longest = left.soaked(last_time_);
    left.soaking_since.reset();
  }
}

void Book::see(const plan::PromotionApplied& event) {
  Promotion& promotion = at(event.number);
  Place& place = place_of(promotion);
  leave_head(place, promotion);
  const plan::PromotionOpened& opened = promotion.opened;
  promotion.phase = plan::Phase::kApplied;
  promotion.applied = true;
  place.head = HeadSeen{opened.bundle, opened.release, opened.number, opened.configuration};
  place.pending.reset();
  place.tried.clear();
  place.visited.insert(opened.bundle);
  if (opened.kind == plan::PromotionKind::kRollback) place.held = true;
  Worth& worth = place.worth[opened.bundle];
  if (worth.verified && !worth.soaking_since) worth.soaking_since = last_time_;
}

void Book::see(const plan::CheckFinished& event) {
  if (event.passed) at(event.number).passed.insert(event.check);
  if (event.record) results_left_out_.insert(*event.record);
}

void Book::see(const plan::ExceptionAsked& event) {
  departures_.insert_or_assign(event.exception.number, Departure{event, last_time_, actor_});
}

void Book::see(const plan::ExceptionAnswered& event) {
  Departure& about = departure(event.number);
  if (event.verdict == model::ApprovalVerdict::kApproved)
    about.agreed.insert(event.person);
  else
    about.rejected = true;
}

void Book::see(const plan::PromotionFinished& event) {
  Promotion& promotion = at(event.number);
  Place& place = place_of(promotion);
  if (promotion.phase == plan::Phase::kRunning) place.half_applied = true;
  if (promotion.phase == plan::Phase::kApplied) {
    Worth& worth = place.worth[promotion.opened.bundle];
    if (event.outcome == plan::Outcome::kSucceeded) {
      worth.verified = true;
      worth.checks = event.checks;
      if (!worth.soaking_since) worth.soaking_since = last_time_;
    } else {
      worth = {};
    }
  }
  promotion.phase = plan::Phase::kFinished;
  promotion.outcome = event.outcome;
}

}  // namespace pawl::sim
