#include <algorithm>

#include "engine/answers.h"
#include "engine/exception_views.h"
#include "engine/exceptions.h"
#include "engine/facts.h"
#include "engine/records.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

using model::ApprovalVerdict;

// One answer, and the exception that it is about as the ledger has it.
struct Answered {
  plan::ExceptionState state;
  model::PersonName person;
  model::ExceptionAnswer answer;
  ApprovalVerdict verdict() const { return answer.verdict; }
};

std::string named(std::uint64_t number) { return "exception " + std::to_string(number); }

ErrorCode code_of(plan::ExceptionWordFlaw flaw) {
  bool personal = flaw == plan::ExceptionWordFlaw::kOwnRequest || flaw == plan::ExceptionWordFlaw::kNotAsked ||
                  flaw == plan::ExceptionWordFlaw::kUnverified;
  return personal ? ErrorCode::kDenied : ErrorCode::kConflict;
}

std::string way_out(plan::ExceptionWordFlaw flaw, std::uint64_t number) {
  if (flaw == plan::ExceptionWordFlaw::kNotAsked) return "pawl explain exceptions.from";
  if (flaw == plan::ExceptionWordFlaw::kOtherException)
    return "pawl exception list " + std::to_string(number) + " --export";
  return "pawl exception list";
}

Error refusal(plan::ExceptionWordFlaw flaw, const model::PersonName& person, const model::ExceptionAnswer& answer) {
  std::uint64_t number = answer.exception.number;
  return Error(code_of(flaw),
               would_not_count(person, answer.verdict, named(number), plan::name_of(flaw), plan::words_for(flaw)),
               way_out(flaw, number));
}

// What an answer to an exception is: answers.h says how it comes into the ledger.
class ToException {
 public:
  using Said = Answered;
  static constexpr QuestionWords kWords{"exception", "an exception", "pawl exception list", "pawl exception approve",
                                        "pawl exception reject"};

  ToException(World& world, const Context& context) : world_(world), context_(context) {}

  Result<Answered> read(const Moment& moment, const model::Configuration& configuration, const std::string& record) {
    PAWL_ASSIGN(PersonsStatement read, read_answer(configuration, record, kWords));
    PAWL_ASSIGN(model::ExceptionAnswer answer, model::exception_answer_of(read.statement));
    PAWL_TRY(check_ours(configuration, read.person, answer));
    PAWL_ASSIGN(plan::ExceptionState state,
                find_exception(moment.records, configuration.project, answer.exception.number));
    return Answered{std::move(state), std::move(read.person), std::move(answer)};
  }

  Status check_counts(const Moment& moment, const model::Configuration& configuration, const Answered& answered) {
    const model::PolicyException& asked = answered.state.asked.exception;
    if (auto flaw = plan::flaw_of_subject(answered.answer.exception, asked))
      return refusal(*flaw, answered.person, answered.answer);
    PAWL_ASSIGN(plan::ExceptionFact fact, exception_fact(world_, context_, configuration, answered.state));
    plan::ExceptionJudges judges = exception_judges(configuration);
    PAWL_TRY(check_open(fact, judges, moment.now));
    plan::ExceptionWord word{answered.person, answered.verdict(), answered.answer.comment, true, ""};
    if (auto flaw = plan::flaw_of(word, fact, judges)) return refusal(*flaw, answered.person, answered.answer);
    return {};
  }

  static bool is_recorded(const Answered& answered) {
    const std::vector<plan::ExceptionAnswered>& all = answered.state.answers;
    const model::ExceptionAnswer& answer = answered.answer;
    bool same_exception = answer.exception == answered.state.asked.exception;
    return same_exception && std::any_of(all.begin(), all.end(), [&](const plan::ExceptionAnswered& one) {
             return one.person == answered.person && one.verdict == answer.verdict && one.comment == answer.comment &&
                    one.given == answer.given;
           });
  }

  // The exception's document.
  Result<model::Descriptor> subject(const Answered& answered) {
    PAWL_ASSIGN(std::string document, world_.blobs->get(context_, answered.state.asked.document));
    return model::describe(model::kExceptionType, document);
  }

