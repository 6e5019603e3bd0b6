#include "core/plan/authorize.h"
#include "engine/configure.h"
#include "engine/facts.h"
#include "engine/intact.h"
#include "engine/layers.h"
#include "engine/promotion.h"
#include "engine/verbs.h"
#include "engine/views.h"

namespace pawl::engine {

namespace {

struct Way {
  crypto::Digest bundle;
  std::uint64_t release = 0;
};

// Looks for what an environment may go back to.
class WayBack {
 public:
  WayBack(World& world, const Context& context, const Moment& moment, const model::ProjectName& project,
          const model::Environment& environment, const plan::EnvironmentState& state,
          const std::vector<model::LayerName>& layers)
      : world_(world),
        context_(context),
        records_(moment.records),
        project_(project),
        environment_(environment),
        state_(state),
        layers_(layers) {}

  Result<Way> find(const std::string& named) const {
    if (!state_.head)
      return Error(ErrorCode::kNotFound, "nothing was ever completely applied to " + environment_.name.str());
    if (!named.empty()) return find_named(named);
    // Half applied: the head is the last whole thing that was there.
    if (half_applied()) return Way{state_.head->bundle, state_.head->release};
    return find_newest();
  }

 private:
  bool half_applied() const { return state_.degraded || state_.pending; }

  Result<std::optional<plan::VisitState>> visit(std::uint64_t number) const {
    return records_.find<plan::VisitState>(plan::key::visit(project_, environment_.name, number));
  }

  Result<plan::BundleState> known(const crypto::Digest& bundle) const {
    return records_.load<plan::BundleState>(plan::key::bundle(project_, environment_.name, bundle));
  }

  // Whether going there would change what is to be changed.
  Result<bool> differs(const crypto::Digest& bundle) const {
    if (layers_.empty()) return bundle != state_.head->bundle;
    PAWL_ASSIGN(bool same, same_layers(world_, context_, bundle, state_.head->bundle, layers_));
    return !same;
  }

  // The newest bundle that is still verified here, of a visit before the head's.
  Result<Way> find_newest() const {
    for (std::uint64_t number = state_.visits; number > 0; --number) {
      PAWL_ASSIGN(std::optional<plan::VisitState> one, visit(number));
      if (!one || one->bundle == state_.head->bundle) continue;
      PAWL_ASSIGN(plan::BundleState bundle, known(one->bundle));
      // Its checks may have changed since: the way back is open, and they run again.
      if (!bundle.verified) continue;
      PAWL_ASSIGN(bool other, differs(one->bundle));
      if (other) return Way{one->bundle, one->release};
    }
    return Error(ErrorCode::kNotFound, "no earlier bundle of " + environment_.name.str() + " is verified",
                 "name one: pawl rollback " + environment_.name.str() + " --to RELEASE --reason \"...\"");
  }

  Result<Way> find_named(const std::string& name) const {
    PAWL_ASSIGN(Way way, look_up(name));
    if (half_applied()) return way;
    PAWL_ASSIGN(bool other, differs(way.bundle));
    if (other) return way;
    return Error(ErrorCode::kConflict, name + " is what is in " + environment_.name.str() + " already",
                 "pawl reconcile " + environment_.name.str());
  }

  Result<Way> look_up(const std::string& name) const {
    if (Result<crypto::Digest> digest = crypto::Digest::parse(name)) {
      for (std::uint64_t number = state_.visits; number > 0; --number) {
        PAWL_ASSIGN(std::optional<plan::VisitState> one, visit(number));
        if (one && one->bundle == *digest) return Way{one->bundle, one->release};
      }
    }
    PAWL_ASSIGN(plan::ReleaseState release, find_release(records_, project_, name));
    PAWL_ASSIGN(model::Release document, read_release(world_, context_, release.release));
    const model::ReleaseBundle* bundle = document.find(environment_.name);
    if (bundle != nullptr) {
      PAWL_ASSIGN(plan::BundleState state, known(bundle->bundle.digest));
      if (state.newest != 0) return Way{bundle->bundle.digest, release.serial};
    }
    return Error(ErrorCode::kNotFound, "release " + name + " was never in " + environment_.name.str(),
                 "pawl history " + environment_.name.str());
  }

  World& world_;
  const Context& context_;
  const plan::Records& records_;
  const model::ProjectName& project_;
  const model::Environment& environment_;
  const plan::EnvironmentState& state_;
  const std::vector<model::LayerName>& layers_;
};

struct Prepared {
  Proposal proposal = blank_proposal(plan::PromotionKind::kRollback);
  std::string from_version;
  std::uint64_t waiting = 0;  // the same way back was asked for before and waits under this number; 0: it does not
};

// A rollback that waits goes on when it is asked for again, and keeps what was agreed to.
Result<std::uint64_t> waiting_already(const Moment& moment, const model::ProjectName& project,
                                      const plan::EnvironmentState& state, const Proposal& proposal) {
  for (std::uint64_t number : state.open) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                moment.records.find<plan::PromotionState>(plan::key::promotion(project, number)));
    if (!open || open->phase != plan::Phase::kWaiting) continue;
    const plan::PromotionOpened& opened = open->opened;
    bool same = opened.kind == proposal.kind && opened.bundle == proposal.bundle && opened.from == proposal.from &&
                opened.layers == proposal.layers;
    if (same) return number;
  }
  return std::uint64_t{0};
}

// Refuses before anything is touched: what is to come back must be there, whole and still trusted, and the target ours.
Status check_way(World& world, const Context& context, const Moment& moment, const model::Configuration& configuration,
                 const model::Environment& environment, const Proposal& proposal) {
  plan::PromotionOpened opened = opened_of(proposal);
  PAWL_TRY_WITHIN(check_intact(world, context, moment.records, configuration, environment, opened),
                  "looking for the bundle to go back to");
  return check_target(world, context, configuration, environment, false);
}

