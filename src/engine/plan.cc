#include "engine/causes.h"
#include "engine/charts.h"
#include "engine/compare.h"
#include "engine/details.h"
#include "engine/facts.h"
#include "engine/gates.h"
#include "engine/promotion.h"
#include "engine/verbs.h"
#include "engine/views.h"
#include "engine/waiting.h"

namespace pawl::engine {

namespace {

// What a plan is made from: the proposal, and the releases on both sides of it.
struct Planned {
  Proposal proposal;
  std::optional<plan::ReleaseState> from;
  std::optional<plan::ReleaseState> to;
};

Result<std::vector<plan::GateAnswer>> answers_to(World& world, const Context& context, const Moment& moment,
                                                 const model::Configuration& configuration, const Proposal& proposal) {
  PAWL_ASSIGN(plan::PromotionOpened opened, as_it_waits(moment.records, configuration.project, opened_of(proposal)));
  return ask_gates(world, context, moment, configuration, opened);
}

void describe(const Planned& planned, api::PlanResponse& out) {
  const Proposal& proposal = planned.proposal;
  out.version = proposal.version;
  out.serial = "r" + std::to_string(proposal.release);
  out.bundle = proposal.bundle.str();
  out.from = proposal.from ? proposal.from->str() : "";
  out.from_version = planned.from ? planned.from->versions.back() : "";
  out.plan = proposal.plan.str();
}

// What the bundle says of itself: keys of what is added, secrets that can be read.
Status add_facts(World& world, const Context& context, const crypto::Digest& digest, api::PlanResponse& out) {
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, digest));
  PAWL_TRY(add_details(world, context, bundle, out.changes));
  PAWL_ASSIGN(model::Inventory inventory, read_inventory(world, context, bundle));
  for (const model::InventorySecret& secret : inventory.secrets) {
    if (!secret.plain_reason.empty())
      out.notes.push_back(secret.object + " is readable in the release: " + secret.plain_reason);
  }
  return {};
}

}  // namespace

Result<api::PlanResponse> plan_promotion(World& world, const Context& context, const api::PlanRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::PlanResponse out{.environment = request.environment, .layers = request.layers};
  std::optional<Planned> planned;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_ASSIGN(Proposal proposal,
                propose(world, context, moment, configuration, *environment, request.release, request.layers));
    PAWL_ASSIGN(auto answers, answers_to(world, context, moment, configuration, proposal));
    out.gates = views(answers);
    out.verdict = plan::name_of(plan::verdict(answers));
    PAWL_ASSIGN(auto from, release_by_serial(moment.records, project, proposal.from_release));
    PAWL_ASSIGN(auto to, release_by_serial(moment.records, project, proposal.release));
    for (const std::string& departure : to ? to->departures : std::vector<std::string>()) {
      if (departure.starts_with(kChartDeparture)) out.notes.push_back(departure);
    }
    planned = Planned{std::move(proposal), std::move(from), std::move(to)};
    if (Status target = check_target(world, context, configuration, *environment, false); !target)
      out.notes.push_back(target.error().text());
    return {};
  }));
  describe(*planned, out);
  const Proposal& proposal = planned->proposal;
  PAWL_ASSIGN(auto changes, bundle_difference(world, context, proposal.from, proposal.bundle));
  if (planned->from && planned->to)
    explain_releases(world, context, planned->from->snapshot, planned->to->snapshot, proposal.environment, changes);
  out.changes = view(changes);
  PAWL_TRY(add_facts(world, context, proposal.bundle, out));
  return out;
}

}  // namespace pawl::engine
