#include <algorithm>

#include "engine/approvals.h"
#include "engine/facts.h"
#include "engine/gates.h"
#include "engine/verbs.h"
#include "engine/views.h"
#include "engine/waiting.h"

namespace pawl::engine {

namespace {

// It counts where one gate counts it; else what the last of them has against it is said.
std::optional<plan::ApprovalFlaw> flaw_for_all(const model::Environment& environment, const plan::ApprovalFact& fact,
                                               const plan::ApprovalFacts& facts, Time now) {
  std::optional<plan::ApprovalFlaw> flaw = fact.flaw;
  for (const model::Gate& gate : environment.gates) {
    const auto* asks = std::get_if<model::ApprovalGate>(&gate);
    if (asks == nullptr) continue;
    flaw = plan::flaw_for(fact, *asks, facts, now);
    if (!flaw) break;
  }
  return flaw;
}

api::ApprovalView view(const plan::ApprovalFact& fact, const std::optional<plan::ApprovalFlaw>& flaw) {
  return {.person = fact.person.str(),
          .verdict = std::string(name_of(fact.verdict)),
          .comment = fact.comment,
          .given = fact.given,
          .expires = fact.expires,
          .counts = !flaw,
          .flaw = flaw ? std::string(plan::name_of(*flaw)) : "",
          .reason = flaw ? plan::words_for(*flaw) : "",
          .record = fact.record};
}

// One list being made.
class Listing {
 public:
  Listing(World& world, const Context& context, const Moment& moment, const model::Configuration& configuration)
      : world_(world), context_(context), moment_(moment), configuration_(configuration) {}

  Result<api::PromotionApprovalsView> of(const plan::PromotionState& state) {
    const plan::PromotionOpened& opened = state.opened;
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration_, opened.environment.str()));
    api::PromotionApprovalsView out{.number = opened.number,
                                    .environment = opened.environment.str(),
                                    .plan = opened.plan.str(),
                                    .requester = opened.requester,
                                    .request_reason = opened.reason};
    PAWL_ASSIGN(out.version, label_of(moment_.records, configuration_.project, opened.release));
    PAWL_ASSIGN(plan::ApprovalFacts facts,
                approval_facts(world_, context_, moment_, configuration_, *environment, opened));
    for (const plan::ApprovalFact& fact : facts.said)
      out.approvals.push_back(view(fact, flaw_for_all(*environment, fact, facts, moment_.now)));
    if (state.phase != plan::Phase::kWaiting) return out;
    PAWL_ASSIGN(std::vector<plan::GateAnswer> answers,
                ask_gates(world_, context_, moment_, configuration_, opened, Outside::kLeftAlone));
    std::erase_if(answers, [](const plan::GateAnswer& answer) { return answer.gate != "approval"; });
    out.gates = views(answers);
    return out;
  }

  // What somebody elsewhere is to sign.
  Result<std::string> request(const plan::PromotionState& state) {
    const plan::PromotionOpened& opened = state.opened;
    std::string number = std::to_string(opened.number);
    if (state.phase != plan::Phase::kWaiting)
      return Error(ErrorCode::kConflict, "promotion " + number + " does not wait for anybody",
                   "pawl describe promotion " + number);
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration_, opened.environment.str()));
    PAWL_ASSIGN(model::ApprovalSubject subject,
                approval_subject(world_, context_, configuration_, *environment, opened));
    model::ApprovalRequest out{std::move(subject), "", "", opened.requester, opened.reason};
    if (out.subject.plan != opened.plan)
      return Error(ErrorCode::kConflict, "the plan of promotion " + number + " is another one now",
                   "pawl promote --to " + opened.environment.str() + " plans it anew");
    PAWL_ASSIGN(out.release, label_of(moment_.records, configuration_.project, opened.release));
    PAWL_ASSIGN(plan::EnvironmentState place, moment_.records.load<plan::EnvironmentState>(
                                                  plan::key::environment(configuration_.project, opened.environment)));
    if (place.head) {
      PAWL_ASSIGN(out.from, label_of(moment_.records, configuration_.project, place.head->release));
    }
    return model::encode_request(out);
  }

 private:
  World& world_;
  const Context& context_;
  const Moment& moment_;
  const model::Configuration& configuration_;
};

}  // namespace

Result<api::ApprovalsResponse> approvals(World& world, const Context& context, const api::ApprovalsRequest& request) {
  if (request.exports && request.promotion.empty())
    return Error(ErrorCode::kUsage, "which promotion is to be exported?", "pawl approvals");
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::ApprovalsResponse out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    std::vector<plan::PromotionState> states;
    if (request.promotion.empty()) {
      PAWL_ASSIGN(states, find_waiting(moment.records, configuration));
    } else {
      PAWL_ASSIGN(plan::PromotionState one, find_named(moment.records, configuration, request.promotion));
      states.push_back(std::move(one));
    }
    Listing listing(world, context, moment, configuration);
    for (const plan::PromotionState& state : states) {
      PAWL_ASSIGN(api::PromotionApprovalsView one, listing.of(state));
      bool asked = !one.gates.empty() || !one.approvals.empty() || !request.promotion.empty();
      if (asked) out.promotions.push_back(std::move(one));
    }
    if (!request.exports) return {};
    PAWL_ASSIGN(out.request, listing.request(states[0]));
    return {};
  }));
  return out;
}

}  // namespace pawl::engine
