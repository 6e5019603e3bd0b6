#include "engine/exceptions.h"

#include <algorithm>

#include "core/plan/approval.h"
#include "core/plan/authorize.h"
#include "engine/approvals.h"
#include "engine/intact.h"
#include "engine/records.h"

namespace pawl::engine {

namespace {

// Whether the record is that person's word about this exception, by a key that is theirs now.
bool verifies(const model::Configuration& configuration, std::string record, const plan::ExceptionAnswered& answered,
              const model::PolicyException& exception) {
  Result<PersonsStatement> read = read_persons_statement(configuration, std::move(record));
  if (!read || read->person != answered.person) return false;
  Result<model::ExceptionAnswer> answer = model::exception_answer_of(read->statement);
  return answer && answer->exception == exception && answer->verdict == answered.verdict &&
         answer->comment == answered.comment;
}

Result<plan::ExceptionWord> word_of(World& world, const Context& context, const model::Configuration& configuration,
                                    const plan::ExceptionAnswered& answered, const model::PolicyException& exception) {
  plan::ExceptionWord out{answered.person, answered.verdict, answered.comment, false, answered.record.str()};
  Result<std::string> record = read_record(world, context, answered.record);
  if (!record && !says_broken(record.error())) return std::move(record).error();
  if (record) out.verifies = verifies(configuration, std::move(*record), answered, exception);
  return out;
}

}  // namespace

plan::ExceptionJudges exception_judges(const model::Configuration& configuration) {
  plan::ExceptionJudges out{.rules = configuration.exceptions};
  if (out.rules) out.asked = plan::people_of(configuration, out.rules->from);
  return out;
}

Result<plan::ExceptionFact> exception_fact(World& world, const Context& context,
                                           const model::Configuration& configuration,
                                           const plan::ExceptionState& state) {
  const model::PolicyException& exception = state.asked.exception;
  plan::ExceptionFact out{.exception = exception, .asked_at = state.at, .withdrawn = state.withdrawn.has_value()};
  bool own = exception.ledger == world.ledger_vkey && exception.project == configuration.project;
  out.damaged = !own || crypto::sha256(model::encode_exception(exception)) != state.asked.document;
  out.own = whoever_asked(configuration, exception.requester, state.by);
  for (const plan::ExceptionAnswered& answered : state.answers) {
    PAWL_ASSIGN(plan::ExceptionWord word, word_of(world, context, configuration, answered, exception));
    out.words.push_back(std::move(word));
  }
  return out;
}

Result<plan::ExceptionState> find_exception(const plan::Records& records, const model::ProjectName& project,
                                            std::uint64_t number) {
  PAWL_ASSIGN(std::optional<plan::ExceptionState> state,
              records.find<plan::ExceptionState>(plan::key::exception(project, number)));
  if (state) return std::move(*state);
  return Error(ErrorCode::kNotFound, "there is no exception " + std::to_string(number), "pawl exception list");
}

Status check_open(const plan::ExceptionFact& fact, const plan::ExceptionJudges& judges, Time now) {
  std::optional<plan::ExceptionFlaw> flaw = plan::flaw_of(fact, judges, now);
  bool over = flaw == plan::ExceptionFlaw::kDamaged || flaw == plan::ExceptionFlaw::kWithdrawn ||
              flaw == plan::ExceptionFlaw::kExpired;
  if (!over) return {};
  return Error(ErrorCode::kConflict,
               "nobody's word on exception " + std::to_string(fact.exception.number) +
                   " is waited for: " + std::string(plan::words_for(*flaw)),
               "pawl help exception ask");
}

Result<std::vector<plan::ExceptionState>> exception_states(const plan::Records& records,
                                                           const model::ProjectName& project) {
  PAWL_ASSIGN(plan::ProjectState state, records.load<plan::ProjectState>(plan::key::project(project)));
  std::vector<plan::ExceptionState> out;
  const std::uint64_t newest = state.exceptions.value_or(0);
  for (std::uint64_t number = newest > kMostExceptions ? newest - kMostExceptions + 1 : 1; number <= newest; ++number) {
    PAWL_ASSIGN(std::optional<plan::ExceptionState> found,
                records.find<plan::ExceptionState>(plan::key::exception(project, number)));
    if (found) out.push_back(std::move(*found));
  }
  return out;
}

Result<std::vector<plan::ExceptionFact>> exception_facts(World& world, const Context& context,
                                                         const plan::Records& records,
                                                         const model::Configuration& configuration) {
  PAWL_ASSIGN(std::vector<plan::ExceptionState> states, exception_states(records, configuration.project));
  std::vector<plan::ExceptionFact> out;
  for (const plan::ExceptionState& state : states) {
    PAWL_ASSIGN(plan::ExceptionFact fact, exception_fact(world, context, configuration, state));
    out.push_back(std::move(fact));
  }
  return out;
}

}  // namespace pawl::engine
