#include "core/plan/gate.h"

#include <algorithm>

namespace pawl::plan {

std::string_view name_of(GateState state) {
  switch (state) {
    case GateState::kPassed:
      return "passed";
    case GateState::kFailed:
      return "failed";
    case GateState::kWaiting:
      return "waiting";
    case GateState::kErrored:
      return "errored";
  }
  return "";
}

std::string_view name_of(GateSubject subject) {
  switch (subject) {
    case GateSubject::kImage:
      return "image";
    case GateSubject::kSnapshot:
      return "snapshot";
    case GateSubject::kRelease:
      return "release";
    case GateSubject::kBundle:
      return "bundle";
    case GateSubject::kPromotion:
      return "promotion";
  }
  return "";
}

std::vector<GateAnswer> answer_all(std::span<const model::Gate> gates, const GateFacts& facts) {
  std::vector<GateAnswer> answers;
  for (const model::Gate& gate : gates) {
    answers.push_back(std::visit([&](const auto& g) { return answer(g, facts); }, gate));
  }
  return answers;
}

std::string objections(std::span<const GateAnswer> answers) {
  std::string out;
  for (const GateAnswer& answer : answers) {
    bool objects = answer.state == GateState::kFailed || answer.state == GateState::kErrored;
    if (objects) out += (out.empty() ? "" : "; ") + answer.gate + ": " + answer.found;
  }
  return out;
}

GateState verdict(std::span<const GateAnswer> answers) {
  auto any = [&](GateState state) {
    return std::any_of(answers.begin(), answers.end(), [&](const GateAnswer& a) { return a.state == state; });
  };
  for (GateState state : {GateState::kFailed, GateState::kErrored, GateState::kWaiting}) {
    if (any(state)) return state;
  }
  return GateState::kPassed;
}

}  // namespace pawl::plan
