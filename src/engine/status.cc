#include <algorithm>

#include "base/text.h"
#include "engine/compare.h"
#include "engine/configure.h"
#include "engine/drive.h"
#include "engine/evidence_views.h"
#include "engine/facts.h"
#include "engine/number.h"
#include "engine/promotion.h"
#include "engine/verbs.h"
#include "engine/verified.h"
#include "engine/views.h"
#include "engine/waiting.h"

namespace pawl::engine {

namespace {

// A promotion as it stands; what its gates answer now, where it waits for them.
Result<api::PromotionView> present_view(World& world, const Context& context, const Moment& moment,
                                        const model::Configuration& configuration, const plan::PromotionState& state) {
  PAWL_ASSIGN(api::PromotionView out, view(moment.records, configuration.project, state));
  if (state.phase == plan::Phase::kWaiting) {
    PAWL_ASSIGN(std::vector<plan::GateAnswer> answers,
                ask_gates(world, context, moment, configuration, state.opened, Outside::kLeftAlone));
    out.gates = views(answers);
  }
  return out;
}

Result<api::EnvironmentView> environment_view(World& world, const Context& context, const Moment& moment,
                                              const model::Configuration& configuration,
                                              const model::Environment& environment) {
  const model::ProjectName& project = configuration.project;
  api::EnvironmentView out{
      .name = environment.name.str(), .purpose = environment.purpose, .target = model::identity(environment.target)};
  for (const model::EnvironmentName& from : environment.promotes_from) out.promotes_from.push_back(from.str());
  PAWL_ASSIGN(plan::EnvironmentState state,
              moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment.name)));
  if (state.head) {
    PAWL_ASSIGN(out.head, view(moment.records, project, environment, *state.head, moment.now));
    PAWL_ASSIGN(plan::Verification now,
                verified_now(world, context, moment, configuration, environment, state.head->bundle));
    out.head->verified = now.verified;
    out.head->verification = now.words;
  }
  for (std::uint64_t number : state.open) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                moment.records.find<plan::PromotionState>(plan::key::promotion(project, number)));
    if (!open) continue;
    PAWL_ASSIGN(api::PromotionView shown, present_view(world, context, moment, configuration, *open));
    out.open.push_back(std::move(shown));
  }
  out.degraded = state.degraded;
  PAWL_ASSIGN(plan::ProjectState all, moment.records.load<plan::ProjectState>(plan::key::project(project)));
  for (const std::optional<plan::Freeze>& freeze : {all.freeze, state.freeze}) {
    if (!freeze || moment.now >= freeze->until) continue;
    out.freeze += (out.freeze.empty() ? "until " : "; until ") + render_time(freeze->until) + ": " + freeze->reason;
  }
  if (state.hold) out.hold = state.hold->reason.empty() ? "held" : state.hold->reason;
  return out;
}

// What is to be finished or mended in an environment.
void suggest_mending(const api::EnvironmentView& environment, std::vector<api::StepView>& next) {
  const std::string& name = environment.name;
  if (environment.degraded) next.push_back({name + " is degraded: a promotion was half applied", "pawl retry " + name});
  bool unverified = environment.head && !environment.head->verified && environment.open.empty();
  if (unverified && !environment.degraded)
    next.push_back({environment.head->version + " in " + name + ": " + environment.head->verification,
                    "pawl describe promotion " + std::to_string(environment.head->promotion)});
  for (const api::PromotionView& open : environment.open) {
    std::string label = open.version.empty() ? open.serial : open.version;
    bool waiting = open.phase == "waiting";
    std::string what =
        "promotion " + std::to_string(open.number) + (waiting ? " waits in " : " is under way in ") + name;
    // The same request again goes on with it, whoever stopped.
    bool again = !waiting && open.kind == "promote";
    next.push_back({what, again ? "pawl promote " + label + " --to " + name : "pawl why " + label + " " + name});
  }
}

std::string gate_count(const std::vector<plan::GateAnswer>& answers) {
  std::string count = std::to_string(answers.size());
  return answers.empty() ? "no gates" : count + " of " + count + " gates";
}

// Moving on: the default release of an environment, where every gate lets it in.
Status suggest_moving(World& world, const Context& context, const Moment& moment,
                      const model::Configuration& configuration, const model::Environment& environment,
                      std::vector<api::StepView>& next) {
  PAWL_ASSIGN(plan::EnvironmentState state, moment.records.load<plan::EnvironmentState>(
                                                plan::key::environment(configuration.project, environment.name)));
  if (!state.open.empty() || state.degraded || state.hold) return {};
  Result<Proposal> proposal = propose(world, context, moment, configuration, environment, "", {});
  bool there = proposal && state.head && state.head->release == proposal->release;
  if (!proposal || there) return {};
  PAWL_ASSIGN(std::vector<plan::GateAnswer> answers,
              ask_gates(world, context, moment, configuration, opened_of(*proposal), Outside::kLeftAlone));
  if (plan::verdict(answers) != plan::GateState::kPassed) return {};
  const std::string& name = environment.name.str();
  next.push_back({proposal->version + " can go to " + name + " (" + gate_count(answers) + ")",
                  "pawl promote " + proposal->version + " --to " + name});
  return {};
}

