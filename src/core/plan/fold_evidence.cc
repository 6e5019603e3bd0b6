#include <algorithm>

#include "core/plan/folding.h"

namespace pawl::plan {

namespace {

// What was brought in stays, each once. What Pawl issued takes the place of what it issued of the same thing before,
// under the same names: no gate would look at that one any more.
Status make_room(EvidenceState& state, const EvidenceRecorded& event) {
  auto in_its_place = [&](const EvidenceNote& one) {
    if (!event.issued) return false;
    return one.issued == event.issued && one.predicate_type == event.predicate_type && one.signed_by == event.signed_by;
  };
  auto same_kind = [&](const EvidenceNote& one) { return one.issued.has_value() == event.issued.has_value(); };
  bool known = std::any_of(state.notes.begin(), state.notes.end(),
                           [&](const EvidenceNote& one) { return one.record == event.record; });
  if (known && !event.issued) return conflict("it is recorded already");
  std::erase_if(state.notes, in_its_place);
  if (std::count_if(state.notes.begin(), state.notes.end(), same_kind) < static_cast<std::ptrdiff_t>(kMostEvidence))
    return {};
  return conflict("there are " + std::to_string(kMostEvidence) + " statements about " + event.subject.brief() +
                  " already");
}

}  // namespace

Status apply(Folding& f, const EvidenceRecorded& event) {
  if (event.predicate_type.empty() || event.predicate_type.size() > kLongestPredicateType)
    return conflict("evidence has a predicate type of 1 to " + std::to_string(kLongestPredicateType) + " bytes");
  if (event.issued && (event.issued->empty() || event.issued->size() > kLongestIssued))
    return conflict("what Pawl issues is called by 1 to " + std::to_string(kLongestIssued) + " bytes");
  std::string at = key::evidence(f.project, event.subject);
  PAWL_ASSIGN(EvidenceState state, f.records.load<EvidenceState>(at));
  PAWL_TRY(make_room(state, event));
  state.notes.push_back({event.predicate_type, event.record, f.time, event.signed_by, event.issued});
  f.records.put(at, state);
  return {};
}

}  // namespace pawl::plan
