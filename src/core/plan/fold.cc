#include "core/plan/fold.h"

#include <algorithm>

#include "core/plan/codec.h"

namespace pawl::plan {

namespace {

using model::EnvironmentName;
using model::ProjectName;

Error conflict(std::string message) { return Error(ErrorCode::kConflict, std::move(message)); }

std::string numbered(std::uint64_t number) { return "promotion " + std::to_string(number); }

// One entry being applied: the records, and where and when.
struct Folding {
  Records& records;
  const ProjectName& project;
  const model::Actor& actor;
  Time time;

  Result<PromotionState> promotion(std::uint64_t number) const {
    PAWL_ASSIGN(std::optional<PromotionState> found, records.find<PromotionState>(key::promotion(project, number)));
    if (!found) return conflict(numbered(number) + " does not exist");
    return std::move(*found);
  }
  Result<EnvironmentState> environment(const EnvironmentName& name) const {
    return records.load<EnvironmentState>(key::environment(project, name));
  }
  Result<BundleState> bundle(const EnvironmentName& name, const Digest& digest) const {
    return records.load<BundleState>(key::bundle(project, name, digest));
  }
  void put(const PromotionState& state) { records.put(key::promotion(project, state.opened.number), state); }
  void put(const EnvironmentName& name, const EnvironmentState& state) {
    records.put(key::environment(project, name), state);
  }
  void put(const EnvironmentName& name, const Digest& digest, const BundleState& state) {
    records.put(key::bundle(project, name, digest), state);
  }
};

void stop_soaking(BundleState& bundle, Time now) {
  bundle.longest_soak = soaked(bundle, now);
  bundle.soaking_since.reset();
}

void revoke(BundleState& bundle, std::string why) {
  bundle.verified = false;
  bundle.revoked = std::move(why);
  bundle.soaking_since.reset();
  bundle.longest_soak = Duration{};
}

Status apply(Folding& f, const ConfigurationApplied& event) {
  PAWL_ASSIGN(ProjectState project, f.records.load<ProjectState>(key::project(f.project)));
  if (project.configuration != event.previous) return conflict("another configuration came into force meanwhile");
  project.configuration = event.configuration;
  f.records.put(key::project(f.project), project);
  return {};
}

Status claim_version(Folding& f, const std::string& version, std::uint64_t serial) {
  std::string at = key::version(f.project, version);
  PAWL_ASSIGN(std::optional<std::string> taken, f.records.get(at));
  if (taken) return conflict("version " + version + " is release r" + *taken);
  f.records.put_text(at, std::to_string(serial));
  return {};
}

Status apply(Folding& f, const ReleaseCut& event) {
  PAWL_ASSIGN(ProjectState project, f.records.load<ProjectState>(key::project(f.project)));
  if (event.serial != project.releases + 1)
    return conflict("release r" + std::to_string(event.serial) + " is out of turn");
  std::string by_digest = key::release_digest(f.project, event.release);
  PAWL_ASSIGN(std::optional<std::string> known, f.records.get(by_digest));
  if (known) return conflict("this release is r" + *known + " already");
  PAWL_TRY(claim_version(f, event.version, event.serial));
  f.records.put_text(by_digest, std::to_string(event.serial));
  project.releases = event.serial;
  f.records.put(key::project(f.project), project);
  f.records.put(key::release(f.project, event.serial), ReleaseState{event.serial,
                                                                    {event.version},
                                                                    event.release,
                                                                    event.snapshot,
                                                                    event.record,
                                                                    event.commit,
                                                                    event.dirty,
                                                                    event.message,
                                                                    event.departures,
                                                                    f.time,
                                                                    f.actor.subject});
  return {};
}

Status apply(Folding& f, const ReleaseLabelled& event) {
  std::string at = key::release(f.project, event.serial);
  PAWL_ASSIGN(std::optional<ReleaseState> release, f.records.find<ReleaseState>(at));
  if (!release) return conflict("release r" + std::to_string(event.serial) + " does not exist");
  PAWL_TRY(claim_version(f, event.version, event.serial));
  release->versions.push_back(event.version);
  f.records.put(at, *release);
  return {};
}

bool overlap(const std::vector<model::LayerName>& a, const std::vector<model::LayerName>& b) {
  if (a.empty() || b.empty()) return true;
  return std::any_of(a.begin(), a.end(),
                     [&](const auto& name) { return std::find(b.begin(), b.end(), name) != b.end(); });
}

std::optional<Digest> head_of(const EnvironmentState& environment) {
  if (!environment.head) return std::nullopt;
  return environment.head->bundle;
}

Status apply(Folding& f, const PromotionOpened& event) {
  PAWL_ASSIGN(ProjectState project, f.records.load<ProjectState>(key::project(f.project)));
  if (event.number != project.promotions + 1) return conflict(numbered(event.number) + " is out of turn");
  PAWL_ASSIGN(EnvironmentState environment, f.environment(event.environment));
  if (head_of(environment) != event.from)
    return conflict("the head of " + event.environment.str() + " moved meanwhile");
  for (std::uint64_t other : environment.open) {
    PAWL_ASSIGN(PromotionState open, f.promotion(other));
    if (overlap(open.opened.layers, event.layers)) {
      return conflict(numbered(other) + " is open in " + event.environment.str());
    }
  }
  project.promotions = event.number;
  environment.open.push_back(event.number);
  environment.latest = event.number;
  PromotionState promotion{.opened = event};
  promotion.opened_at = f.time;
  promotion.opened_by = f.actor.subject;
  f.records.put(key::project(f.project), project);
  f.put(event.environment, environment);
  f.put(promotion);
  return {};
}

Status apply(Folding& f, const PromotionRetried& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  PAWL_ASSIGN(EnvironmentState environment, f.environment(promotion.opened.environment));
  std::optional<Outcome> outcome = promotion.outcome();
  if (outcome != Outcome::kFailed && outcome != Outcome::kErrored)
    return conflict(numbered(event.number) + " did not fail");
  if (environment.latest != event.number || !environment.open.empty()) {
    return conflict(numbered(event.number) + " is not the latest of its environment");
  }
  if (event.attempt != promotion.attempt + 1)
    return conflict("attempt " + std::to_string(event.attempt) + " is out of turn");
  bool head_moved = promotion.applied_at.has_value();
  if (!head_moved && head_of(environment) != promotion.opened.from) return conflict("the head moved meanwhile");
  promotion.attempt = event.attempt;
  promotion.phase = head_moved ? Phase::kApplied : Phase::kWaiting;
  promotion.checks.clear();
  environment.open.push_back(event.number);
  f.put(promotion.opened.environment, environment);
  f.put(promotion);
  return {};
}

// Whether the promotion is in `phase`, in the attempt named.
Status expect(const PromotionState& promotion, Phase phase, std::uint64_t attempt) {
  if (promotion.phase != phase) {
    return conflict(numbered(promotion.opened.number) + " is " + std::string(name_of(promotion.phase)) + ", not " +
                    std::string(name_of(phase)));
  }
  if (promotion.attempt != attempt) return conflict("attempt " + std::to_string(attempt) + " is over");
  return {};
}

// Whether the writer still drives the promotion: its epoch was not passed on.
Status expect_epoch(const PromotionState& promotion, const EnvironmentState& environment, std::uint64_t epoch) {
  if (epoch == promotion.epoch && epoch == environment.epoch) return {};
  return conflict("epoch " + std::to_string(epoch) + " was passed on; " + promotion.opened.environment.str() +
                  " is driven under epoch " + std::to_string(environment.epoch));
}

Status apply(Folding& f, const PromotionStarted& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  PAWL_TRY(expect(promotion, Phase::kWaiting, event.attempt));
  const EnvironmentName& name = promotion.opened.environment;
  PAWL_ASSIGN(EnvironmentState environment, f.environment(name));
  if (environment.pending && !environment.degraded) {
    return conflict(numbered(environment.pending->promotion) + " is running in " + name.str());
  }
  if (head_of(environment) != event.from) return conflict("the head of " + name.str() + " moved meanwhile");
  if (event.epoch != environment.epoch + 1) return conflict("epoch " + std::to_string(event.epoch) + " is taken");
  environment.epoch = event.epoch;
  environment.pending = Pending{event.number, event.attempt, promotion.opened.bundle, event.epoch};
  environment.degraded = false;
  promotion.phase = Phase::kRunning;
  promotion.epoch = event.epoch;
  promotion.started_at = f.time;
  promotion.gates = event.gates;
  f.put(name, environment);
  f.put(promotion);
  return {};
}

Status apply(Folding& f, const PromotionResumed& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  if (promotion.phase != Phase::kRunning) PAWL_TRY(expect(promotion, Phase::kApplied, event.attempt));
  PAWL_ASSIGN(EnvironmentState environment, f.environment(promotion.opened.environment));
  if (promotion.attempt != event.attempt) return conflict("attempt " + std::to_string(event.attempt) + " is over");
  if (event.epoch != environment.epoch + 1) return conflict("epoch " + std::to_string(event.epoch) + " is taken");
  environment.epoch = event.epoch;
  if (environment.pending) environment.pending->epoch = event.epoch;
  promotion.epoch = event.epoch;
  f.put(promotion.opened.environment, environment);
  f.put(promotion);
  return {};
}

Status leave_head(Folding& f, const EnvironmentName& name, const EnvironmentState& environment,
                  const PromotionState& promotion) {
  if (!environment.head) return {};
  const Head& head = *environment.head;
  std::string by = std::string(promotion.opened.kind == PromotionKind::kRollback ? "rollback " : "promotion ") +
                   std::to_string(promotion.opened.number);
  std::string visit_key = key::visit(f.project, name, environment.visits);
  PAWL_ASSIGN(std::optional<VisitState> visit, f.records.find<VisitState>(visit_key));
  if (visit) {
    visit->to = f.time;
    visit->left_by = by;
    f.records.put(visit_key, *visit);
  }
  if (head.bundle == promotion.opened.bundle) return {};
  PAWL_ASSIGN(BundleState bundle, f.bundle(name, head.bundle));
  if (promotion.opened.kind == PromotionKind::kRollback)
    revoke(bundle, "left by " + by);
  else
    stop_soaking(bundle, f.time);
  f.put(name, head.bundle, bundle);
  return {};
}

Status enter_head(Folding& f, const EnvironmentName& name, EnvironmentState& environment,
                  const PromotionState& promotion) {
  const PromotionOpened& opened = promotion.opened;
  bool same_bundle = environment.head && environment.head->bundle == opened.bundle;
  Time since = same_bundle ? environment.head->since : f.time;
  environment.head = Head{opened.bundle, opened.release, opened.number, opened.configuration, since};
  environment.visits += 1;
  f.records.put(key::visit(f.project, name, environment.visits),
                VisitState{environment.visits, opened.bundle, opened.release, opened.number, f.time, std::nullopt, ""});
  PAWL_ASSIGN(BundleState bundle, f.bundle(name, opened.bundle));
  if (bundle.verified && !bundle.soaking_since) bundle.soaking_since = f.time;
  f.put(name, opened.bundle, bundle);
  return {};
}

Status apply(Folding& f, const PromotionApplied& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  PAWL_TRY(expect(promotion, Phase::kRunning, event.attempt));
  const EnvironmentName& name = promotion.opened.environment;
  PAWL_ASSIGN(EnvironmentState environment, f.environment(name));
  PAWL_TRY(expect_epoch(promotion, environment, event.epoch));
  PAWL_TRY(leave_head(f, name, environment, promotion));
  PAWL_TRY(enter_head(f, name, environment, promotion));
  environment.pending.reset();
  if (promotion.opened.kind == PromotionKind::kRollback) environment.hold = Hold{promotion.opened.reason, f.time};
  promotion.phase = Phase::kApplied;
  promotion.applied_at = f.time;
  promotion.overwritten = event.overwritten;
  promotion.recovered = event.recovered;
  f.put(name, environment);
  f.put(promotion);
  return {};
}

Status apply(Folding& f, const CheckFinished& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  PAWL_TRY(expect(promotion, Phase::kApplied, event.attempt));
  PAWL_ASSIGN(EnvironmentState environment, f.environment(promotion.opened.environment));
  PAWL_TRY(expect_epoch(promotion, environment, event.epoch));
  bool known = std::any_of(promotion.checks.begin(), promotion.checks.end(),
                           [&](const CheckFinished& check) { return check.check == event.check; });
  if (known) return conflict("check " + event.check + " has answered already");
  promotion.checks.push_back(event);
  f.put(promotion);
  return {};
}

// What the outcome does to the bundle that became head.
Status judge_bundle(Folding& f, const PromotionState& promotion, const PromotionFinished& event) {
  const EnvironmentName& name = promotion.opened.environment;
  PAWL_ASSIGN(BundleState bundle, f.bundle(name, promotion.opened.bundle));
  if (event.outcome == Outcome::kSucceeded) {
    bundle.verified = true;
    bundle.checks = event.checks;
    bundle.verified_at = f.time;
    bundle.promotion = event.number;
    bundle.revoked.clear();
    if (!bundle.soaking_since) bundle.soaking_since = f.time;
  } else {
    revoke(bundle, event.reason.empty() ? std::string(name_of(event.outcome)) : event.reason);
  }
  f.put(name, promotion.opened.bundle, bundle);
  return {};
}

Status allow_outcome(const PromotionState& promotion, const PromotionFinished& event) {
  bool started = promotion.phase == Phase::kRunning || promotion.phase == Phase::kApplied;
  if (event.outcome == Outcome::kBlocked && started) return conflict(numbered(event.number) + " has started already");
  if (event.outcome != Outcome::kSucceeded) return {};
  bool all_passed =
      std::all_of(promotion.checks.begin(), promotion.checks.end(), [](const auto& c) { return c.passed; });
  if (promotion.phase != Phase::kApplied || !event.checks || !all_passed) {
    return conflict(numbered(event.number) + " cannot have succeeded");
  }
  return {};
}

void remember_attempt(PromotionState& promotion, const PromotionFinished& event, Time now) {
  constexpr std::size_t kKept = 20;
  promotion.attempts.push_back({event.attempt, event.outcome, event.reason, now});
  if (promotion.attempts.size() > kKept) promotion.attempts.erase(promotion.attempts.begin());
}

Status apply(Folding& f, const PromotionFinished& event) {
  PAWL_ASSIGN(PromotionState promotion, f.promotion(event.number));
  if (promotion.phase == Phase::kFinished) return conflict(numbered(event.number) + " has its outcome already");
  PAWL_TRY(expect(promotion, promotion.phase, event.attempt));
  PAWL_TRY(allow_outcome(promotion, event));
  const EnvironmentName& name = promotion.opened.environment;
  PAWL_ASSIGN(EnvironmentState environment, f.environment(name));
  if (promotion.phase != Phase::kWaiting) PAWL_TRY(expect_epoch(promotion, environment, event.epoch));
  if (promotion.phase == Phase::kRunning) environment.degraded = true;
  if (promotion.phase == Phase::kApplied) PAWL_TRY(judge_bundle(f, promotion, event));
  if (!event.gates.empty()) promotion.gates = event.gates;
  promotion.phase = Phase::kFinished;
  remember_attempt(promotion, event, f.time);
  std::erase(environment.open, event.number);
  f.put(name, environment);
  f.put(promotion);
  return {};
}

Status apply(Folding& f, const EnvironmentHeld& event) {
  PAWL_ASSIGN(EnvironmentState environment, f.environment(event.environment));
  if (event.on)
    environment.hold = Hold{event.reason, f.time};
  else
    environment.hold.reset();
  f.put(event.environment, environment);
  return {};
}

Status apply(Folding& f, const VerificationRevoked& event) {
  PAWL_ASSIGN(BundleState bundle, f.bundle(event.environment, event.bundle));
  if (!bundle.verified) return conflict("it is not verified in " + event.environment.str());
  revoke(bundle, event.reason);
  f.put(event.environment, event.bundle, bundle);
  return {};
}

}  // namespace

Status fold(Records& records, const Entry& entry) {
  PAWL_ASSIGN(StoreState store, records.load<StoreState>(key::store()));
  if (entry.time < store.last_time) {
    return conflict("time runs backwards: " + render_time(entry.time) + " after " + render_time(store.last_time));
  }
  // Put onto a layer of its own first, so that a refused entry leaves nothing behind.
  Records layer([&](std::string_view key) { return records.get(std::string(key)); });
  Folding folding{layer, entry.project, entry.actor, entry.time};
  PAWL_TRY(std::visit([&](const auto& event) { return apply(folding, event); }, entry.event));
  store.last_time = entry.time;
  store.entries += 1;
  layer.put(key::store(), store);
  for (const auto& [key, text] : layer.written()) records.put_text(key, text);
  return {};
}

Verification verification(const BundleState& bundle, const Digest& checks_in_force, Time now) {
  if (!bundle.verified)
    return {false, bundle.revoked.empty() ? "never verified here" : "not verified: " + bundle.revoked};
  if (bundle.checks != checks_in_force) return {false, "its checks changed since it was verified"};
  return {true, "verified " + render_age(now - bundle.verified_at) + " ago"};
}

Duration soaked(const BundleState& bundle, Time now) {
  if (!bundle.soaking_since || now < *bundle.soaking_since) return bundle.longest_soak;
  return std::max(bundle.longest_soak, std::chrono::duration_cast<Duration>(now - *bundle.soaking_since));
}

}  // namespace pawl::plan