// The commands that make sense now: finish what is open, mend what is broken, then move on along the pipeline.
Status suggest(World& world, const Context& context, const Moment& moment, const model::Configuration& configuration,
               api::StatusResponse& out) {
  for (const api::EnvironmentView& environment : out.environments) suggest_mending(environment, out.next);
  for (const model::Environment* environment : configuration.in_pipeline_order())
    PAWL_TRY(suggest_moving(world, context, moment, configuration, *environment, out.next));
  PAWL_ASSIGN(plan::ProjectState state,
              moment.records.load<plan::ProjectState>(plan::key::project(configuration.project)));
  if (state.releases == 0) out.next.push_back({"no release was cut yet", "pawl release VERSION"});
  return {};
}

// Looks at the targets. One that cannot be read is said so: the page is about the others too.
void look_for_drift(World& world, const Context& context, const model::Configuration& configuration,
                    api::StatusResponse& out) {
  constexpr auto kPatience = std::chrono::seconds(5);
  std::vector<api::StepView> found;
  for (api::EnvironmentView& environment : out.environments) {
    const model::Environment* known = configuration.find(model::EnvironmentName(environment.name));
    if (!environment.head || known == nullptr) continue;
    Result<api::DriftView> drift = drift_of_environment(world, context.within(kPatience), configuration, *known);
    if (!drift) {
      out.notes.push_back("the target of " + environment.name + " cannot be read: " + drift.error().message);
      continue;
    }
    if (!drift->paused) environment.drifted = drift->changes.objects.size();
    if (environment.drifted.value_or(0) > 0)
      found.push_back({environment.name + " drifted", "pawl drift " + environment.name});
  }
  out.next.insert(out.next.end(), found.begin(), found.end());
}

Result<api::StatusResponse> unborn(World& world, const model::ProjectName& project) {
  api::StatusResponse out{.project = project.str(), .now = world.clock->now()};
  if (!world.workspace) return out;
  PAWL_ASSIGN(model::Project file, read_project(world));
  for (const model::Environment* environment : file.configuration.in_pipeline_order()) {
    api::EnvironmentView view{.name = environment->name.str(),
                              .purpose = environment->purpose,
                              .target = model::identity(environment->target)};
    for (const model::EnvironmentName& from : environment->promotes_from) view.promotes_from.push_back(from.str());
    out.environments.push_back(std::move(view));
  }
  out.next.push_back({"no release was cut yet", "pawl release VERSION"});
  return out;
}

}  // namespace

Result<api::StatusResponse> status(World& world, const Context& context, const api::StatusRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::StatusResponse out{.project = project.str()};
  std::optional<model::Configuration> configuration;
  bool born = false;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(plan::ProjectState state, moment.records.load<plan::ProjectState>(plan::key::project(project)));
    born = state.configuration.has_value();
    out.now = moment.now;
    if (!born) return {};
    PAWL_ASSIGN(configuration, configuration_in_force(world, context, moment.records, project));
    for (const model::Environment* environment : configuration->in_pipeline_order()) {
      PAWL_ASSIGN(api::EnvironmentView one, environment_view(world, context, moment, *configuration, *environment));
      out.environments.push_back(std::move(one));
    }
    return suggest(world, context, moment, *configuration, out);
  }));
  if (!born) return unborn(world, project);
  if (request.drift) look_for_drift(world, context, *configuration, out);
  return out;
}

namespace {

std::string answer_words(plan::GateState verdict) {
  switch (verdict) {
    case plan::GateState::kPassed:
      return "it may go";
    case plan::GateState::kFailed:
      return "it may not";
    case plan::GateState::kWaiting:
      return "it waits";
    case plan::GateState::kErrored:
      return "it cannot be told";
  }
  return "";
}

Status note_whereabouts(const Moment& moment, const model::Configuration& configuration, const model::Release& document,
                        const plan::ReleaseState& release, api::WhyResponse& out) {
  for (const model::Environment* environment : configuration.in_pipeline_order()) {
    const model::ReleaseBundle* bundle = document.find(environment->name);
    if (bundle == nullptr) continue;
    PAWL_ASSIGN(plan::BundleState state, moment.records.load<plan::BundleState>(plan::key::bundle(
                                             configuration.project, environment->name, bundle->bundle.digest)));
    PAWL_ASSIGN(plan::EnvironmentState place, moment.records.load<plan::EnvironmentState>(
                                                  plan::key::environment(configuration.project, environment->name)));
    bool head = place.head && place.head->bundle == bundle->bundle.digest && place.head->release == release.serial;
    plan::Verification verified = plan::verification(state, model::digest_of_checks(*environment), moment.now);
    out.facts.push_back(environment->name.str() + ": " + (head ? "it is there, " : "") + verified.words);
  }
  return {};
}

}  // namespace

