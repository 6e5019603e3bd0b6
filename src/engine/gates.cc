#include "engine/gates.h"

#include <algorithm>

#include "engine/approvals.h"
#include "engine/evidence_gates.h"
#include "engine/exceptions.h"
#include "engine/external.h"
#include "engine/facts.h"
#include "engine/intact.h"
#include "engine/layers.h"
#include "engine/policy_verdict.h"
#include "engine/verified.h"
#include "engine/zones.h"

namespace pawl::engine {

namespace {

bool obeys(const model::Environment& environment, plan::PromotionKind kind, std::string_view gate) {
  const std::vector<std::string>& obeyed = environment.rollback_obeys;
  if (kind != plan::PromotionKind::kRollback) return kind == plan::PromotionKind::kPromote;
  return std::find(obeyed.begin(), obeyed.end(), gate) != obeyed.end();
}

// Gates that hold for this kind of promotion. The way back is open: a rollback passes only what the environment says it
// must; restoring a head asks nobody.
std::vector<model::Gate> gates_for(const model::Environment& environment, plan::PromotionKind kind) {
  std::vector<model::Gate> gates = model::effective_gates(environment);
  std::erase_if(gates, [&](const model::Gate& gate) { return !obeys(environment, kind, model::name_of(gate)); });
  return gates;
}

// Where a policy is bound, it is asked whether or not the gate is written; a rollback only lets it be recorded.
Status add_policies(World& world, const Context& context, const Moment& moment,
                    const model::Configuration& configuration, const model::Environment& environment,
                    const plan::PromotionOpened& opened, plan::GateFacts& facts, std::vector<model::Gate>& gates) {
  if (opened.kind == plan::PromotionKind::kReconcile) return {};
  PAWL_ASSIGN(facts.policies, policy_facts(world, context, moment, configuration, environment, opened));
  facts.policies.blocks = obeys(environment, opened.kind, "policy");
  bool written = std::any_of(gates.begin(), gates.end(),
                             [](const model::Gate& gate) { return std::holds_alternative<model::PolicyGate>(gate); });
  bool any = facts.policies.policies > 0 || !facts.policies.error.empty();
  if (any && !written) gates.emplace_back(model::PolicyGate{});
  return {};
}

// Gathers what the gates look at.
class Facts {
 public:
  Facts(World& world, const Context& context, const Moment& moment, const model::Configuration& configuration,
        const plan::PromotionOpened& opened)
      : world_(world), context_(context), moment_(moment), configuration_(configuration), opened_(opened) {}

  Result<plan::GateFacts> gather(const model::Environment& environment, std::span<const model::Gate> gates,
                                 Outside outside) {
    PAWL_ASSIGN(plan::GateFacts facts, gather(environment));
    PAWL_ASSIGN(facts.evidence,
                evidence_for_gates(world_, context_, moment_, configuration_, environment, opened_, gates));
    PAWL_ASSIGN(facts.external,
                ask_outside(world_, context_, moment_, configuration_, environment, opened_, gates, outside));
    return facts;
  }

 private:
  Result<plan::GateFacts> gather(const model::Environment& environment) {
    plan::GateFacts facts{.now = moment_.now, .environment = environment.name};
    PAWL_ASSIGN(facts.approvals, approval_facts(world_, context_, moment_, configuration_, environment, opened_));
    facts.zones = zones_of(world_, environment);
    if (environment.promotes_from.empty()) return facts;
    PAWL_ASSIGN(std::vector<std::uint64_t> releases,
                releases_entering(world_, context_, moment_.records, configuration_.project, opened_));
    for (const model::EnvironmentName& name : environment.promotes_from) {
      PAWL_ASSIGN(const model::Environment* upstream, find_environment(configuration_, name.str()));
      PAWL_ASSIGN(plan::UpstreamFacts of_one, of_all(*upstream, releases));
      facts.upstream.push_back(std::move(of_one));
    }
    return facts;
  }

