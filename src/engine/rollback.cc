#include "core/plan/authorize.h"
#include "engine/facts.h"
#include "engine/promotion.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

struct Way {
  crypto::Digest bundle;
  std::uint64_t release = 0;
};

// The newest bundle that is still verified here, of a visit before the head's.
Result<Way> find_way_back(const Moment& moment, const model::ProjectName& project,
                          const model::Environment& environment, const plan::EnvironmentState& state) {
  const plan::Records& records = moment.records;
  for (std::uint64_t number = state.visits; number > 0; --number) {
    PAWL_ASSIGN(std::optional<plan::VisitState> visit,
                records.find<plan::VisitState>(plan::key::visit(project, environment.name, number)));
    if (!visit || visit->bundle == state.head->bundle) continue;
    PAWL_ASSIGN(plan::BundleState bundle,
                records.load<plan::BundleState>(plan::key::bundle(project, environment.name, visit->bundle)));
    // Its checks may have changed since: the way back is open, and they run again.
    if (bundle.verified) return Way{visit->bundle, visit->release};
  }
  return Error(ErrorCode::kNotFound, "no earlier bundle of " + environment.name.str() + " is verified",
               "name one: pawl rollback " + environment.name.str() + " --to RELEASE");
}

Result<Way> find_named(World& world, const Context& context, const Moment& moment, const model::ProjectName& project,
                       const model::Environment& environment, const plan::EnvironmentState& state,
                       const std::string& name) {
  if (Result<crypto::Digest> digest = crypto::Digest::parse(name)) {
    for (std::uint64_t number = state.visits; number > 0; --number) {
      PAWL_ASSIGN(std::optional<plan::VisitState> visit,
                  moment.records.find<plan::VisitState>(plan::key::visit(project, environment.name, number)));
      if (visit && visit->bundle == *digest) return Way{visit->bundle, visit->release};
    }
  }
  PAWL_ASSIGN(plan::ReleaseState release, find_release(moment.records, project, name));
  PAWL_ASSIGN(model::Release document, read_release(world, context, release.release));
  const model::ReleaseBundle* bundle = document.find(environment.name);
  bool was_here = false;
  if (bundle != nullptr) {
    PAWL_ASSIGN(plan::BundleState known, moment.records.load<plan::BundleState>(
                                             plan::key::bundle(project, environment.name, bundle->bundle.digest)));
    was_here = known.promotion != 0 || known.verified || !known.revoked.empty();
  }
  if (!was_here)
    return Error(ErrorCode::kNotFound, "release " + name + " was never in " + environment.name.str(),
                 "pawl history " + environment.name.str());
  return Way{bundle->bundle.digest, release.serial};
}

Result<Way> choose(World& world, const Context& context, const Moment& moment, const model::ProjectName& project,
                   const model::Environment& environment, const plan::EnvironmentState& state, const std::string& to) {
  if (!state.head)
    return Error(ErrorCode::kNotFound, "nothing was ever completely applied to " + environment.name.str());
  if (!to.empty()) return find_named(world, context, moment, project, environment, state, to);
  // Half applied: the head is the last whole thing that was there.
  if (state.degraded || state.pending) return Way{state.head->bundle, state.head->release};
  return find_way_back(moment, project, environment, state);
}

}  // namespace

Result<api::PromoteResponse> rollback(World& world, const Context& context, const api::RollbackRequest& request) {
  if (request.reason.empty()) return Error(ErrorCode::kUsage, "a rollback says why", "--reason \"...\"");
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  Proposal proposal{.kind = plan::PromotionKind::kRollback,
                    .bundle = crypto::sha256(""),
                    .plan = crypto::sha256(""),
                    .configuration = crypto::sha256("")};
  std::string from_version;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_ASSIGN(model::Actor actor, current_actor(world));
    PAWL_TRY(plan::authorize(configuration, actor, "rollback", environment));
    PAWL_ASSIGN(plan::EnvironmentState state,
                moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment->name)));
    PAWL_ASSIGN(Way way, choose(world, context, moment, project, *environment, state, request.to));
    proposal.environment = environment->name;
    proposal.bundle = way.bundle;
    proposal.release = way.release;
    proposal.from = state.head->bundle;
    proposal.configuration = model::digest_of(configuration);
    proposal.plan = plan_digest(configuration, *environment, proposal.from, proposal.bundle);
    PAWL_ASSIGN(std::optional<plan::ReleaseState> before,
                release_by_serial(moment.records, project, state.head->release));
    if (before) from_version = before->versions.back();
    PAWL_ASSIGN(std::optional<plan::ReleaseState> after, release_by_serial(moment.records, project, way.release));
    if (after) proposal.version = after->versions.back();
    return {};
  }));
  // Refuse before anything is touched: the bytes that are to come back must be there and whole.
  PAWL_TRY_WITHIN(check_bundle(world, context, proposal.bundle), "looking for the bundle to go back to");
  if (request.dry_run) {
    api::PromoteResponse out;
    out.answer = "would";
    out.version = proposal.version;
    out.from_version = from_version;
    out.bundle = proposal.bundle.str();
    out.promotion.environment = request.environment;
    return out;
  }
  PAWL_ASSIGN(api::PromoteResponse out,
              open_and_drive(world, context, project, proposal, {request.reason, false, true, true}));
  out.from_version = from_version;
  return out;
}

Result<api::PromoteResponse> reconcile(World& world, const Context& context, const api::ReconcileRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  Proposal proposal{.kind = plan::PromotionKind::kReconcile,
                    .bundle = crypto::sha256(""),
                    .plan = crypto::sha256(""),
                    .configuration = crypto::sha256("")};
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_ASSIGN(model::Actor actor, current_actor(world));
    PAWL_TRY(plan::authorize(configuration, actor, "promote", environment));
    PAWL_ASSIGN(plan::EnvironmentState state,
                moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment->name)));
    if (!state.head)
      return Error(ErrorCode::kNotFound, "nothing is in " + request.environment + " yet",
                   "pawl promote --to " + request.environment);
    if (state.degraded)
      return Error(ErrorCode::kConflict, request.environment + " is degraded: a promotion was half applied",
                   "pawl retry " + request.environment + ", or pawl rollback " + request.environment);
    proposal.environment = environment->name;
    proposal.bundle = state.head->bundle;
    proposal.release = state.head->release;
    proposal.from = state.head->bundle;
    proposal.configuration = model::digest_of(configuration);
    proposal.plan = plan_digest(configuration, *environment, proposal.from, proposal.bundle);
    return {};
  }));
  PAWL_TRY(check_bundle(world, context, proposal.bundle));
  return open_and_drive(world, context, project, proposal,
                        {request.reason.empty() ? "reconcile" : request.reason, false, false, false});
}

}  // namespace pawl::engine