Result<api::WhyResponse> why(World& world, const Context& context, const api::WhyRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::WhyResponse out{.environment = request.environment};
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_ASSIGN(plan::ReleaseState release, find_release(moment.records, project, request.release));
    PAWL_ASSIGN(model::Release document, read_release(world, context, release.release));
    out.release = release.versions.back();
    const model::ReleaseBundle* bundle = document.find(environment->name);
    if (bundle == nullptr)
      return Error(ErrorCode::kNotFound, "release " + out.release + " has no bundle for " + request.environment);
    PAWL_ASSIGN(plan::EnvironmentState state,
                moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment->name)));
    std::optional<crypto::Digest> from = state.head ? std::optional(state.head->bundle) : std::nullopt;
    PAWL_ASSIGN(crypto::Digest digest,
                plan_digest(world, context, configuration, *environment, from, bundle->bundle.digest));
    plan::PromotionOpened fresh{.environment = environment->name,
                                .bundle = bundle->bundle.digest,
                                .release = release.serial,
                                .from = from,
                                .plan = digest,
                                .configuration = bundle->bundle.digest};
    PAWL_ASSIGN(plan::PromotionOpened opened, as_it_waits(moment.records, project, fresh));
    PAWL_ASSIGN(std::vector<plan::GateAnswer> answers, ask_gates(world, context, moment, configuration, opened));
    out.gates = views(answers);
    plan::GateState verdict = plan::verdict(answers);
    out.verdict = plan::name_of(verdict);
    bool there = state.head && state.head->bundle == bundle->bundle.digest && state.head->release == release.serial;
    bool older = state.head && release.serial < state.head->newest;
    out.answer = there   ? "it is there"
                 : older ? "it is older than the head; the way back is a rollback"
                         : answer_words(verdict);
    return note_whereabouts(moment, configuration, document, release, out);
  }));
  return out;
}

Result<api::HistoryResponse> history(World& world, const Context& context, const api::HistoryRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::HistoryResponse out{.environment = request.environment};
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_ASSIGN(plan::EnvironmentState state,
                moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment->name)));
    for (std::uint64_t number = state.visits; number > 0 && out.visits.size() < request.limit; --number) {
      PAWL_ASSIGN(std::optional<plan::VisitState> visit,
                  moment.records.find<plan::VisitState>(plan::key::visit(project, environment->name, number)));
      if (!visit) continue;
      PAWL_ASSIGN(std::optional<plan::PromotionState> promotion,
                  moment.records.find<plan::PromotionState>(plan::key::promotion(project, visit->promotion)));
      api::VisitView one{.bundle = visit->bundle.str(),
                         .promotion = visit->promotion,
                         .from = visit->from,
                         .to = visit->to,
                         .left_by = visit->left_by};
      if (promotion) {
        PAWL_ASSIGN(api::PromotionView shown, view(moment.records, project, *promotion));
        one.version = shown.version;
        one.serial = shown.serial;
        one.kind = shown.kind;
        one.outcome = shown.outcome.empty() ? shown.phase : shown.outcome;
        one.reason = shown.request_reason;
        one.requester = shown.requester;
      }
      out.visits.push_back(std::move(one));
    }
    return {};
  }));
  return out;
}

namespace {

Status list_releases(const Moment& moment, const model::ProjectName& project, std::uint64_t limit,
                     api::GetResponse& out) {
  PAWL_ASSIGN(plan::ProjectState state, moment.records.load<plan::ProjectState>(plan::key::project(project)));
  for (std::uint64_t serial = state.releases; serial > 0 && out.releases.size() < limit; --serial) {
    PAWL_ASSIGN(std::optional<plan::ReleaseState> release, release_by_serial(moment.records, project, serial));
    if (release) out.releases.push_back(view(*release));
  }
  return {};
}

Status list_promotions(const Moment& moment, const model::ProjectName& project, std::uint64_t limit,
                       api::GetResponse& out) {
  PAWL_ASSIGN(plan::ProjectState state, moment.records.load<plan::ProjectState>(plan::key::project(project)));
  for (std::uint64_t number = state.promotions; number > 0 && out.promotions.size() < limit; --number) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> promotion,
                moment.records.find<plan::PromotionState>(plan::key::promotion(project, number)));
    if (!promotion) continue;
    PAWL_ASSIGN(api::PromotionView shown, view(moment.records, project, *promotion));
    out.promotions.push_back(std::move(shown));
  }
  return {};
}

}  // namespace

