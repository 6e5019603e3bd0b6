#include "engine/charts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace pawl::engine {

namespace {

Result<ports::ChartProgram> program_of(World& world, const Context& context) {
  if (!world.charts) return Error(ErrorCode::kInvalid, "charts are not rendered here");
  return world.charts->program(context);
}

// Whether the lock names these very bytes.
bool is_locked(const model::LockedHelm& locked, const ports::ChartProgram& program) {
  const crypto::Digest* wanted = locked.find_program(program.platform);
  return wanted != nullptr && *wanted == program.digest;
}

std::string other_version(const model::LockedHelm& locked, const std::string& version) {
  if (locked.version == version) return {};
  return "pawl.lock names helm " + locked.version + ", and this machine has " + version;
}

std::string other_program(const model::LockedHelm& locked, const ports::ChartProgram& program) {
  const crypto::Digest* wanted = locked.find_program(program.platform);
  if (wanted == nullptr || *wanted == program.digest) return {};
  return "the helm program for " + program.platform + " is " + program.digest.brief() + ", and pawl.lock names " +
         wanted->brief();
}

// What is rendered twice goes into a release, and must also say of itself what the lock says; else the bytes are
// enough.
Status check_program(World& world, const Context& context, const model::Lock& lock, bool twice) {
  PAWL_ASSIGN(ports::ChartProgram program, program_of(world, context));
  if (!lock.helm) return Error(ErrorCode::kInvalid, "pawl.lock does not say which helm renders charts", "pawl lock");
  bool locked = is_locked(*lock.helm, program);
  if (locked && !twice) return {};
  PAWL_ASSIGN(std::string version, world.charts->version(context));
  if (std::string why = other_version(*lock.helm, version); !why.empty())
    return Error(ErrorCode::kInvalid, why,
                 "install helm " + lock.helm->version +
                     " (PAWL_HELM names it), or go over to this one: pawl lock --update helm");
  if (std::string why = other_program(*lock.helm, program); !why.empty())
    return Error(ErrorCode::kIntegrity, why, "if that is meant: pawl lock --update helm");
  if (locked) return {};
  return Error(ErrorCode::kInvalid, "pawl.lock names no helm program for " + program.platform,
               "pawl lock adds this machine's");
}

// The first line in which two renderings differ, for a message.
std::string first_difference(std::string_view a, std::string_view b) {
  std::vector<std::string_view> left = split(a, '\n');
  std::vector<std::string_view> right = split(b, '\n');
  std::string_view source;
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (left[i].starts_with("# Source: ")) source = left[i].substr(10);
    if (left[i] != right[i])
      return fmt::format("{}: \"{}\" and \"{}\"", escape_terminal(source),
                         escape_terminal(trim(left[i].substr(0, 120))), escape_terminal(trim(right[i].substr(0, 120))));
  }
  return "one is longer than the other";
}

Result<std::string> inflate(World& world, const Context& context, const model::ChartRequest& request, bool twice) {
  PAWL_ASSIGN(std::string output, world.charts->inflate(context, request, ports::Surroundings::kPlain));
  if (!twice) return output;
  PAWL_ASSIGN(std::string again, world.charts->inflate(context, request, ports::Surroundings::kOther));
  if (output == again) return output;
  return Error(ErrorCode::kInvalid,
               "two renderings of " + request.chart + " differ in " + first_difference(output, again),
               "a release must be reproducible: take out of the chart what depends on time, chance or the machine");
}

}  // namespace

render::Inflate chart_renderer(World& world, const Context& context, const model::Lock& lock, bool twice) {
  return [&world, &context, &lock, twice](model::ChartRequest request) -> Result<std::string> {
    PAWL_TRY(check_program(world, context, lock, twice));
    request.kube_version = lock.helm->kube_version;
    request.api_versions = lock.helm->api_versions;
    return inflate(world, context, request, twice);
  };
}

render::Inflate chart_repeater(World& world, const Context& context, const model::Lock& lock) {
  return [&world, &context, &lock](model::ChartRequest request) -> Result<std::string> {
    PAWL_ASSIGN(std::string why, why_not_comparable(world, context, lock));
    if (!why.empty()) return Error(ErrorCode::kInvalid, why);
    request.kube_version = lock.helm->kube_version;
    request.api_versions = lock.helm->api_versions;
    return inflate(world, context, request, false);
  };
}

Result<std::string> why_not_comparable(World& world, const Context& context, const model::Lock& lock) {
  PAWL_ASSIGN(ports::ChartProgram program, program_of(world, context));
  if (!lock.helm) return std::string("its lock names no helm");
  PAWL_ASSIGN(std::string version, world.charts->version(context));
  std::string why = other_version(*lock.helm, version);
  return why.empty() ? other_program(*lock.helm, program) : why;
}

std::string sandbox_note(World& world, const model::Content& content) {
  bool open = model::has_charts(content) && world.charts && world.charts->sandbox() == "none";
  return open ? "helm was not kept apart from this machine (--sandbox=none)" : "";
}

namespace {

void set_program(model::LockedHelm& helm, const ports::ChartProgram& program) {
  std::erase_if(helm.programs, [&](const model::LockedPlatform& p) { return p.platform == program.platform; });
  helm.programs.push_back({program.platform, program.digest});
  std::sort(helm.programs.begin(), helm.programs.end());
}

}  // namespace

Result<std::optional<model::LockedHelm>> lock_helm(World& world, const Context& context, const model::Content& content,
                                                   const std::optional<model::LockedHelm>& before, bool update) {
  using Locked = std::optional<model::LockedHelm>;
  if (!model::has_charts(content)) return Locked();
  Locked out = before;
  const model::KubernetesContent& kubernetes = content.kubernetes;
  if (!out) out = model::LockedHelm{};
  if (update) out->kube_version.clear();
  if (!kubernetes.version.empty() || out->kube_version.empty())
    out->kube_version = kubernetes.version.empty() ? model::kDefaultKubernetes : kubernetes.version;
  out->api_versions = kubernetes.api_versions;
  Result<ports::ChartProgram> program = program_of(world, context);
  // Whoever needs it says so, with the place of the chart.
  if (!program && program.error().code == ErrorCode::kNotFound) return before ? out : Locked();
  if (!program) return std::move(program).error();
  PAWL_ASSIGN(std::string version, world.charts->version(context));
  bool same = out->version == version;
  if (!same && before && !update) return out;
  if (!same) out->programs.clear();
  out->version = std::move(version);
  bool new_here = out->find_program(program->platform) == nullptr;
  if (new_here || update) set_program(*out, *program);
  return out;
}

}  // namespace pawl::engine
