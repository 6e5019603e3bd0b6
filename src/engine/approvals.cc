#include "engine/approvals.h"

#include <algorithm>

#include "core/plan/authorize.h"
#include "engine/facts.h"
#include "engine/intact.h"
#include "engine/records.h"

namespace pawl::engine {

Result<model::ApprovalSubject> approval_subject(World& world, const Context& context,
                                                const model::Configuration& configuration,
                                                const model::Environment& environment,
                                                const plan::PromotionOpened& opened) {
  PAWL_ASSIGN(crypto::Digest plan, plan_digest(world, context, configuration, environment, opened.from, opened.bundle));
  return model::ApprovalSubject{world.ledger_vkey, configuration.project, environment.name,
                                opened.number,     opened.bundle,         plan};
}

namespace {

Result<std::vector<crypto::PublicKey>> keys_of_people(const model::Configuration& configuration) {
  std::vector<crypto::PublicKey> keys;
  for (const model::Person& person : configuration.people) {
    for (const std::string& pem : person.keys) {
      PAWL_ASSIGN(crypto::PublicKey key, crypto::PublicKey::from_pem(pem));
      keys.push_back(std::move(key));
    }
  }
  return keys;
}

struct ReadApproval {
  model::PersonName person;
  model::Approval approval;
};
Result<ReadApproval> read_approval(const model::Configuration& configuration, std::string record) {
  PAWL_ASSIGN(PersonsStatement read, read_persons_statement(configuration, std::move(record)));
  PAWL_ASSIGN(model::Approval approval, model::approval_of(read.statement));
  return ReadApproval{std::move(read.person), std::move(approval)};
}

// Judges one record, once it could be read.
std::optional<plan::ApprovalFlaw> flaw_in(const ReadApproval& read, const plan::ApprovalRecorded& recorded,
                                          const model::ApprovalSubject& asked) {
  if (read.person != recorded.person) return plan::ApprovalFlaw::kOtherPerson;
  if (auto flaw = plan::flaw_of_subject(read.approval.subject, asked)) return flaw;
  bool same = read.approval.verdict == recorded.verdict && read.approval.comment == recorded.comment &&
              read.approval.expires == recorded.expires;
  return same ? std::nullopt : std::optional(plan::ApprovalFlaw::kOtherVerdict);
}

Result<plan::ApprovalFact> fact_of(World& world, const Context& context, const model::Configuration& configuration,
                                   const plan::ApprovalRecorded& recorded, const model::ApprovalSubject& asked) {
  plan::ApprovalFact out{recorded.person,  recorded.verdict, recorded.comment,     recorded.given,
                         recorded.expires, std::nullopt,     recorded.record.str()};
  Result<std::string> record = read_record(world, context, recorded.record);
  if (!record && !says_broken(record.error())) return std::move(record).error();
  if (!record) {
    out.flaw = plan::ApprovalFlaw::kNoRecord;
    return out;
  }
  Result<ReadApproval> read = read_approval(configuration, std::move(*record));
  if (!read)
    out.flaw = plan::ApprovalFlaw::kUnknownKey;
  else
    out.flaw = flaw_in(*read, recorded, asked);
  return out;
}

}  // namespace

std::set<model::PersonName> whoever_asked(const model::Configuration& configuration, const std::string& requester,
                                          const std::string& subject) {
  std::set<model::PersonName> out = {model::PersonName(requester)};
  if (auto owner = plan::person_of(configuration, {"key", subject, "signature"})) out.insert(*owner);
  return out;
}

Result<model::PersonName> known_person(World& world, const model::Configuration& configuration,
                                       std::string_view do_it) {
  PAWL_ASSIGN(model::Actor actor, current_actor(world));
  if (auto person = plan::person_of(configuration, actor)) return std::move(*person);
  return Error(ErrorCode::kDenied,
               "only a person that the configuration knows may " + std::string(do_it) + "; you are " + actor.subject +
                   ", " + actor.method,
               "sign with your key: PAWL_KEY=FILE");
}

Result<PersonsStatement> read_persons_statement(const model::Configuration& configuration, std::string record) {
  PAWL_ASSIGN(std::vector<crypto::PublicKey> keys, keys_of_people(configuration));
  PAWL_ASSIGN(model::VerifiedStatement verified, model::verify_statement(std::move(record), keys));
  std::optional<model::PersonName> person = plan::person_of(configuration, {"key", verified.keys[0].id(), "signature"});
  if (!person) return Error(ErrorCode::kIntegrity, "its key is nobody's");
  return PersonsStatement{std::move(*person), std::move(verified.statement)};
}

Result<plan::ApprovalFacts> approval_facts(World& world, const Context& context, const Moment& moment,
                                           const model::Configuration& configuration,
                                           const model::Environment& environment, const plan::PromotionOpened& opened) {
  plan::ApprovalFacts out{.promotion = opened.number, .groups = configuration.groups};
  for (const model::Person& person : configuration.people) out.people.insert(person.name);
  if (opened.number == 0) return out;
  PAWL_ASSIGN(std::optional<plan::PromotionState> state,
              moment.records.find<plan::PromotionState>(plan::key::promotion(configuration.project, opened.number)));
  if (!state) return Error(ErrorCode::kNotFound, "there is no promotion " + std::to_string(opened.number));
  out.requester = state->opened.requester;
  out.own = whoever_asked(configuration, out.requester, state->opened_by);
  out.requester_known = out.people.contains(model::PersonName(out.requester));
  PAWL_ASSIGN(model::ApprovalSubject asked, approval_subject(world, context, configuration, environment, opened));
  for (const plan::ApprovalRecorded& recorded : state->approvals) {
    PAWL_ASSIGN(plan::ApprovalFact fact, fact_of(world, context, configuration, recorded, asked));
    out.said.push_back(std::move(fact));
  }
  return out;
}

}  // namespace pawl::engine