  // Of several releases each must be verified there, and the one that soaked least counts.
  Result<plan::UpstreamFacts> of_all(const model::Environment& upstream, const std::vector<std::uint64_t>& releases) {
    std::optional<plan::UpstreamFacts> all;
    for (std::uint64_t serial : releases) {
      PAWL_ASSIGN(plan::UpstreamFacts one, of_release(upstream, serial));
      all = all ? both(*all, one) : one;
    }
    return all ? *all : plan::UpstreamFacts{.environment = upstream.name};
  }

  static plan::UpstreamFacts both(plan::UpstreamFacts a, const plan::UpstreamFacts& b) {
    if (!b.bundle) a.bundle.reset();
    a.verified = a.verified && b.verified;
    a.verification += ", " + b.verification;
    a.soaked = std::min(a.soaked, b.soaked);
    a.is_head = a.is_head && b.is_head;
    a.in_progress = a.in_progress || b.in_progress;
    a.evidence.insert(a.evidence.end(), b.evidence.begin(), b.evidence.end());
    return a;
  }

  Result<plan::UpstreamFacts> of_release(const model::Environment& upstream, std::uint64_t serial) {
    plan::UpstreamFacts facts{.environment = upstream.name};
    PAWL_ASSIGN(std::optional<plan::ReleaseState> release,
                release_by_serial(moment_.records, configuration_.project, serial));
    if (!release) {
      facts.bundle = opened_.bundle;
      facts.verification = "a layer of it is of no release that is known here";
      return facts;
    }
    PAWL_ASSIGN(model::Release document, read_release(world_, context_, release->release));
    const model::ReleaseBundle* bundle = document.find(upstream.name);
    if (bundle == nullptr) return facts;
    facts.bundle = bundle->bundle.digest;
    PAWL_TRY(note_verification(upstream, facts));
    if (!opened_.layers.empty()) facts.verification = release->versions.back() + " " + facts.verification;
    PAWL_ASSIGN(facts.in_progress, is_in_progress(upstream.name, serial));
    return facts;
  }

  Status note_verification(const model::Environment& upstream, plan::UpstreamFacts& facts) {
    const model::ProjectName& project = configuration_.project;
    PAWL_ASSIGN(plan::BundleState state,
                moment_.records.load<plan::BundleState>(plan::key::bundle(project, upstream.name, *facts.bundle)));
    PAWL_ASSIGN(plan::EnvironmentState environment,
                moment_.records.load<plan::EnvironmentState>(plan::key::environment(project, upstream.name)));
    PAWL_ASSIGN(plan::Verification verified,
                verified_now(world_, context_, moment_, configuration_, upstream, *facts.bundle));
    facts.verified = verified.verified;
    facts.verification = verified.words;
    facts.is_head = environment.head && environment.head->bundle == *facts.bundle;
    if (!verified.verified) return {};
    facts.soaked = plan::soaked(state, moment_.now);
    facts.evidence.push_back("promotion " + std::to_string(state.promotion));
    return {};
  }

  Result<bool> is_in_progress(const model::EnvironmentName& upstream, std::uint64_t serial) {
    PAWL_ASSIGN(plan::EnvironmentState environment,
                moment_.records.load<plan::EnvironmentState>(plan::key::environment(configuration_.project, upstream)));
    for (std::uint64_t number : environment.open) {
      PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                  moment_.records.find<plan::PromotionState>(plan::key::promotion(configuration_.project, number)));
      if (open && open->opened.release == serial && open->opened.layers.empty()) return true;
    }
    return false;
  }

