#include <algorithm>

#include "core/plan/folding.h"

namespace pawl::plan {

namespace {

std::string named(std::uint64_t number) { return "exception " + std::to_string(number); }

Result<ExceptionState> open_exception(const Folding& f, std::uint64_t number) {
  PAWL_ASSIGN(std::optional<ExceptionState> found, f.records.find<ExceptionState>(key::exception(f.project, number)));
  if (!found) return conflict(named(number) + " does not exist");
  if (found->withdrawn) return conflict(named(number) + " was withdrawn");
  return std::move(*found);
}

}  // namespace

Status apply(Folding& f, const ExceptionAsked& event) {
  PAWL_ASSIGN(ProjectState project, f.records.load<ProjectState>(key::project(f.project)));
  const std::uint64_t number = event.exception.number;
  if (number != project.exceptions.value_or(0) + 1) return conflict(named(number) + " is out of turn");
  if (event.exception.expires <= f.time) return conflict(named(number) + " would be over already");
  project.exceptions = number;
  f.records.put(key::project(f.project), project);
  f.records.put(key::exception(f.project, number), ExceptionState{.asked = event, .at = f.time, .by = f.actor.subject});
  return {};
}

// The last word of a person is the one that is kept, but for a no, which stands.
Status apply(Folding& f, const ExceptionAnswered& event) {
  PAWL_ASSIGN(ExceptionState state, open_exception(f, event.number));
  if (event.document != state.asked.document) return conflict("it is about another " + named(event.number));
  if (event.given > f.time) return conflict("it was given in the future");
  std::vector<ExceptionAnswered>& all = state.answers;
  auto at =
      std::lower_bound(all.begin(), all.end(), event, [](const auto& a, const auto& b) { return a.person < b.person; });
  bool known = at != all.end() && at->person == event.person;
  if (known && at->verdict == model::ApprovalVerdict::kRejected)
    return conflict(event.person.str() + " rejected it already");
  if (known)
    *at = event;
  else
    all.insert(at, event);
  f.records.put(key::exception(f.project, event.number), state);
  return {};
}

Status apply(Folding& f, const ExceptionWithdrawn& event) {
  PAWL_ASSIGN(ExceptionState state, open_exception(f, event.number));
  state.withdrawn = event.reason;
  f.records.put(key::exception(f.project, event.number), state);
  return {};
}

}  // namespace pawl::plan