Result<api::GetResponse> get(World& world, const Context& context, const api::GetRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::GetResponse out;
  if (request.kind == "environments") {
    PAWL_ASSIGN(api::StatusResponse all, status(world, context, {.drift = false}));
    out.environments = std::move(all.environments);
    return out;
  }
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    if (request.kind == "releases") return list_releases(moment, project, request.limit, out);
    if (request.kind == "promotions") return list_promotions(moment, project, request.limit, out);
    return Error(ErrorCode::kUsage, "there is nothing called \"" + request.kind + "\" to get",
                 "pawl get releases | environments | promotions");
  }));
  return out;
}

namespace {

Status describe_release(World& world, const Context& context, const Moment& moment,
                        const model::Configuration& configuration, const std::string& name,
                        api::DescribeResponse& out) {
  PAWL_ASSIGN(plan::ReleaseState release, find_release(moment.records, configuration.project, name));
  out.releases.push_back(view(release));
  PAWL_ASSIGN(model::Release document, read_release(world, context, release.release));
  std::vector<model::Inventory> inventories;
  for (const model::ReleaseBundle& one : document.bundles) {
    PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, one.bundle.digest));
    PAWL_ASSIGN(model::Inventory inventory, read_inventory(world, context, bundle));
    out.facts.push_back(one.environment.str() + "  " + one.bundle.digest.str() + "  " +
                        counted(inventory.objects.size(), "object") + " in " + counted(bundle.layers.size(), "layer"));
    for (const model::InventoryImage& image : inventory.images) out.images.push_back(image.reference);
    inventories.push_back(std::move(inventory));
  }
  std::sort(out.images.begin(), out.images.end());
  out.images.erase(std::unique(out.images.begin(), out.images.end()), out.images.end());
  PAWL_ASSIGN(std::vector<EvidenceSubject> subjects, subjects_of_release(release, document, inventories));
  PAWL_ASSIGN(out.evidence, evidence_views(world, context, moment, configuration, subjects));
  return {};
}

Result<std::uint64_t> parse_number(const std::string& text) {
  if (std::optional<std::uint64_t> number = whole_number(text)) return *number;
  return Error(ErrorCode::kUsage, "\"" + text + "\" is not a promotion's number");
}

// What was said about a bundle of an environment, and about all that it comes with.
Status add_evidence(World& world, const Context& context, const Moment& moment,
                    const model::Configuration& configuration, const model::EnvironmentName& environment,
                    const crypto::Digest& bundle, std::uint64_t serial, api::DescribeResponse& out) {
  PAWL_ASSIGN(std::vector<EvidenceSubject> subjects,
              subjects_of_bundle(world, context, moment.records, configuration.project, environment, bundle, serial));
  PAWL_ASSIGN(out.evidence, evidence_views(world, context, moment, configuration, subjects));
  return {};
}

Status describe_promotion(World& world, const Context& context, const Moment& moment,
                          const model::Configuration& configuration, const std::string& name,
                          api::DescribeResponse& out) {
  PAWL_ASSIGN(std::uint64_t number, parse_number(name));
  PAWL_ASSIGN(plan::PromotionState state, promotion_state(moment.records, configuration.project, number));
  PAWL_ASSIGN(api::PromotionView shown, present_view(world, context, moment, configuration, state));
  out.promotions.push_back(std::move(shown));
  const plan::PromotionOpened& opened = state.opened;
  return add_evidence(world, context, moment, configuration, opened.environment, opened.bundle, opened.release, out);
}

Status describe_environment(World& world, const Context& context, const Moment& moment,
                            const model::Configuration& configuration, const std::string& name,
                            api::DescribeResponse& out) {
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, name));
  PAWL_ASSIGN(api::EnvironmentView one, environment_view(world, context, moment, configuration, *environment));
  out.environments.push_back(std::move(one));
  PAWL_ASSIGN(plan::EnvironmentState state, moment.records.load<plan::EnvironmentState>(
                                                plan::key::environment(configuration.project, environment->name)));
  if (!state.head) return {};
  return add_evidence(world, context, moment, configuration, environment->name, state.head->bundle, state.head->release,
                      out);
}

}  // namespace

Result<api::DescribeResponse> describe(World& world, const Context& context, const api::DescribeRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::DescribeResponse out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    if (request.kind == "promotion")
      return describe_promotion(world, context, moment, configuration, request.name, out);
    if (request.kind == "release") return describe_release(world, context, moment, configuration, request.name, out);
    if (request.kind == "environment")
      return describe_environment(world, context, moment, configuration, request.name, out);
    return Error(ErrorCode::kUsage, "there is nothing called \"" + request.kind + "\" to describe",
                 "pawl describe promotion | release | environment NAME");
  }));
  return out;
}

}  // namespace pawl::engine
