#include <algorithm>

#include "core/model/release.h"
#include "core/plan/authorize.h"
#include "engine/answers.h"
#include "engine/approvals.h"
#include "engine/drive.h"
#include "engine/facts.h"
#include "engine/gates.h"
#include "engine/records.h"
#include "engine/verbs.h"
#include "engine/views.h"
#include "engine/waiting.h"

namespace pawl::engine {

namespace {

using model::ApprovalVerdict;

Result<model::Approval> answer_to(const model::ApprovalSubject& subject, const Answer& answer, Time now) {
  model::Approval out{subject, answer.verdict, answer.comment, now, std::nullopt};
  if (answer.expires.empty()) return out;
  PAWL_ASSIGN_WITHIN(Duration time, parse_duration(answer.expires), "reading --expires");
  out.expires = now + time;
  return out;
}

// For somebody who has nothing but a key: no store is touched.
Result<api::ApproveResponse> only_sign(World& world, const Context& context, const std::string& request,
                                       const Answer& answer) {
  PAWL_ASSIGN(model::ApprovalRequest asked, model::decode_request(request));
  PAWL_ASSIGN(model::Approval approval, answer_to(asked.subject, answer, world.clock->now()));
  api::ApproveResponse out{.promotion = asked.subject.promotion,
                           .environment = asked.subject.environment.str(),
                           .version = asked.release,
                           .verdict = std::string(name_of(answer.verdict)),
                           .plan = asked.subject.plan.str(),
                           .comment = answer.comment,
                           .expires = approval.expires,
                           .dry_run = answer.dry_run};
  if (answer.dry_run) return out;
  PAWL_ASSIGN(out.statement, sign_as_person(world, context, model::statement_of(approval)));
  return out;
}

// One answer, and the promotion that it is about.
struct Answered {
  plan::PromotionState state;
  model::PersonName person;
  model::Approval approval;
  ApprovalVerdict verdict() const { return approval.verdict; }
};

ErrorCode code_of(plan::ApprovalFlaw flaw) {
  bool personal = flaw == plan::ApprovalFlaw::kOwnRequest || flaw == plan::ApprovalFlaw::kNotAsked ||
                  flaw == plan::ApprovalFlaw::kUnknownKey;
  return personal ? ErrorCode::kDenied : ErrorCode::kConflict;
}

std::string way_out(plan::ApprovalFlaw flaw, const plan::PromotionState& state) {
  if (flaw == plan::ApprovalFlaw::kOtherPlan)
    return "pawl promote --to " + state.opened.environment.str() + " plans it anew; then look at it again";
  return "pawl approvals " + std::to_string(state.opened.number);
}

Error refusal(plan::ApprovalFlaw flaw, const Answered& answered) {
  std::string promotion = "promotion " + std::to_string(answered.state.opened.number);
  return Error(
      code_of(flaw),
      would_not_count(answered.person, answered.verdict(), promotion, plan::name_of(flaw), plan::words_for(flaw)),
      way_out(flaw, answered.state));
}

// Why none of the gates would count it; nullopt where one does. Whoever asked may well take it back.
std::optional<plan::ApprovalFlaw> flaw_for_all(const model::Environment& environment, const Answered& answered,
                                               const plan::ApprovalFacts& facts, Time now) {
  const model::Approval& approval = answered.approval;
  plan::ApprovalFact fact{
      answered.person, approval.verdict, approval.comment, approval.given, approval.expires, {}, ""};
  std::optional<plan::ApprovalFlaw> flaw = plan::ApprovalFlaw::kNotAsked;
  for (const model::Gate& gate : environment.gates) {
    const auto* asks = std::get_if<model::ApprovalGate>(&gate);
    if (asks == nullptr) continue;
    flaw = plan::flaw_for(fact, *asks, facts, now);
    bool takes_back = approval.verdict == ApprovalVerdict::kRejected && flaw == plan::ApprovalFlaw::kOwnRequest;
    if (!flaw || takes_back) return std::nullopt;
  }
  return flaw;
}

Status check_waits(const plan::PromotionState& state) {
  if (state.phase == plan::Phase::kWaiting) return {};
  std::string number = std::to_string(state.opened.number);
  std::optional<plan::Outcome> outcome = state.outcome();
  std::string is = outcome ? std::string(plan::name_of(*outcome)) : std::string(plan::name_of(state.phase));
  return Error(ErrorCode::kConflict, "promotion " + number + " is " + is + "; nobody's word is waited for",
               "pawl describe promotion " + number);
}

Status check_asks(const model::Environment& environment) {
  bool asks = std::any_of(environment.gates.begin(), environment.gates.end(),
                          [](const model::Gate& gate) { return std::holds_alternative<model::ApprovalGate>(gate); });
  if (asks) return {};
  return Error(ErrorCode::kConflict, environment.name.str() + " asks nobody for an approval",
               "pawl explain environments.gates.approval");
}

api::ApproveResponse response_to(const Answered& answered) {
  const model::Approval& approval = answered.approval;
  return {.promotion = answered.state.opened.number,
          .environment = answered.state.opened.environment.str(),
          .verdict = std::string(name_of(approval.verdict)),
          .person = answered.person.str(),
          .plan = approval.subject.plan.str(),
          .comment = approval.comment,
          .expires = approval.expires};
}

// A no ends the promotion at once: there is nothing to wait for, and nothing was applied.
Status block(World& world, const Context& context, Writing& writing, const model::Configuration& configuration,
             const Answered& answered) {
  const plan::PromotionOpened& opened = answered.state.opened;
  Moment moment{writing.records(), writing.now()};
  PAWL_ASSIGN(std::vector<plan::GateAnswer> answers,
              ask_gates(world, context, moment, configuration, opened, Outside::kLeftAlone));
  std::string why = answered.approval.comment.empty() ? "" : ": " + answered.approval.comment;
  plan::PromotionFinished event{opened.number,
                                answered.state.attempt,
                                0,
                                plan::Outcome::kBlocked,
                                answered.person.str() + " rejected it" + why,
                                std::move(answers),
                                std::nullopt};
  event.configuration = model::digest_of(configuration);
  return writing.append(event);
}

// What an answer to a promotion is: answers.h says how it comes into the ledger.
class ToPromotion {
 public:
  using Said = Answered;
  static constexpr QuestionWords kWords{"promotion", "a promotion", "pawl approvals", "pawl approve", "pawl reject"};

