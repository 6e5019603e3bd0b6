#include "engine/exception_views.h"

#include "engine/facts.h"

namespace pawl::engine {

api::ExceptionView view_of(const model::PolicyException& exception) {
  return {.number = exception.number,
          .environment = exception.environment.str(),
          .policy = exception.policy,
          .rule = exception.rule,
          .object = exception.object,
          .bundle = exception.bundle ? exception.bundle->str() : "",
          .reason = exception.reason,
          .ticket = exception.ticket,
          .requester = exception.requester,
          .expires = exception.expires};
}

api::ExceptionView view_of(const plan::ExceptionFact& fact, const plan::ExceptionJudges& judges, Time now) {
  std::optional<plan::ExceptionFlaw> flaw = plan::flaw_of(fact, judges, now);
  api::ExceptionView out = view_of(fact.exception);
  out.asked_at = fact.asked_at;
  out.holds = !flaw;
  out.flaw = flaw ? plan::name_of(*flaw) : "";
  out.why = flaw ? plan::words_for(*flaw) : "";
  std::set<model::PersonName> agreed = plan::agreed(fact, judges);
  for (const plan::ExceptionWord& word : fact.words) {
    bool no = word.verdict == model::ApprovalVerdict::kRejected;
    out.words.push_back({word.person.str(), std::string(name_of(word.verdict)), word.comment,
                         no || agreed.contains(word.person), word.record});
  }
  return out;
}

std::string who_is_left(const plan::ExceptionFact& fact, const plan::ExceptionJudges& judges, Time now) {
  if (plan::flaw_of(fact, judges, now) != plan::ExceptionFlaw::kNotAgreed) return {};
  std::set<model::PersonName> agreed = plan::agreed(fact, judges);
  std::string out;
  for (const model::PersonName& person : judges.asked) {
    if (!agreed.contains(person) && !fact.own.contains(person)) out += (out.empty() ? "" : ", ") + person.str();
  }
  return out.empty() ? "nobody is left who could agree" : out;
}

Result<api::ExceptionResponse> respond(World& world, const Context& context, const model::ProjectName& project,
                                       std::uint64_t number, bool dry_run) {
  api::ExceptionResponse out{.dry_run = dry_run};
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(plan::ExceptionState state, find_exception(moment.records, project, number));
    PAWL_ASSIGN(plan::ExceptionFact fact, exception_fact(world, context, configuration, state));
    plan::ExceptionJudges judges = exception_judges(configuration);
    out.exception = view_of(fact, judges, moment.now);
    out.who = who_is_left(fact, judges, moment.now);
    return {};
  }));
  return out;
}

}  // namespace pawl::engine