  World& world_;
  const Context& context_;
  const Moment& moment_;
  const model::Configuration& configuration_;
  const plan::PromotionOpened& opened_;
};

// An answer only where something is broken: what is whole needs no gate.
Result<std::optional<plan::GateAnswer>> ask_integrity(World& world, const Context& context, const Moment& moment,
                                                      const model::Configuration& configuration,
                                                      const model::Environment& environment,
                                                      const plan::PromotionOpened& opened) {
  Status whole = check_intact(world, context, moment.records, configuration, environment, opened);
  if (whole) return std::optional<plan::GateAnswer>();
  if (!says_broken(whole.error())) return std::move(whole).error();
  return std::optional<plan::GateAnswer>(plan::GateAnswer{.gate = "integrity",
                                                          .subject = plan::GateSubject::kBundle,
                                                          .state = plan::GateState::kFailed,
                                                          .found = whole.error().text(),
                                                          .who = whole.error().hint});
}

// An answer only while something is frozen; a rollback is stopped by it only where the environment says so.
Result<std::optional<plan::GateAnswer>> ask_freeze(const Moment& moment, const model::ProjectName& project,
                                                   const model::Environment& environment, plan::PromotionKind kind) {
  if (!obeys(environment, kind, "freeze")) return std::optional<plan::GateAnswer>();
  PAWL_ASSIGN(plan::ProjectState all, moment.records.load<plan::ProjectState>(plan::key::project(project)));
  PAWL_ASSIGN(plan::EnvironmentState own,
              moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment.name)));
  plan::GateFacts facts{.now = moment.now, .environment = environment.name};
  if (all.freeze) facts.freezes.push_back({true, all.freeze->reason, all.freeze->until});
  if (own.freeze) facts.freezes.push_back({false, own.freeze->reason, own.freeze->until});
  return plan::answer_freeze(facts);
}

// An answer only while another promotion is running there, or its checks are: one after the other.
Result<std::optional<plan::GateAnswer>> ask_turn(const Moment& moment, const model::ProjectName& project,
                                                 const plan::PromotionOpened& opened) {
  PAWL_ASSIGN(plan::EnvironmentState state,
              moment.records.load<plan::EnvironmentState>(plan::key::environment(project, opened.environment)));
  for (std::uint64_t number : state.open) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                moment.records.find<plan::PromotionState>(plan::key::promotion(project, number)));
    bool runs = open && number != opened.number && open->phase != plan::Phase::kWaiting;
    if (!runs) continue;
    std::string other = "promotion " + std::to_string(number);
    return std::optional<plan::GateAnswer>(plan::GateAnswer{.gate = "turn",
                                                            .subject = plan::GateSubject::kPromotion,
                                                            .state = plan::GateState::kWaiting,
                                                            .found = other + " is running there",
                                                            .who = "the driver of " + other});
  }
  return std::optional<plan::GateAnswer>();
}

// Freezes and windows have no way around them but an exception.
Status except(World& world, const Context& context, const Moment& moment, const model::Configuration& configuration,
              const plan::PromotionOpened& opened, std::vector<plan::GateAnswer>& answers) {
  if (!plan::any_to_except(answers)) return {};
  PAWL_ASSIGN(std::vector<plan::ExceptionFact> exceptions,
              exception_facts(world, context, moment.records, configuration));
  plan::except_gates(answers, exceptions, exception_judges(configuration), opened.environment, opened.bundle,
                     moment.now);
  return {};
}

}  // namespace

Result<std::vector<plan::GateAnswer>> ask_gates(World& world, const Context& context, const Moment& moment,
                                                const model::Configuration& configuration,
                                                const plan::PromotionOpened& opened, Outside outside) {
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, opened.environment.str()));
  std::vector<plan::GateAnswer> answers;
  PAWL_ASSIGN(std::optional<plan::GateAnswer> integrity,
              ask_integrity(world, context, moment, configuration, *environment, opened));
  if (integrity) answers.push_back(std::move(*integrity));
  PAWL_ASSIGN(std::optional<plan::GateAnswer> turn, ask_turn(moment, configuration.project, opened));
  if (turn) answers.push_back(std::move(*turn));
  PAWL_ASSIGN(std::optional<plan::GateAnswer> freeze,
              ask_freeze(moment, configuration.project, *environment, opened.kind));
  if (freeze) answers.push_back(std::move(*freeze));
  std::vector<model::Gate> gates = gates_for(*environment, opened.kind);
  plan::GateFacts facts{.now = moment.now, .environment = environment->name};
  if (!gates.empty()) {
    PAWL_ASSIGN(facts, Facts(world, context, moment, configuration, opened).gather(*environment, gates, outside));
  }
  PAWL_TRY(add_policies(world, context, moment, configuration, *environment, opened, facts, gates));
  std::vector<plan::GateAnswer> written = plan::answer_all(gates, facts);
  answers.insert(answers.end(), written.begin(), written.end());
  PAWL_TRY(except(world, context, moment, configuration, opened, answers));
  return answers;
}

}  // namespace pawl::engine
