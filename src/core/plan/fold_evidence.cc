#include <algorithm>

#include "core/plan/folding.h"

namespace pawl::plan {

Status apply(Folding& f, const EvidenceRecorded& event) {
  if (event.predicate_type.empty() || event.predicate_type.size() > kLongestPredicateType)
    return conflict("evidence has a predicate type of 1 to " + std::to_string(kLongestPredicateType) + " bytes");
  std::string at = key::evidence(f.project, event.subject);
  PAWL_ASSIGN(EvidenceState state, f.records.load<EvidenceState>(at));
  bool known =
      std::any_of(state.notes.begin(), state.notes.end(), [&](const auto& one) { return one.record == event.record; });
  if (known) return conflict("it is recorded already");
  if (state.notes.size() >= kMostEvidence)
    return conflict("there are " + std::to_string(kMostEvidence) + " statements about " + event.subject.brief() +
                    " already");
  state.notes.push_back({event.predicate_type, event.record, f.time, event.signed_by});
  f.records.put(at, state);
  return {};
}

}  // namespace pawl::plan
