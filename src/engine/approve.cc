#include <algorithm>

#include "core/model/release.h"
#include "core/plan/authorize.h"
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

// What the caller says, whatever they say it to.
struct Answer {
  ApprovalVerdict verdict = ApprovalVerdict::kRejected;
  std::string comment;
  std::string expires;  // a duration, or ""
  bool dry_run = false;
};

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

// One answer on its way into the ledger.
struct Answered {
  plan::PromotionState state;
  model::PersonName person;
  model::Approval approval;
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
  std::string word = answered.approval.verdict == ApprovalVerdict::kApproved ? "approval" : "rejection";
  return Error(code_of(flaw),
               answered.person.str() + "'s " + word + " of promotion " + std::to_string(answered.state.opened.number) +
                   " would not count (" + std::string(plan::name_of(flaw)) + "): " + plan::words_for(flaw),
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

// That it would count now. Asked before anything is kept, and again in the transaction that records it.
Status check_counts(World& world, const Context& context, const Moment& moment,
                    const model::Configuration& configuration, const Answered& answered) {
  const plan::PromotionOpened& opened = answered.state.opened;
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, opened.environment.str()));
  PAWL_TRY(check_waits(answered.state));
  PAWL_TRY(check_asks(*environment));
  model::ApprovalSubject asked = approval_subject(world, configuration, *environment, opened);
  if (asked.plan != opened.plan) return refusal(plan::ApprovalFlaw::kOtherPlan, answered);
  if (auto flaw = plan::flaw_of_subject(answered.approval.subject, asked)) return refusal(*flaw, answered);
  PAWL_ASSIGN(plan::ApprovalFacts facts, approval_facts(world, context, moment, configuration, *environment, opened));
  if (auto flaw = flaw_for_all(*environment, answered, facts, moment.now)) return refusal(*flaw, answered);
  return {};
}

Result<Answered> read_answer(const Moment& moment, const model::Configuration& configuration,
                             const std::string& record) {
  Result<ReadApproval> read = read_approval(configuration, record);
  if (!read && read.error().code == ErrorCode::kIntegrity)
    return Error(ErrorCode::kDenied, "it is signed by nobody whom the configuration knows",
                 "their public key goes under people: in pawl.yaml");
  if (!read) return std::move(read).error();
  PAWL_ASSIGN(plan::PromotionState state,
              find_named(moment.records, configuration, std::to_string(read->approval.subject.promotion)));
  return Answered{std::move(state), std::move(read->person), std::move(read->approval)};
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

// Keeps the signed statement beside the bundle that it is about.
Result<crypto::Digest> keep(World& world, const Context& context, const Answered& answered, const std::string& record) {
  PAWL_ASSIGN(std::string document, world.blobs->get(context, answered.state.opened.bundle));
  model::Descriptor subject = model::describe(model::kManifestType, document);
  PAWL_ASSIGN(model::Descriptor kept, world.blobs->attach(context, subject, model::kSigstoreBundleType, record));
  return kept.digest;
}

// Whether the very same was recorded before: brought twice is brought once.
bool is_recorded(const Answered& answered) {
  const model::Approval& approval = answered.approval;
  return std::any_of(
      answered.state.approvals.begin(), answered.state.approvals.end(), [&](const plan::ApprovalRecorded& one) {
        return one.person == answered.person && one.verdict == approval.verdict && one.plan == approval.subject.plan &&
               one.comment == approval.comment && one.given == approval.given && one.expires == approval.expires;
      });
}

Status append(World& world, const Context& context, const model::ProjectName& project, const std::string& record,
              const crypto::Digest& kept) {
  return write(world, context, project, [&](Writing& writing) -> Status {
    Moment moment{writing.records(), writing.now()};
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(Answered answered, read_answer(moment, configuration, record));
    PAWL_TRY(check_counts(world, context, moment, configuration, answered));
    const model::Approval& approval = answered.approval;
    PAWL_TRY(writing.append(plan::ApprovalRecorded{approval.subject.promotion, approval.verdict, answered.person,
                                                   approval.subject.plan, approval.comment,
                                                   std::min(approval.given, writing.now()), approval.expires, kept}));
    if (approval.verdict == ApprovalVerdict::kApproved) return {};
    return block(world, context, writing, configuration, answered);
  });
}

// What the promotion's gates say afterwards, and what is promoted.
Status describe(World& world, const Context& context, const model::ProjectName& project, api::ApproveResponse& out) {
  return look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(std::optional<plan::PromotionState> state,
                moment.records.find<plan::PromotionState>(plan::key::promotion(project, out.promotion)));
    if (!state) return {};
    PAWL_ASSIGN(out.version, label_of(moment.records, project, state->opened.release));
    out.gates = views(state->gates);
    if (state->phase != plan::Phase::kWaiting) return {};
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(std::vector<plan::GateAnswer> answers,
                ask_gates(world, context, moment, configuration, state->opened, Outside::kLeftAlone));
    out.gates = views(answers);
    return {};
  });
}

