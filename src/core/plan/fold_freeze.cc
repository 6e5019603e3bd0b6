#include "core/plan/folding.h"

namespace pawl::plan {

namespace {

// A freeze that begins, or none where it is lifted.
Result<std::optional<Freeze>> freeze_of(const FreezeSet& event, Time now) {
  if (!event.on) return std::optional<Freeze>();
  if (!event.until || *event.until <= now) return conflict("a freeze ends after it began");
  return std::optional<Freeze>(Freeze{event.reason, now, *event.until});
}

}  // namespace

Status apply(Folding& f, const FreezeSet& event) {
  PAWL_ASSIGN(std::optional<Freeze> freeze, freeze_of(event, f.time));
  if (event.environment.empty()) {
    PAWL_ASSIGN(ProjectState project, f.records.load<ProjectState>(key::project(f.project)));
    project.freeze = std::move(freeze);
    f.records.put(key::project(f.project), project);
    return {};
  }
  PAWL_ASSIGN(EnvironmentState environment, f.environment(event.environment));
  environment.freeze = std::move(freeze);
  f.put(event.environment, environment);
  return {};
}

}  // namespace pawl::plan
