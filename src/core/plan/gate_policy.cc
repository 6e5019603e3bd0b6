#include <fmt/format.h>

#include "base/text.h"
#include "core/plan/gate.h"

namespace pawl::plan {

namespace {

constexpr std::string_view kKeepers = "whoever keeps the policies";

std::string summary(const PolicyFacts& facts) {
  std::string out = fmt::format("{}, {} denied", counted(facts.rules, "rule"), facts.denials.size());
  if (facts.excepted > 0) out += fmt::format(", {} excepted", facts.excepted);
  if (!facts.warnings.empty()) out += ", " + counted(facts.warnings.size(), "warning");
  return out;
}

std::vector<std::string> lines(const PolicyFacts& facts) {
  std::vector<std::string> out = facts.exceptions;
  for (const PolicyDenial& denial : facts.denials)
    out.push_back(fmt::format("{}: {} ({}[{}])", denial.object, denial.message, denial.policy, denial.rule));
  for (const std::string& warning : facts.warnings) out.push_back("warning: " + warning);
  if (out.size() <= kMostDetails) return out;
  std::size_t left = out.size() - (kMostDetails - 1);
  out.resize(kMostDetails - 1);
  out.push_back(fmt::format("and {} more", left));
  return out;
}

// What is said to a rollback, which it stops nowhere.
GateAnswer recorded(GateAnswer answer) {
  if (answer.state == GateState::kPassed) return answer;
  answer.state = GateState::kPassed;
  answer.found += "; recorded: the way back stays open";
  answer.who.clear();
  return answer;
}

}  // namespace

GateAnswer answer(const model::PolicyGate& gate, const GateFacts& given) {
  const PolicyFacts& facts = given.policies;
  GateAnswer out{.gate = "policy", .subject = GateSubject::kBundle, .state = GateState::kPassed};
  out.evidence = facts.evidence;
  out.details = lines(facts);
  out.found = summary(facts);
  if (!facts.error.empty()) {
    out.state = GateState::kErrored;
    out.found = facts.error;
    out.who = kKeepers;
  } else if (facts.policies == 0 && gate.required) {
    out.state = GateState::kFailed;
    out.found = "no policy is bound to " + given.environment.str();
    out.who = kKeepers;
  } else if (facts.policies > 0 && facts.evaluated == 0) {
    // Rules that looked at nothing prove nothing.
    out.state = GateState::kFailed;
    out.found = counted(facts.rules, "rule") + ", and none was about anything here";
    out.who = kKeepers;
  } else if (!facts.denials.empty()) {
    out.state = GateState::kFailed;
    out.who = "a release that obeys them";
  }
  return facts.blocks ? out : recorded(std::move(out));
}

}  // namespace pawl::plan
