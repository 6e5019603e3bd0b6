#include "core/plan/exception.h"

#include <fmt/format.h>

#include <algorithm>

#include "format/glob.h"

namespace pawl::plan {

namespace {

struct Words {
  std::string_view name;
  std::string_view text;
};

Words all_words(ExceptionFlaw flaw) {
  switch (flaw) {
    case ExceptionFlaw::kNobodyMay:
      return {"nobodyMay", "the configuration lets nobody depart from a policy"};
    case ExceptionFlaw::kDamaged:
      return {"damaged", "its document is gone or damaged"};
    case ExceptionFlaw::kWithdrawn:
      return {"withdrawn", "it was withdrawn"};
    case ExceptionFlaw::kExpired:
      return {"expired", "it expired"};
    case ExceptionFlaw::kTooLong:
      return {"tooLong", "it lasts longer than the configuration allows"};
    case ExceptionFlaw::kRejected:
      return {"rejected", "it was rejected"};
    case ExceptionFlaw::kNotAgreed:
      return {"notAgreed", "too few have agreed to it"};
    case ExceptionFlaw::kOtherEnvironment:
      return {"otherEnvironment", "it is about another environment"};
    case ExceptionFlaw::kOtherBundle:
      return {"otherBundle", "it is about another bundle"};
    case ExceptionFlaw::kOtherRule:
      return {"otherRule", "it is about another rule"};
    case ExceptionFlaw::kOtherObject:
      return {"otherObject", "it is about another object"};
  }
  return {};
}

Words all_words(ExceptionWordFlaw flaw) {
  switch (flaw) {
    case ExceptionWordFlaw::kOtherLedger:
      return {"otherLedger", "it is about an exception of another store"};
    case ExceptionWordFlaw::kOtherProject:
      return {"otherProject", "it is about another project"};
    case ExceptionWordFlaw::kOtherException:
      return {"otherException", "it is about another exception"};
    case ExceptionWordFlaw::kUnverified:
      return {"unverified", "its signed record is gone or not theirs any more"};
    case ExceptionWordFlaw::kOwnRequest:
      return {"ownRequest", "whoever asked never counts"};
    case ExceptionWordFlaw::kNotAsked:
      return {"notAsked", "not among those who may agree to it"};
  }
  return {};
}

}  // namespace

std::string_view name_of(ExceptionWordFlaw flaw) { return all_words(flaw).name; }
std::string_view words_for(ExceptionWordFlaw flaw) { return all_words(flaw).text; }

std::string_view name_of(ExceptionFlaw flaw) { return all_words(flaw).name; }
std::string_view words_for(ExceptionFlaw flaw) { return all_words(flaw).text; }

std::optional<ExceptionWordFlaw> flaw_of_subject(const model::PolicyException& signed_one,
                                                 const model::PolicyException& asked) {
  if (signed_one.ledger != asked.ledger) return ExceptionWordFlaw::kOtherLedger;
  if (signed_one.project != asked.project) return ExceptionWordFlaw::kOtherProject;
  if (signed_one != asked) return ExceptionWordFlaw::kOtherException;
  return std::nullopt;
}

std::optional<ExceptionWordFlaw> flaw_of(const ExceptionWord& word, const ExceptionFact& fact,
                                         const ExceptionJudges& judges) {
  if (!word.verifies) return ExceptionWordFlaw::kUnverified;
  if (fact.own.contains(word.person)) return ExceptionWordFlaw::kOwnRequest;
  if (!judges.asked.contains(word.person)) return ExceptionWordFlaw::kNotAsked;
  return std::nullopt;
}

std::set<model::PersonName> agreed(const ExceptionFact& fact, const ExceptionJudges& judges) {
  std::set<model::PersonName> out;
  for (const ExceptionWord& word : fact.words) {
    bool counts = word.verdict == model::ApprovalVerdict::kApproved && !flaw_of(word, fact, judges);
    if (counts) out.insert(word.person);
  }
  return out;
}

std::optional<ExceptionFlaw> flaw_of(const ExceptionFact& fact, const ExceptionJudges& judges, Time now) {
  if (fact.damaged) return ExceptionFlaw::kDamaged;
  if (fact.withdrawn) return ExceptionFlaw::kWithdrawn;
  if (now >= fact.exception.expires) return ExceptionFlaw::kExpired;
  if (!judges.rules) return ExceptionFlaw::kNobodyMay;
  if (fact.exception.expires > fact.asked_at + judges.rules->longest) return ExceptionFlaw::kTooLong;
  // A no stands whatever became of its record or the group: taking evidence away never makes a yes.
  bool rejected = std::any_of(fact.words.begin(), fact.words.end(), [](const ExceptionWord& word) {
    return word.verdict == model::ApprovalVerdict::kRejected;
  });
  if (rejected) return ExceptionFlaw::kRejected;
  if (agreed(fact, judges).size() < std::max<std::size_t>(1, judges.rules->count)) return ExceptionFlaw::kNotAgreed;
  return std::nullopt;
}

std::optional<ExceptionFlaw> flaw_for(const model::PolicyException& exception, const PolicyDenial& denial,
                                      const model::EnvironmentName& environment, const crypto::Digest& bundle) {
  if (exception.environment != environment) return ExceptionFlaw::kOtherEnvironment;
  if (exception.bundle && *exception.bundle != bundle) return ExceptionFlaw::kOtherBundle;
  if (exception.policy != denial.policy) return ExceptionFlaw::kOtherRule;
  if (exception.rule && *exception.rule != denial.rule) return ExceptionFlaw::kOtherRule;
  if (!exception.object.empty() && !format::glob_match(exception.object, denial.object))
    return ExceptionFlaw::kOtherObject;
  return std::nullopt;
}

namespace {

// One exception against all denials of its policy.
class Use {
 public:
  Use(const ExceptionFact& fact, const ExceptionJudges& judges, const model::EnvironmentName& environment,
      const crypto::Digest& bundle, Time now)
      : fact_(fact), environment_(environment), bundle_(bundle), flaw_(flaw_of(fact, judges, now)) {}