  ToPromotion(World& world, const Context& context) : world_(world), context_(context) {}

  Result<Answered> read(const Moment& moment, const model::Configuration& configuration, const std::string& record) {
    PAWL_ASSIGN(PersonsStatement read, read_answer(configuration, record, kWords));
    PAWL_ASSIGN(model::Approval approval, model::approval_of(read.statement));
    PAWL_ASSIGN(plan::PromotionState state,
                find_named(moment.records, configuration, std::to_string(approval.subject.promotion)));
    return Answered{std::move(state), std::move(read.person), std::move(approval)};
  }

  Status check_counts(const Moment& moment, const model::Configuration& configuration, const Answered& answered) {
    const plan::PromotionOpened& opened = answered.state.opened;
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, opened.environment.str()));
    PAWL_TRY(check_waits(answered.state));
    PAWL_TRY(check_asks(*environment));
    PAWL_ASSIGN(model::ApprovalSubject asked, approval_subject(world_, context_, configuration, *environment, opened));
    if (asked.plan != opened.plan) return refusal(plan::ApprovalFlaw::kOtherPlan, answered);
    if (auto flaw = plan::flaw_of_subject(answered.approval.subject, asked)) return refusal(*flaw, answered);
    PAWL_ASSIGN(plan::ApprovalFacts facts,
                approval_facts(world_, context_, moment, configuration, *environment, opened));
    if (auto flaw = flaw_for_all(*environment, answered, facts, moment.now)) return refusal(*flaw, answered);
    return {};
  }

  static bool is_recorded(const Answered& answered) {
    const model::Approval& approval = answered.approval;
    return std::any_of(answered.state.approvals.begin(), answered.state.approvals.end(),
                       [&](const plan::ApprovalRecorded& one) {
                         return one.person == answered.person && one.verdict == approval.verdict &&
                                one.plan == approval.subject.plan && one.comment == approval.comment &&
                                one.given == approval.given && one.expires == approval.expires;
                       });
  }

  // The bundle.
  Result<model::Descriptor> subject(const Answered& answered) {
    PAWL_ASSIGN(std::string document, world_.blobs->get(context_, answered.state.opened.bundle));
    return model::describe(model::kManifestType, document);
  }

