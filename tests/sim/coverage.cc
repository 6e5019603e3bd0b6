#include "tests/sim/coverage.h"

#include <algorithm>
#include <array>
namespace pawl::sim {

namespace {

// Every step that the machine allows: event, what it says, and the phase that it finds the promotion in.
constexpr std::array kTransitions = {
    "configuration.applied apply",
    "configuration.applied takeover",
    "release.cut",
    "release.labelled",
    "promotion.replanned",
    "promotion.opened promote",
    "promotion.opened rollback",
    "promotion.opened reconcile",
    "promotion.opened layers",
    "promotion.retried before the head moved",
    "promotion.retried after the head moved",
    "promotion.started promote",
    "promotion.started promote by an exception",
    "promotion.started rollback",
    "promotion.started reconcile",
    "promotion.started over a half applied one",
    "promotion.resumed running",
    "promotion.resumed applied",
    "promotion.applied",
    "promotion.applied recovered",
    "promotion.applied over hand edits",
    "check.finished passed",
    "check.finished failed",
    "check.finished errored",
    "promotion.finished Succeeded applied",
    "promotion.finished Failed applied",
    "promotion.finished Errored running",
    "promotion.finished Errored applied",
    "promotion.finished Blocked waiting",
    "promotion.finished Aborted waiting",
    "promotion.finished Aborted running",
    "promotion.finished Aborted applied",
    "promotion.finished Superseded waiting",
    "promotion.finished Superseded running",
    "promotion.finished Superseded applied",
    "approval.recorded approved",
    "approval.recorded rejected",
    "evidence.recorded",
    "exception.asked",
    "exception.answered approved",
    "exception.answered rejected",
    "exception.withdrawn",
    "freeze.set one",
    "freeze.set all",
    "freeze.set lifted",
    "environment.held on",
    "environment.held off",
};

class Naming {
 public:
  explicit Naming(const Book& book) : book_(book) {}

  std::string operator()(const plan::ConfigurationApplied& e) const { return e.takeover ? "takeover" : "apply"; }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
  std::string operator()(const plan::PromotionOpened& e) const {
    return e.layers.empty() ? std::string(plan::name_of(e.kind)) : "layers";
  }
  std::string operator()(const plan::PromotionRetried& e) const {
    return book_.promotion(e.number).applied ? "after the head moved" : "before the head moved";
  }
  std::string operator()(const plan::PromotionStarted& e) const {
    const Promotion& promotion = book_.promotion(e.number);
    if (book_.place(promotion.opened.environment).half_applied) return "over a half applied one";
    std::string kind(plan::name_of(promotion.opened.kind));
    return promotion.opened.kind == plan::PromotionKind::kPromote && is_excepted(e) ? kind + " by an exception" : kind;
  }
  std::string operator()(const plan::PromotionResumed& e) const { return phase(e.number); }
  std::string operator()(const plan::PromotionApplied& e) const {
    return e.recovered ? "recovered" : e.overwritten.empty() ? "" : "over hand edits";
  }
  std::string operator()(const plan::CheckFinished& e) const {
    return e.passed ? "passed" : e.errored ? "errored" : "failed";
  }
  std::string operator()(const plan::PromotionFinished& e) const {
    return std::string(plan::name_of(e.outcome)) + " " + phase(e.number);
  }
  std::string operator()(const plan::ApprovalRecorded& e) const { return std::string(model::name_of(e.verdict)); }
  std::string operator()(const plan::ExceptionAnswered& e) const { return std::string(model::name_of(e.verdict)); }
  std::string operator()(const plan::FreezeSet& e) const {
    return !e.on ? "lifted" : e.environment.empty() ? "all" : "one";
  }
  std::string operator()(const plan::EnvironmentHeld& e) const { return e.on ? "on" : "off"; }

 private:
  std::string phase(std::uint64_t number) const { return std::string(plan::name_of(book_.promotion(number).phase)); }
  static bool is_excepted(const plan::PromotionStarted& e) {
    return std::any_of(e.gates.begin(), e.gates.end(), [](const plan::GateAnswer& answer) {
      return answer.found.find(" excepted") != std::string::npos;
    });
  }
  const Book& book_;
};

}  // namespace

std::string crash_point(std::string_view call, std::string_view newest_entry) {
  constexpr std::string_view kType = "\"type\":\"";
  std::string_view event = "nothing yet";
  if (std::size_t at = newest_entry.rfind(kType); at != std::string_view::npos) {
    event = newest_entry.substr(at + kType.size());
    event = event.substr(0, event.find('"'));
  }
  return std::string(call) + " after " + std::string(event);
}

void Coverage::struck(Blow blow, const std::string& point) {
  bool crash = blow == Blow::kKill || blow == Blow::kPowerLoss;
  if (crash) crashed_.insert(point);
  crashes_ += crash ? 1u : 0u;
  errors_ += blow == Blow::kError ? 1u : 0u;
  interrupts_ += blow == Blow::kInterrupt ? 1u : 0u;
}

void Coverage::took(const Book& before, const plan::Entry& entry) {
  std::string name(plan::type_of(entry.event));
  std::string how = std::visit(Naming(before), entry.event);
  transitions_.insert(how.empty() ? name : name + " " + how);
  if (std::holds_alternative<plan::PromotionOpened>(entry.event)) opened_ += 1;
}

std::string Coverage::missing() const {
  std::string out;
  for (const char* name : kTransitions) {
    if (!transitions_.contains(name)) out += std::string(name) + "\n";
  }
  return out;
}

std::string Coverage::line() const {
  std::set<std::string> all = transitions_;
  all.insert(kTransitions.begin(), kTransitions.end());
  return "sim: " + std::to_string(asked_) + " promotions (" + std::to_string(opened_) + " opened), " +
         std::to_string(crashes_) + " crashes at " + std::to_string(crashed_.size()) + " of " +
         std::to_string(points_.size()) + " points, " + std::to_string(errors_) + " errors, " +
         std::to_string(interrupts_) + " interrupts, " + std::to_string(transitions_.size()) + " of " +
         std::to_string(all.size()) + " transitions";
}

}  // namespace pawl::sim