  void apply(PolicyFacts& facts) {
    std::erase_if(facts.denials, [&](const PolicyDenial& denial) { return takes(denial); });
    if (taken_ > 0) note_words(facts.evidence);
    say(fmt::format("{} of {}", taken_, fact_.exception.policy), facts.exceptions);
    facts.excepted += taken_;
  }

  // A denial by the gate, of everything.
  void apply(GateAnswer& answer) {
    if (takes({.policy = gate_exception(answer.gate), .binding = {}, .object = {}, .message = {}})) {
      answer.state = GateState::kPassed;
      answer.who.clear();
      answer.until.reset();
      note_words(answer.evidence);
    }
    say("it", answer.details);
  }

 private:
  bool takes(const PolicyDenial& denial) {
    if (denial.policy != fact_.exception.policy) return false;
    std::optional<ExceptionFlaw> flaw = flaw_for(fact_.exception, denial, environment_, bundle_);
    if (!flaw) flaw = flaw_;
    if (!flaw) ++taken_;
    if (flaw) reported_ = flaw;
    return !flaw;
  }

  void note_words(std::vector<std::string>& evidence) const {
    for (const ExceptionWord& word : fact_.words) evidence.push_back(word.record);
  }

  void say(const std::string& what, std::vector<std::string>& lines) const {
    const model::PolicyException& exception = fact_.exception;
    std::string name = fmt::format("exception {}", exception.number);
    std::string ticket = exception.ticket.empty() ? "" : ", " + exception.ticket;
    if (taken_ > 0)
      lines.push_back(fmt::format("{} lets {} pass until {}: {}{}", name, what, render_time(exception.expires),
                                  exception.reason, ticket));
    else if (reported_)
      lines.push_back(fmt::format("{} does not count: {}", name, words_for(*reported_)));
  }

  const ExceptionFact& fact_;
  const model::EnvironmentName& environment_;
  const crypto::Digest& bundle_;
  std::optional<ExceptionFlaw> flaw_;
  std::optional<ExceptionFlaw> reported_;
  std::size_t taken_ = 0;
};

}  // namespace

void except(PolicyFacts& facts, std::span<const ExceptionFact> exceptions, const ExceptionJudges& judges,
            const model::EnvironmentName& environment, const crypto::Digest& bundle, Time now) {
  for (const ExceptionFact& fact : exceptions) Use(fact, judges, environment, bundle, now).apply(facts);
}

namespace {

constexpr std::string_view kGate = "gate/";

bool stands_in_the_way(const GateAnswer& answer) {
  bool shut = answer.state == GateState::kWaiting || answer.state == GateState::kFailed;
  return shut && may_be_excepted(answer.gate);
}

}  // namespace

bool may_be_excepted(std::string_view gate) { return gate == "freeze" || gate == "window"; }

std::string gate_exception(std::string_view gate) { return std::string(kGate) + std::string(gate); }

std::optional<std::string_view> gate_of_exception(std::string_view policy) {
  if (!policy.starts_with(kGate)) return std::nullopt;
  return policy.substr(kGate.size());
}

bool any_to_except(std::span<const GateAnswer> answers) { return std::ranges::any_of(answers, stands_in_the_way); }

void except_gates(std::span<GateAnswer> answers, std::span<const ExceptionFact> exceptions,
                  const ExceptionJudges& judges, const model::EnvironmentName& environment,
                  const crypto::Digest& bundle, Time now) {
  for (GateAnswer& answer : answers) {
    for (const ExceptionFact& fact : exceptions) {
      if (stands_in_the_way(answer) && answer.details.size() < kMostDetails)
        Use(fact, judges, environment, bundle, now).apply(answer);
    }
  }
}

}  // namespace pawl::plan