Result<Prepared> prepare(World& world, const Context& context, const Moment& moment,
                         const model::Configuration& configuration, const model::Environment& environment,
                         const api::RollbackRequest& request) {
  const model::ProjectName& project = configuration.project;
  Prepared out;
  Proposal& proposal = out.proposal;
  PAWL_ASSIGN(plan::EnvironmentState state,
              moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment.name)));
  for (const std::string& layer : request.layers) proposal.layers.emplace_back(layer);
  WayBack back(world, context, moment, project, environment, state, proposal.layers);
  PAWL_ASSIGN(Way way, back.find(request.to));
  proposal.environment = environment.name;
  proposal.from = state.head->bundle;
  proposal.bundle = way.bundle;
  proposal.release = way.release;
  if (!proposal.layers.empty()) {
    PAWL_ASSIGN(proposal.bundle, assemble(world, context, *proposal.from, way.bundle, proposal.layers));
  }
  proposal.configuration = model::digest_of(configuration);
  PAWL_ASSIGN(proposal.plan, plan_digest(world, context, configuration, environment, proposal.from, proposal.bundle));
  PAWL_ASSIGN(out.from_version, label_of(moment.records, project, state.head->release));
  PAWL_ASSIGN(proposal.version, label_of(moment.records, project, way.release));
  PAWL_TRY(check_way(world, context, moment, configuration, environment, proposal));
  PAWL_ASSIGN(out.waiting, waiting_already(moment, project, state, proposal));
  return out;
}

enum class Authority : std::uint8_t { kCaller, kConfiguration };

Result<api::PromoteResponse> roll_back(World& world, const Context& context, const model::ProjectName& project,
                                       const api::RollbackRequest& request, Authority authority) {
  Prepared prepared;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_ASSIGN(model::Actor actor, current_actor(world));
    if (authority == Authority::kCaller) PAWL_TRY(plan::authorize(configuration, actor, "rollback", environment));
    PAWL_ASSIGN(prepared, prepare(world, context, moment, configuration, *environment, request));
    return {};
  }));
  if (request.dry_run) {
    api::PromoteResponse out;
    out.answer = "would";
    out.version = prepared.proposal.version;
    out.from_version = prepared.from_version;
    out.bundle = prepared.proposal.bundle.str();
    out.promotion.environment = request.environment;
    return out;
  }
  Opening opening{.verb = "rollback",
                  .reason = request.reason,
                  .supersede = true,
                  .fence_off = true,
                  .automatic = authority == Authority::kConfiguration};
  auto go = [&] {
    return prepared.waiting != 0 ? drive_to_response(world, context, project, prepared.waiting, {})
                                 : open_and_drive(world, context, project, prepared.proposal, opening);
  };
  PAWL_ASSIGN(api::PromoteResponse out, go());
  out.from_version = prepared.from_version;
  return out;
}

// When the bundle of a rollback was the head of its environment before; absent where it never was.
Status recall_visit(World& world, const Context& context, api::PromoteResponse& rollback) {
  if (rollback.bundle.empty()) return {};
  PAWL_ASSIGN(crypto::Digest bundle, crypto::Digest::parse(rollback.bundle));
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  model::EnvironmentName environment(rollback.promotion.environment);
  return look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(plan::EnvironmentState state,
                moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment)));
    for (std::uint64_t number = state.visits; number > 0; --number) {
      PAWL_ASSIGN(std::optional<plan::VisitState> visit,
                  moment.records.find<plan::VisitState>(plan::key::visit(project, environment, number)));
      if (!visit || visit->bundle != bundle || !visit->to) continue;
      rollback.ran_from = visit->from;
      rollback.ran_to = visit->to;
      return {};
    }
    return {};
  });
}

}  // namespace

Result<api::PromoteResponse> rollback(World& world, const Context& context, const api::RollbackRequest& request) {
  if (request.reason.empty()) return Error(ErrorCode::kUsage, "a rollback says why", "--reason \"...\"");
  std::string said = request.dry_run ? "" : take_over_if_readable(world, context);
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  PAWL_ASSIGN(api::PromoteResponse out, roll_back(world, context, project, request, Authority::kCaller));
  // That it is not known when the bundle ran before takes nothing from the rollback; nor does an interruption.
  (void)recall_visit(world, Context{}, out).ok();
  if (!said.empty()) out.notes.insert(out.notes.begin(), said);
  return out;
}

Result<api::PromoteResponse> roll_back_if_told(World& world, const Context& context,
                                               const model::Configuration& configuration,
                                               api::PromoteResponse response) {
  const api::PromotionView& promotion = response.promotion;
  const model::Environment* environment = configuration.find(model::EnvironmentName(promotion.environment));
  bool told = environment != nullptr && environment->rollback_on_failure;
  bool failed_here = response.answer == "failed" && promotion.applied_at && promotion.kind == "promote";
  if (!told || !failed_here) return response;
  api::RollbackRequest back{.environment = promotion.environment, .reason = "verification failed: " + promotion.reason};
  Result<api::PromoteResponse> rolled =
      roll_back(world, context, configuration.project, back, Authority::kConfiguration);
  if (rolled) {
    std::string number = std::to_string(rolled->promotion.number);
    response.notes.push_back(rolled->answer == "done"
                                 ? "rolled back to " + rolled->version + " (promotion " + number + ")"
                                 : "the rollback, promotion " + number + ", " + rolled->answer + ": " +
                                       rolled->promotion.reason);
  } else {
    response.notes.push_back("it could not be rolled back: " + rolled.error().text());
  }
  return response;
}

}  // namespace pawl::engine
