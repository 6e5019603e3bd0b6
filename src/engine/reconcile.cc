#include "core/plan/authorize.h"
#include "engine/configure.h"
#include "engine/facts.h"
#include "engine/intact.h"
#include "engine/promotion.h"
#include "engine/verbs.h"
#include "engine/views.h"

namespace pawl::engine {

namespace {

// The head, onto itself.
Result<Proposal> propose_head(World& world, const Context& context, const Moment& moment,
                              const model::Configuration& configuration, const model::Environment& environment) {
  PAWL_ASSIGN(plan::EnvironmentState state, moment.records.load<plan::EnvironmentState>(
                                                plan::key::environment(configuration.project, environment.name)));
  std::string name = environment.name.str();
  if (!state.head) return Error(ErrorCode::kNotFound, "nothing is in " + name + " yet", "pawl promote --to " + name);
  if (state.degraded)
    return Error(ErrorCode::kConflict, name + " is degraded: a promotion was half applied",
                 "pawl retry " + name + ", or pawl rollback " + name + " --reason \"...\"");
  Proposal proposal = blank_proposal(plan::PromotionKind::kReconcile);
  proposal.environment = environment.name;
  proposal.bundle = state.head->bundle;
  proposal.release = state.head->release;
  proposal.from = state.head->bundle;
  proposal.configuration = model::digest_of(configuration);
  PAWL_ASSIGN(proposal.plan, plan_digest(world, context, configuration, environment, proposal.from, proposal.bundle));
  PAWL_ASSIGN(proposal.version, label_of(moment.records, configuration.project, proposal.release));
  return proposal;
}

api::PromoteResponse would_restore(const Proposal& proposal) {
  api::PromoteResponse out;
  out.answer = "would";
  out.version = proposal.version;
  out.bundle = proposal.bundle.str();
  out.promotion.kind = plan::name_of(proposal.kind);
  out.promotion.environment = proposal.environment.str();
  out.promotion.version = proposal.version;
  return out;
}

}  // namespace

Result<api::PromoteResponse> reconcile(World& world, const Context& context, const api::ReconcileRequest& request) {
  std::string said = request.dry_run ? "" : take_over_if_readable(world, context);
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  Proposal proposal = blank_proposal(plan::PromotionKind::kReconcile);
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_ASSIGN(model::Actor actor, current_actor(world));
    PAWL_TRY(plan::authorize(configuration, actor, "promote", environment));
    PAWL_ASSIGN(proposal, propose_head(world, context, moment, configuration, *environment));
    return check_target(world, context, configuration, *environment, false);
  }));
  PAWL_TRY(check_bundle(world, context, proposal.bundle));
  if (request.dry_run) return would_restore(proposal);
  Opening opening{.reason = request.reason.empty() ? "reconcile" : request.reason};
  PAWL_ASSIGN(api::PromoteResponse out, open_and_drive(world, context, project, proposal, opening));
  if (!said.empty()) out.notes.insert(out.notes.begin(), said);
  return out;
}

}  // namespace pawl::engine
