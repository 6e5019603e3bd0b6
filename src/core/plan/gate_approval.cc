#include <algorithm>

#include "core/plan/gate.h"

namespace pawl::plan {

namespace {

using People = std::set<model::PersonName>;

std::string list(const People& people) {
  std::string out;
  for (const model::PersonName& person : people) out += (out.empty() ? "" : ", ") + person.str();
  return out;
}

std::string names(const model::ApprovalGate& gate) {
  std::string out;
  for (const std::string& name : gate.from) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// One gate being answered.
class Count {
 public:
  Count(const model::ApprovalGate& gate, const GateFacts& facts)
      : gate_(gate), facts_(facts.approvals), asked_(people_of(gate.from, facts_.people, facts_.groups)) {
    for (const ApprovalFact& fact : facts_.said) take(fact, facts.now);
  }

  GateAnswer answer() const {
    GateAnswer out{.gate = "approval", .subject = GateSubject::kPromotion, .evidence = evidence_};
    out.found = std::to_string(agreed_.size()) + " of " + std::to_string(gate_.count) + " from " + names(gate_) +
                (agreed_.empty() ? "" : ": " + list(agreed_)) + remarks_;
    if (!rejected_.empty()) {
      out.state = GateState::kFailed;
      out.found = rejected_;
    } else if (facts_.promotion != 0 && !facts_.requester_known) {
      // Persons are compared, so that an unknown one could be anybody, the approver too.
      out.state = GateState::kFailed;
      out.found = "asked for by " + facts_.requester + ", whom the configuration does not know";
      out.who = "a known person who asks again with --supersede";
    } else if (agreed_.size() >= std::max<std::size_t>(1, gate_.count)) {
      out.state = GateState::kPassed;
    } else {
      out.state = GateState::kWaiting;
      out.who = who();
    }
    return out;
  }

 private:
  void take(const ApprovalFact& fact, Time now) {
    std::optional<ApprovalFlaw> flaw = flaw_for(fact, gate_, facts_, now);
    if (fact.verdict == model::ApprovalVerdict::kRejected) {
      // A no stands whatever became of its record, its key or the group: taking evidence away never makes a yes.
      rejected_ = fact.person.str() + " rejected it" + (fact.comment.empty() ? "" : ": " + fact.comment);
    } else if (flaw) {
      remarks_ += "; " + fact.person.str() + "'s does not count: " + words_for(*flaw);
    } else {
      agreed_.insert(fact.person);
      evidence_.push_back(fact.record);
    }
  }

  // Who may still agree, and how.
  std::string who() const {
    People left;
    for (const model::PersonName& person : asked_) {
      if (!agreed_.contains(person) && !facts_.own.contains(person)) left.insert(person);
    }
    std::string own;
    for (const model::PersonName& person : facts_.own) {
      if (asked_.contains(person)) own = person.str();
    }
    std::string out = left.empty() ? "nobody is left who could agree" : list(left);
    if (facts_.promotion == 0) return out + "; not whoever asks";
    if (!own.empty()) out += "; not " + own + ", who asked for it";
    return left.empty() ? out : out + ": pawl approve " + std::to_string(facts_.promotion);
  }

  const model::ApprovalGate& gate_;
  const ApprovalFacts& facts_;
  People asked_;
  People agreed_;
  std::vector<std::string> evidence_;
  std::string remarks_;
  std::string rejected_;
};

}  // namespace

GateAnswer answer(const model::ApprovalGate& gate, const GateFacts& facts) { return Count(gate, facts).answer(); }

}  // namespace pawl::plan
