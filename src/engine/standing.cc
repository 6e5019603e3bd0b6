#include "engine/standing.h"

#include "engine/facts.h"
#include "engine/verified.h"

namespace pawl::engine {

namespace {

// The bundle of an open one may be another than the proposal's, when the head moved under its layers.
bool is_same(const plan::PromotionOpened& opened, const Proposal& proposal) {
  return opened.kind == proposal.kind && opened.release == proposal.release && opened.layers == proposal.layers;
}

Result<std::optional<StandingFound>> find_open(const plan::Records& records, const model::ProjectName& project,
                                               const plan::EnvironmentState& state, const Proposal& proposal) {
  for (std::uint64_t number : state.open) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                records.find<plan::PromotionState>(plan::key::promotion(project, number)));
    if (open && is_same(open->opened, proposal))
      return std::optional<StandingFound>(StandingFound{Standing::kOpen, number, open->opened.plan});
  }
  return std::optional<StandingFound>();
}

// A head is bundle and release; layers alone only ask for the bytes.
bool is_head(const plan::EnvironmentState& state, const Proposal& proposal) {
  if (!state.head || state.pending || state.head->bundle != proposal.bundle) return false;
  return !proposal.layers.empty() || state.head->release == proposal.release;
}

Result<bool> target_holds(World& world, const Context& context, const model::Configuration& configuration,
                          const model::Environment& environment, const crypto::Digest& bundle) {
  PAWL_ASSIGN(std::shared_ptr<ports::Target> target, world.targets->open(context, environment.target));
  PAWL_ASSIGN(ports::TargetState state, target->inspect(context));
  const std::optional<ports::Receipt>& receipt = state.receipt;
  return receipt && receipt->bundle == bundle && receipt->project == configuration.project.str() &&
         receipt->environment == environment.name.str();
}

}  // namespace

Result<StandingFound> find_standing(World& world, const Context& context, const Moment& moment,
                                    const model::Configuration& configuration, const model::Environment& environment,
                                    const Proposal& proposal) {
  const model::ProjectName& project = configuration.project;
  PAWL_ASSIGN(plan::EnvironmentState state,
              moment.records.load<plan::EnvironmentState>(plan::key::environment(project, environment.name)));
  PAWL_ASSIGN(std::optional<StandingFound> open, find_open(moment.records, project, state, proposal));
  if (open) return *open;
  if (!is_head(state, proposal)) return StandingFound{};
  PAWL_ASSIGN(bool holds, target_holds(world, context, configuration, environment, proposal.bundle));
  if (!holds) return StandingFound{};
  PAWL_ASSIGN(plan::Verification verified,
              verified_now(world, context, moment, configuration, environment, proposal.bundle));
  if (verified.verified) return StandingFound{Standing::kDone};
  if (!state.open.empty()) return StandingFound{};
  return StandingFound{Standing::kUnchecked, state.head->promotion, {}};
}

}  // namespace pawl::engine