  static Status append(Writing& writing, const model::Configuration&, const Answered& answered,
                       const crypto::Digest& kept) {
    const model::ExceptionAnswer& answer = answered.answer;
    return writing.append(plan::ExceptionAnswered{answer.exception.number, answer.verdict, answered.person,
                                                  answer.comment, std::min(answer.given, writing.now()),
                                                  answered.state.asked.document, kept});
  }

 private:
  // Before its number is looked up: elsewhere that is another exception, or none.
  Status check_ours(const model::Configuration& configuration, const model::PersonName& person,
                    const model::ExceptionAnswer& answer) {
    model::PolicyException ours = answer.exception;
    ours.ledger = world_.ledger_vkey;
    ours.project = configuration.project;
    if (auto flaw = plan::flaw_of_subject(answer.exception, ours)) return refusal(*flaw, person, answer);
    return {};
  }

  World& world_;
  const Context& context_;
};

Result<api::ExceptionResponse> record(World& world, const Context& context, const std::string& signed_answer,
                                      const Answer& answer) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  ToException kind(world, context);
  PAWL_ASSIGN(Recorded<Answered> recorded, record_answer(world, context, project, kind, signed_answer, answer));
  std::uint64_t number = recorded.said.answer.exception.number;
  PAWL_ASSIGN(api::ExceptionResponse out, respond(world, context, project, number, answer.dry_run));
  out.existed = recorded.existed;
  return out;
}

model::Statement statement_of(const model::PolicyException& exception, const Answer& answer, Time now) {
  return model::statement_of(model::ExceptionAnswer{exception, answer.verdict, answer.comment, now});
}

// For somebody who has nothing but a key: no store is touched.
Result<api::ExceptionResponse> only_sign(World& world, const Context& context, const std::string& request,
                                         const Answer& answer) {
  PAWL_ASSIGN(model::PolicyException exception, model::decode_exception_request(request));
  api::ExceptionResponse out{.exception = view_of(exception), .dry_run = answer.dry_run};
  if (answer.dry_run) return out;
  PAWL_ASSIGN(out.statement, sign_as_person(world, context, statement_of(exception, answer, world.clock->now())));
  return out;
}

// What the caller is asked, and that they are somebody who may answer, before their key is used.
Result<std::string> sign(World& world, const Context& context, std::uint64_t number, const Answer& answer) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<model::PolicyException> exception;
  Time now;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(plan::ExceptionState state, find_exception(moment.records, project, number));
    PAWL_TRY(known_person(world, configuration, "answer"));
    exception = std::move(state.asked.exception);
    now = moment.now;
    return {};
  }));
  return sign_as_person(world, context, statement_of(*exception, answer, now));
}

Result<api::ExceptionResponse> say(World& world, const Context& context, std::uint64_t number, const AnswerTo& to,
                                   const Answer& answer) {
  PAWL_TRY(check_comment(answer, to));
  PAWL_TRY(check_one_way(to, ToException::kWords));
  if (!to.request.empty()) return only_sign(world, context, to.request, answer);
  if (!to.imported.empty()) return record(world, context, to.imported, answer);
  PAWL_ASSIGN(std::string signed_answer, sign(world, context, number, answer));
  return record(world, context, signed_answer, answer);
}

template <class Request>
Result<api::ExceptionResponse> say(World& world, const Context& context, const Request& request,
                                   ApprovalVerdict verdict) {
  std::string number = request.number == 0 ? "" : std::to_string(request.number);
  return say(world, context, request.number, {number, request.request, request.imported},
             {verdict, request.comment, "", request.dry_run});
}

}  // namespace

Result<api::ExceptionResponse> exception_approve(World& world, const Context& context,
                                                 const api::ExceptionApproveRequest& request) {
  return say(world, context, request, ApprovalVerdict::kApproved);
}

Result<api::ExceptionResponse> exception_reject(World& world, const Context& context,
                                                const api::ExceptionRejectRequest& request) {
  return say(world, context, request, ApprovalVerdict::kRejected);
}

}  // namespace pawl::engine
