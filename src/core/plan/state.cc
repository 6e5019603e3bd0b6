#include "core/plan/state.h"

#include <fmt/format.h>

#include "core/plan/codec.h"

namespace pawl::plan {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::kWaiting:
      return "waiting";
    case Phase::kRunning:
      return "running";
    case Phase::kApplied:
      return "applied";
    case Phase::kFinished:
      return "finished";
  }
  return "";
}

std::optional<Outcome> PromotionState::outcome() const {
  if (phase != Phase::kFinished || attempts.empty()) return std::nullopt;
  return attempts.back().outcome;
}

namespace key {

std::string store() { return "store"; }
std::string project(const model::ProjectName& project) { return "project/" + project.str(); }

std::string releases(const model::ProjectName& project) { return key::project(project) + "/release/"; }
std::string release(const model::ProjectName& project, std::uint64_t serial) {
  return releases(project) + fmt::format("{:012}", serial);
}
std::string version(const model::ProjectName& project, std::string_view label) {
  return key::project(project) + "/version/" + std::string(label);
}
std::string release_digest(const model::ProjectName& project, const Digest& release) {
  return key::project(project) + "/digest/" + release.hex();
}

std::string environment(const model::ProjectName& project, const model::EnvironmentName& environment) {
  return key::project(project) + "/environment/" + environment.str();
}
std::string bundle(const model::ProjectName& project, const model::EnvironmentName& environment, const Digest& bundle) {
  return key::environment(project, environment) + "/bundle/" + bundle.hex();
}
std::string visit(const model::ProjectName& project, const model::EnvironmentName& environment, std::uint64_t visit) {
  return key::environment(project, environment) + fmt::format("/visit/{:012}", visit);
}

std::string evidence(const model::ProjectName& project, const Digest& subject) {
  return key::project(project) + "/evidence/" + subject.hex();
}

std::string promotions(const model::ProjectName& project) { return key::project(project) + "/promotion/"; }
std::string promotion(const model::ProjectName& project, std::uint64_t number) {
  return promotions(project) + fmt::format("{:012}", number);
}

std::string exception(const model::ProjectName& project, std::uint64_t number) {
  return key::project(project) + fmt::format("/exception/{:012}", number);
}

}  // namespace key

namespace {

template <class T>
Result<T> decode_record(std::string bytes) {
  Result<T> state = format::from_json<T>(std::move(bytes));
  if (state) return state;
  Error error = std::move(state).error();
  error.code = ErrorCode::kIntegrity;
  error.message = "a state record cannot be read: " + error.message;
  error.hint = "pawl audit verify --replay";
  return error;
}

}  // namespace

std::string encode(const StoreState& state) { return format::to_canonical(state); }
std::string encode(const ProjectState& state) { return format::to_canonical(state); }
std::string encode(const ReleaseState& state) { return format::to_canonical(state); }
std::string encode(const EnvironmentState& state) { return format::to_canonical(state); }
std::string encode(const BundleState& state) { return format::to_canonical(state); }
std::string encode(const VisitState& state) { return format::to_canonical(state); }
std::string encode(const EvidenceState& state) { return format::to_canonical(state); }
std::string encode(const PromotionState& state) { return format::to_canonical(state); }
std::string encode(const ExceptionState& state) { return format::to_canonical(state); }

template <>
Result<StoreState> decode(std::string bytes) {
  return decode_record<StoreState>(std::move(bytes));
}
template <>
Result<ProjectState> decode(std::string bytes) {
  return decode_record<ProjectState>(std::move(bytes));
}
template <>
Result<ReleaseState> decode(std::string bytes) {
  return decode_record<ReleaseState>(std::move(bytes));
}
template <>
Result<EnvironmentState> decode(std::string bytes) {
  return decode_record<EnvironmentState>(std::move(bytes));
}
template <>
Result<BundleState> decode(std::string bytes) {
  return decode_record<BundleState>(std::move(bytes));
}
template <>
Result<VisitState> decode(std::string bytes) {
  return decode_record<VisitState>(std::move(bytes));
}
template <>
Result<EvidenceState> decode(std::string bytes) {
  return decode_record<EvidenceState>(std::move(bytes));
}
template <>
Result<PromotionState> decode(std::string bytes) {
  return decode_record<PromotionState>(std::move(bytes));
}
template <>
Result<ExceptionState> decode(std::string bytes) {
  return decode_record<ExceptionState>(std::move(bytes));
}

}  // namespace pawl::plan