// Records a signed answer, whoever brings it.
Result<api::ApproveResponse> record_answer(World& world, const Context& context, const std::string& record,
                                           const Answer& answer) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<Answered> found;
  bool existed = false;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(found, read_answer(moment, configuration, record));
    if (found->approval.verdict != answer.verdict)
      return Error(
          ErrorCode::kUsage, "it says " + std::string(name_of(found->approval.verdict)),
          found->approval.verdict == ApprovalVerdict::kApproved ? "pawl approve --import" : "pawl reject --import");
    existed = is_recorded(*found);
    if (existed) return {};
    return check_counts(world, context, moment, configuration, *found);
  }));
  api::ApproveResponse out = response_to(*found);
  out.dry_run = answer.dry_run;
  out.existed = existed;
  if (!answer.dry_run) {
    PAWL_ASSIGN(crypto::Digest kept, keep(world, context, *found, record));
    out.record = kept.str();
    if (!existed) PAWL_TRY(append(world, context, project, record, kept));
  }
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
    out = approval_subject(world, configuration, *environment, state.opened);
    if (!plan.empty() && plan != out->plan.str())
      return Error(ErrorCode::kConflict, "the plan is another one now, " + out->plan.brief(),
                   "look at it again: pawl why " + name);
    return {};
  }));
  return std::move(*out);
}

// Exactly one of: a promotion, a request, an import.
Status check_one_way(const std::string& promotion, const std::string& request, const std::string& imported) {
  int ways = (promotion.empty() ? 0 : 1) + (request.empty() ? 0 : 1) + (imported.empty() ? 0 : 1);
  if (ways == 1) return {};
  return Error(ErrorCode::kUsage,
               ways == 0 ? "which promotion is it about?" : "a promotion, --request or --import: one",
               "pawl approvals");
}

Result<api::ApproveResponse> say(World& world, const Context& context, const api::ApproveRequest& request,
                                 const Answer& answer) {
  PAWL_TRY(check_one_way(request.promotion, request.request, request.imported));
  if (!request.request.empty()) return only_sign(world, context, request.request, answer);
  if (!request.imported.empty()) return record_answer(world, context, request.imported, answer);
  PAWL_ASSIGN(model::ApprovalSubject subject, find_question(world, context, request.promotion, request.plan));
  PAWL_ASSIGN(Time now, present(world, context));
  PAWL_ASSIGN(model::Approval approval, answer_to(subject, answer, now));
  PAWL_ASSIGN(std::string record, sign_as_person(world, context, model::statement_of(approval)));
  return record_answer(world, context, record, answer);
}

}  // namespace

Result<api::ApproveResponse> approve(World& world, const Context& context, const api::ApproveRequest& request) {
  return say(world, context, request, {ApprovalVerdict::kApproved, request.comment, request.expires, request.dry_run});
}

Result<api::ApproveResponse> reject(World& world, const Context& context, const api::RejectRequest& request) {
  if (request.comment.empty() && request.imported.empty())
    return Error(ErrorCode::kUsage, "a rejection says why", "--comment \"...\"");
  api::ApproveRequest same{.promotion = request.promotion, .request = request.request, .imported = request.imported};
  return say(world, context, same, {ApprovalVerdict::kRejected, request.comment, "", request.dry_run});
}

}  // namespace pawl::engine
