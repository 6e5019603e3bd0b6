#include "core/plan/folding.h"

namespace pawl::plan {

Status apply(Folding& f, const ConfigurationApplied& event) {
  PAWL_ASSIGN(ProjectState project, f.records.load<ProjectState>(key::project(f.project)));
  if (project.configuration != event.previous) return conflict("another configuration came into force meanwhile");
  project.configuration = event.configuration;
  f.records.put(key::project(f.project), project);
  return {};
}

namespace {

Status claim_version(Folding& f, const std::string& version, std::uint64_t serial) {
  std::string at = key::version(f.project, version);
  PAWL_ASSIGN(std::optional<std::string> taken, f.records.get(at));
  if (taken) return conflict("version " + version + " is release r" + *taken);
  f.records.put_text(at, std::to_string(serial));
  return {};
}

}  // namespace

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

}  // namespace pawl::plan
