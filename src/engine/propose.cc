#include <map>

#include "base/text.h"
#include "engine/facts.h"
#include "engine/layers.h"
#include "engine/promotion.h"

namespace pawl::engine {

namespace {

// What the heads upstream are: the releases that are verified there, and for all others why not.
struct Upstream {
  std::map<std::uint64_t, std::vector<std::string>> verified;  // release -> environments
  std::vector<std::string> others;
};

Status note_head(const Moment& moment, const model::Configuration& configuration, const model::EnvironmentName& name,
                 Upstream& out) {
  const model::ProjectName& project = configuration.project;
  PAWL_ASSIGN(const model::Environment* upstream, find_environment(configuration, name.str()));
  PAWL_ASSIGN(plan::EnvironmentState state,
              moment.records.load<plan::EnvironmentState>(plan::key::environment(project, name)));
  if (!state.head) {
    out.others.push_back("nothing is in " + name.str() + " yet");
    return {};
  }
  PAWL_ASSIGN(plan::BundleState bundle,
              moment.records.load<plan::BundleState>(plan::key::bundle(project, name, state.head->bundle)));
  plan::Verification verified = plan::verification(bundle, model::digest_of_checks(*upstream), moment.now);
  bool assembled = state.head->release == 0;
  if (verified.verified && !assembled)
    out.verified[state.head->release].push_back(name.str());
  else
    out.others.push_back("the head of " + name.str() + " is " +
                         (assembled ? "assembled from layers of several releases" : verified.words));
  return {};
}

Result<plan::ReleaseState> must_have(const plan::Records& records, const model::ProjectName& project,
                                     std::uint64_t serial) {
  PAWL_ASSIGN(std::optional<plan::ReleaseState> release, release_by_serial(records, project, serial));
  if (release) return std::move(*release);
  return Error(ErrorCode::kIntegrity, "release r" + std::to_string(serial) + " has no record",
               "pawl audit verify --replay");
}

Result<plan::ReleaseState> newest_release(const Moment& moment, const model::ProjectName& project) {
  PAWL_ASSIGN(plan::ProjectState state, moment.records.load<plan::ProjectState>(plan::key::project(project)));
  if (state.releases == 0)
    return Error(ErrorCode::kNotFound, "there is no release of " + project.str() + " yet", "pawl release VERSION");
  return must_have(moment.records, project, state.releases);
}

}  // namespace

Result<plan::ReleaseState> default_release(World&, const Moment& moment, const model::Configuration& configuration,
                                           const model::Environment& environment) {
  if (environment.promotes_from.empty()) return newest_release(moment, configuration.project);
  Upstream upstream;
  for (const model::EnvironmentName& name : environment.promotes_from)
    PAWL_TRY(note_head(moment, configuration, name, upstream));
  if (upstream.verified.empty()) {
    return Error(ErrorCode::kNo, "no release may go to " + environment.name.str() + ": " + join(upstream.others, "; "),
                 "pawl promote --to " + environment.promotes_from[0].str());
  }
  if (upstream.verified.size() > 1) {
    std::vector<std::string> list;
    for (const auto& [serial, names] : upstream.verified)
      list.push_back("r" + std::to_string(serial) + " in " + join(names, " and "));
    return Error(
        ErrorCode::kUsage,
        "the environments upstream of " + environment.name.str() + " hold different releases: " + join(list, ", "),
        "name the release");
  }
  return must_have(moment.records, configuration.project, upstream.verified.begin()->first);
}

plan::PromotionOpened opened_of(const Proposal& proposal) {
  return {.kind = proposal.kind,
          .environment = proposal.environment,
          .bundle = proposal.bundle,
          .release = proposal.release,
          .from = proposal.from,
          .layers = proposal.layers,
          .plan = proposal.plan,
          .configuration = proposal.configuration};
}

Proposal blank_proposal(plan::PromotionKind kind) {
  crypto::Digest nothing = crypto::sha256("");
  return {.kind = kind, .bundle = nothing, .plan = nothing, .configuration = nothing};
}

namespace {

Error older_than_head(const Proposal& proposal, const plan::Head& head) {
  std::string where = proposal.environment.str();
  return Error(ErrorCode::kConflict,
               "release " + proposal.version + " (r" + std::to_string(proposal.release) +
                   ") is older than the one in " + where + " (r" + std::to_string(head.newest) + ")",
               "pawl rollback " + where + " --to " + proposal.version + " --reason \"...\"");
}

// The head's bundle with these layers of the release's.
Status narrow_to_layers(World& world, const Context& context, const plan::EnvironmentState& state,
                        const std::vector<std::string>& layers, Proposal& out) {
  std::string where = out.environment.str();
  if (!state.head) {
    return Error(ErrorCode::kConflict, "nothing is in " + where + " yet, so a layer alone cannot be promoted",
                 "promote the whole release first");
  }
  if (state.degraded) {
    return Error(ErrorCode::kConflict, where + " is half applied, which a layer alone does not mend",
                 "pawl retry " + where + ", or pawl rollback " + where + " --reason \"...\"");
  }
  for (const std::string& layer : layers) out.layers.emplace_back(layer);
  PAWL_ASSIGN(out.bundle, assemble(world, context, state.head->bundle, out.bundle, out.layers));
  return {};
}

}  // namespace

Result<Proposal> propose(World& world, const Context& context, const Moment& moment,
                         const model::Configuration& configuration, const model::Environment& environment,
                         const std::string& name, const std::vector<std::string>& layers) {
  const model::ProjectName& project = configuration.project;
  Result<plan::ReleaseState> release = name.empty() ? default_release(world, moment, configuration, environment)
                                                    : find_release(moment.records, project, name);
  if (!release) return std::move(release).error();
  PAWL_ASSIGN(model::Release document, read_release(world, context, release->release));
  const model::ReleaseBundle* bundle = document.find(environment.name);
  if (bundle == nullptr) {
    return Error(ErrorCode::kNotFound,
                 "release " + release->versions.back() + " has no bundle for " + environment.name.str() +
                     ", which came after it",
                 "cut a new release: pawl release VERSION");
  }
  PAWL_ASSIGN(plan::EnvironmentState state,
              moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment.name)));
  crypto::Digest to = bundle->bundle.digest;
  Proposal out{.environment = environment.name,
               .bundle = to,
               .release = release->serial,
               .version = release->versions.back(),
               .plan = to,
               .configuration = model::digest_of(configuration)};
  if (state.head) {
    out.from = state.head->bundle;
    out.from_release = state.head->release;
  }
  if (state.head && release->serial < state.head->newest) return older_than_head(out, *state.head);
  if (!layers.empty()) PAWL_TRY(narrow_to_layers(world, context, state, layers, out));
  PAWL_ASSIGN(out.plan, plan_digest(world, context, configuration, environment, out.from, out.bundle));
  return out;
}

}  // namespace pawl::engine