  Status append(Writing& writing, const model::Configuration& configuration, const Answered& answered,
                const crypto::Digest& kept) {
    const model::Approval& approval = answered.approval;
    PAWL_TRY(writing.append(plan::ApprovalRecorded{approval.subject.promotion, approval.verdict, answered.person,
                                                   approval.subject.plan, approval.comment,
                                                   std::min(approval.given, writing.now()), approval.expires, kept}));
    if (approval.verdict == ApprovalVerdict::kApproved) return {};
    return block(world_, context_, writing, configuration, answered);
  }

 private:
  World& world_;
  const Context& context_;
};

// What the promotion's gates say afterwards, and what is promoted.
Status describe(World& world, const Context& context, const model::ProjectName& project, api::ApproveResponse& out) {
  return look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(std::optional<plan::PromotionState> state,
                moment.records.find<plan::PromotionState>(plan::key::promotion(project, out.promotion)));
    if (!state) return {};
    const plan::PromotionOpened& opened = state->opened;
    PAWL_ASSIGN(out.version, label_of(moment.records, project, opened.release));
    out.kind = plan::name_of(opened.kind);
    out.bundle = opened.bundle.str();
    for (const model::LayerName& layer : opened.layers) out.layers.push_back(layer.str());
    out.gates = views(state->gates);
    if (state->phase != plan::Phase::kWaiting) return {};
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(std::vector<plan::GateAnswer> answers,
                ask_gates(world, context, moment, configuration, state->opened, Outside::kLeftAlone));
    out.gates = views(answers);
    return {};
  });
}

Result<api::ApproveResponse> record(World& world, const Context& context, const std::string& signed_answer,
                                    const Answer& answer) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  ToPromotion kind(world, context);
  PAWL_ASSIGN(Recorded<Answered> recorded, record_answer(world, context, project, kind, signed_answer, answer));
  api::ApproveResponse out = response_to(recorded.said);
  out.record = recorded.record;
  out.existed = recorded.existed;
  out.dry_run = answer.dry_run;
  PAWL_TRY(describe(world, context, project, out));
  return out;
}

// What the caller is asked, and that they are somebody who may answer, before their key is used.
Result<model::ApprovalSubject> find_question(World& world, const Context& context, const std::string& name,
                                             const std::string& plan) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<model::ApprovalSubject> out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(plan::PromotionState state, find_named(moment.records, configuration, name));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, state.opened.environment.str()));
    PAWL_TRY(known_person(world, configuration, "answer"));
    PAWL_ASSIGN(out, approval_subject(world, context, configuration, *environment, state.opened));
    if (!plan.empty() && plan != out->plan.str())
      return Error(ErrorCode::kConflict, "the plan is another one now, " + out->plan.brief(),
                   "look at it again: pawl why " + name);
    return {};
  }));
  return std::move(*out);
}

Result<api::ApproveResponse> say(World& world, const Context& context, const AnswerTo& to, const std::string& plan,
                                 const Answer& answer) {
  PAWL_TRY(check_comment(answer, to));
  PAWL_TRY(check_one_way(to, ToPromotion::kWords));
  if (!to.request.empty()) return only_sign(world, context, to.request, answer);
  if (!to.imported.empty()) return record(world, context, to.imported, answer);
  PAWL_ASSIGN(model::ApprovalSubject subject, find_question(world, context, to.question, plan));
  PAWL_ASSIGN(Time now, present(world, context));
  PAWL_ASSIGN(model::Approval approval, answer_to(subject, answer, now));
  PAWL_ASSIGN(std::string signed_answer, sign_as_person(world, context, model::statement_of(approval)));
  return record(world, context, signed_answer, answer);
}

}  // namespace

Result<api::ApproveResponse> approve(World& world, const Context& context, const api::ApproveRequest& request) {
  return say(world, context, {request.promotion, request.request, request.imported}, request.plan,
             {ApprovalVerdict::kApproved, request.comment, request.expires, request.dry_run});
}

Result<api::ApproveResponse> reject(World& world, const Context& context, const api::RejectRequest& request) {
  return say(world, context, {request.promotion, request.request, request.imported}, "",
             {ApprovalVerdict::kRejected, request.comment, "", request.dry_run});
}

}  // namespace pawl::engine
