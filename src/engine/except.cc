#include <algorithm>
#include <charconv>

#include "core/plan/approval.h"
#include "core/plan/authorize.h"
#include "engine/approvals.h"
#include "engine/exceptions.h"
#include "engine/facts.h"
#include "engine/policies.h"
#include "engine/records.h"
#include "engine/request.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

constexpr std::string_view kExceptionType = "application/vnd.pawl.exception.v1+json";

api::ExceptionView view_of(const plan::ExceptionFact& fact, const plan::ExceptionJudges& judges, Time now) {
  const model::PolicyException& x = fact.exception;
  std::optional<plan::ExceptionFlaw> flaw = plan::flaw_of(fact, judges, now);
  api::ExceptionView out{.number = x.number,
                         .environment = x.environment.str(),
                         .policy = x.policy,
                         .rule = x.rule,
                         .object = x.object,
                         .bundle = x.bundle ? x.bundle->str() : "",
                         .reason = x.reason,
                         .ticket = x.ticket,
                         .requester = x.requester,
                         .asked_at = fact.asked_at,
                         .expires = x.expires,
                         .holds = !flaw,
                         .flaw = flaw ? std::string(plan::name_of(*flaw)) : "",
                         .why = flaw ? std::string(plan::words_for(*flaw)) : ""};
  std::set<model::PersonName> agreed = plan::agreed(fact, judges);
  for (const plan::ExceptionWord& word : fact.words) {
    bool no = word.verdict == model::ApprovalVerdict::kRejected;
    out.words.push_back({word.person.str(), std::string(name_of(word.verdict)), word.comment,
                         no || agreed.contains(word.person), word.record});
  }
  return out;
}

// Who may still agree.
std::string who_is_left(const plan::ExceptionFact& fact, const plan::ExceptionJudges& judges, Time now) {
  if (plan::flaw_of(fact, judges, now) != plan::ExceptionFlaw::kNotAgreed) return {};
  std::set<model::PersonName> agreed = plan::agreed(fact, judges);
  std::string out;
  for (const model::PersonName& person : judges.asked) {
    if (!agreed.contains(person) && !fact.own.contains(person)) out += (out.empty() ? "" : ", ") + person.str();
  }
  return out.empty() ? "nobody is left who could agree" : out;
}

// An exception and what is said to it, at one moment.
struct Found {
  model::Configuration configuration;
  plan::ExceptionState state;
};

Result<Found> find(World& world, const Context& context, const Moment& moment, const model::ProjectName& project,
                   std::uint64_t number) {
  PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
  PAWL_ASSIGN(std::optional<plan::ExceptionState> state,
              moment.records.find<plan::ExceptionState>(plan::key::exception(project, number)));
  if (!state)
    return Error(ErrorCode::kNotFound, "there is no exception " + std::to_string(number), "pawl exception list");
  return Found{std::move(configuration), std::move(*state)};
}

Result<api::ExceptionResponse> respond(World& world, const Context& context, const model::ProjectName& project,
                                       std::uint64_t number, bool dry_run) {
  api::ExceptionResponse out{.dry_run = dry_run};
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(Found found, find(world, context, moment, project, number));
    PAWL_ASSIGN(plan::ExceptionFact fact, exception_fact(world, context, found.configuration, found.state));
    plan::ExceptionJudges judges = exception_judges(found.configuration);
    out.exception = view_of(fact, judges, moment.now);
    out.who = who_is_left(fact, judges, moment.now);
    return {};
  }));
  return out;
}

Result<std::optional<std::uint64_t>> rule_in(const std::string& text, const policy::Policy& policy) {
  if (text.empty()) return std::optional<std::uint64_t>();
  std::uint64_t rule = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rule);
  bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && rule < policy.validations.size()) return std::optional<std::uint64_t>(rule);
  return Error(ErrorCode::kUsage,
               "policy " + policy.name + " has " + std::to_string(policy.validations.size()) +
                   " rules, counted from 0, and none is \"" + text + "\"",
               "leave --rule out for all of them");
}

Status check_words(const api::ExceptionAskRequest& request) {
  if (request.reason.empty()) return Error(ErrorCode::kUsage, "an exception says why", "--reason \"...\"");
  if (request.until.empty()) return Error(ErrorCode::kUsage, "an exception says until when", "--until 7d");
  return {};
}

Result<Time> end_of(const std::string& until, Time now) {
  if (Result<Duration> time = parse_duration(until)) return now + *time;
  PAWL_ASSIGN_WITHIN(Time end, parse_time(until), "reading --until");
  return end;
}

// Takes apart what is asked for, under the configuration in force.
class Asking {
 public:
  Asking(World& world, const Context& context, const Moment& moment, const api::ExceptionAskRequest& request)
      : world_(world), context_(context), moment_(moment), request_(request) {}

  Result<model::PolicyException> make(const model::Configuration& configuration) {
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request_.environment));
    PAWL_TRY(check_allowed(configuration));
    PAWL_ASSIGN(model::PersonName person, known_person(world_, configuration, "do that"));
    PAWL_ASSIGN(plan::ProjectState project,
                moment_.records.load<plan::ProjectState>(plan::key::project(configuration.project)));
    model::PolicyException out{.ledger = world_.ledger_vkey,
                               .project = configuration.project,
                               .number = project.exceptions.value_or(0) + 1,
                               .environment = environment->name,
                               .policy = request_.policy,
                               .object = request_.object,
                               .reason = request_.reason,
                               .ticket = request_.ticket,
                               .requester = person.str()};
    PAWL_ASSIGN(out.rule, find_rule(configuration, *environment));
    PAWL_ASSIGN(out.bundle, find_bundle(configuration, *environment));
    PAWL_ASSIGN(out.expires, end_of(request_.until, moment_.now));
    PAWL_TRY(check_time(configuration, out.expires));
    return out;
  }

 private:
  static Status check_allowed(const model::Configuration& configuration) {
    if (configuration.exceptions) return {};
    return Error(ErrorCode::kDenied, "the configuration lets nobody depart from a policy", "pawl explain exceptions");
  }

  Status check_time(const model::Configuration& configuration, Time expires) {
    if (expires <= moment_.now) return Error(ErrorCode::kUsage, "--until " + request_.until + " is over already");
    Duration longest = configuration.exceptions->longest;
    if (expires <= moment_.now + longest) return {};
    return Error(ErrorCode::kDenied, "an exception may last " + render_age(longest) + " at most",
                 "--until " + render_age(longest));
  }

  Result<std::optional<std::uint64_t>> find_rule(const model::Configuration& configuration,
                                                 const model::Environment& environment) {
    PAWL_ASSIGN(PoliciesInForce policies,
                policies_in_force(world_, configuration, environment, stored_policy_files(world_, context_)));
    for (const policy::BoundPolicy& bound : policies.set.bound()) {
      if (bound.policy.name == request_.policy) return rule_in(request_.rule, bound.policy);
    }
    return Error(ErrorCode::kNotFound, "no policy \"" + request_.policy + "\" is bound to " + environment.name.str(),
                 "pawl plan --to " + environment.name.str() + " names those that say no");
  }

  Result<std::optional<crypto::Digest>> find_bundle(const model::Configuration& configuration,
                                                    const model::Environment& environment) {
    if (request_.release.empty()) return std::optional<crypto::Digest>();
    PAWL_ASSIGN(plan::ReleaseState release, find_release(moment_.records, configuration.project, request_.release));
    PAWL_ASSIGN(model::Release document, read_release(world_, context_, release.release));
    if (const model::ReleaseBundle* bundle = document.find(environment.name))
      return std::optional<crypto::Digest>(bundle->bundle.digest);
    return Error(ErrorCode::kNotFound, "release " + request_.release + " has no bundle for " + environment.name.str());
  }

  World& world_;
  const Context& context_;
  const Moment& moment_;
  const api::ExceptionAskRequest& request_;
};

}  // namespace

Result<api::ExceptionResponse> exception_ask(World& world, const Context& context,
                                             const api::ExceptionAskRequest& request) {
  PAWL_TRY(check_words(request));
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<model::PolicyException> asked;
  api::ExceptionResponse would{.dry_run = true};
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(asked, Asking(world, context, moment, request).make(configuration));
    plan::ExceptionFact fact{.exception = *asked, .asked_at = moment.now, .own = {model::PersonName(asked->requester)}};
    would.exception = view_of(fact, exception_judges(configuration), moment.now);
    would.who = who_is_left(fact, exception_judges(configuration), moment.now);
    return {};
  }));
  if (request.dry_run) return would;
  PAWL_ASSIGN(model::Descriptor document, world.blobs->put(context, kExceptionType, model::encode_exception(*asked)));
  PAWL_ASSIGN(auto signed_request,
              sign_request(world, context, project, {"except", request.environment, document.digest, request.reason}));
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    // Whoever may ask is asked again where nothing can change any more.
    Moment moment{writing.records(), writing.now()};
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_TRY(Asking(world, context, moment, request).make(configuration));
    return writing.append(plan::ExceptionAsked{*asked, document.digest, signed_request});
  }));
  return respond(world, context, project, asked->number, false);
}

namespace {

// Signs the caller's word, and records it.
class Answering {
 public:
  Answering(World& world, const Context& context, model::ProjectName project, std::uint64_t number,
            model::ApprovalVerdict verdict, std::string comment)
      : world_(world),
        context_(context),
        project_(std::move(project)),
        number_(number),
        verdict_(verdict),
        comment_(std::move(comment)) {}

  Result<api::ExceptionResponse> answer(bool dry_run) {
    PAWL_TRY(look(world_, context_, [&](Moment& moment) -> Status {
      PAWL_ASSIGN(found_, find(world_, context_, moment, project_, number_));
      now_ = moment.now;
      return check_may(found_->configuration, found_->state);
    }));
    if (!dry_run) PAWL_TRY(record());
    return respond(world_, context_, project_, number_, dry_run);
  }

 private:
  Status check_may(const model::Configuration& configuration, const plan::ExceptionState& state) {
    PAWL_ASSIGN(model::PersonName person, known_person(world_, configuration, "do that"));
    PAWL_ASSIGN(plan::ExceptionFact fact, exception_fact(world_, context_, configuration, state));
    plan::ExceptionJudges judges = exception_judges(configuration);
    std::string name = "exception " + std::to_string(number_);
    if (fact.own.contains(person))
      return Error(ErrorCode::kDenied, person.str() + " asked for " + name + ", and whoever asks never counts");
    if (!judges.asked.contains(person))
      return Error(ErrorCode::kDenied, person.str() + " is not among those who may agree to " + name,
                   "pawl explain exceptions.from");
    return {};
  }

  Status record() {
    const plan::ExceptionAsked& asked = found_->state.asked;
    model::ExceptionAnswer answer{asked.exception, verdict_, comment_, now_};
    PAWL_ASSIGN(std::string document, world_.blobs->get(context_, asked.document));
    model::Descriptor subject = model::describe(kExceptionType, document);
    PAWL_ASSIGN(std::string signed_answer, sign_as_person(world_, context_, model::statement_of(answer)));
    PAWL_ASSIGN(model::Descriptor kept,
                world_.blobs->attach(context_, subject, model::kSigstoreBundleType, signed_answer));
    return write(world_, context_, project_, [&](Writing& writing) -> Status {
      Moment moment{writing.records(), writing.now()};
      PAWL_ASSIGN(Found now, find(world_, context_, moment, project_, number_));
      PAWL_TRY(check_may(now.configuration, now.state));
      PAWL_ASSIGN(model::PersonName person, known_person(world_, now.configuration, "do that"));
      return writing.append(plan::ExceptionAnswered{
          number_, verdict_, person, comment_, std::min(answer.given, writing.now()), asked.document, kept.digest});
    });
  }

  World& world_;
  const Context& context_;
  model::ProjectName project_;
  std::uint64_t number_;
  model::ApprovalVerdict verdict_;
  std::string comment_;
  std::optional<Found> found_;
  Time now_;
};

}  // namespace

Result<api::ExceptionResponse> exception_approve(World& world, const Context& context,
                                                 const api::ExceptionApproveRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  return Answering(world, context, project, request.number, model::ApprovalVerdict::kApproved, request.comment)
      .answer(request.dry_run);
}

Result<api::ExceptionResponse> exception_reject(World& world, const Context& context,
                                                const api::ExceptionRejectRequest& request) {
  if (request.comment.empty()) return Error(ErrorCode::kUsage, "a rejection says why", "--comment \"...\"");
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  return Answering(world, context, project, request.number, model::ApprovalVerdict::kRejected, request.comment)
      .answer(request.dry_run);
}

Result<api::ExceptionResponse> exception_withdraw(World& world, const Context& context,
                                                  const api::ExceptionWithdrawRequest& request) {
  if (request.reason.empty()) return Error(ErrorCode::kUsage, "a withdrawal says why", "--reason \"...\"");
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<Found> found;
  // Whoever asked, and whoever may agree: it only takes a right away.
  auto check_may = [&](const Found& f) -> Status {
    PAWL_ASSIGN(model::PersonName person, known_person(world, f.configuration, "do that"));
    bool asked = f.state.asked.exception.requester == person.str();
    if (asked || exception_judges(f.configuration).asked.contains(person)) return {};
    return Error(ErrorCode::kDenied, "only whoever asked for it, or may agree to it, may withdraw it");
  };
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(found, find(world, context, moment, project, request.number));
    return check_may(*found);
  }));
  if (!request.dry_run) {
    const model::PolicyException& exception = found->state.asked.exception;
    PAWL_ASSIGN(auto signed_request, sign_request(world, context, project,
                                                  {"withdraw-exception", exception.environment.str(),
                                                   found->state.asked.document, request.reason}));
    PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
      Moment moment{writing.records(), writing.now()};
      PAWL_ASSIGN(Found now, find(world, context, moment, project, request.number));
      PAWL_TRY(check_may(now));
      return writing.append(plan::ExceptionWithdrawn{request.number, request.reason, signed_request});
    }));
  }
  return respond(world, context, project, request.number, request.dry_run);
}

Result<api::ExceptionListResponse> exception_list(World& world, const Context& context,
                                                  const api::ExceptionListRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::ExceptionListResponse out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(std::vector<plan::ExceptionState> states, exception_states(moment.records, project));
    plan::ExceptionJudges judges = exception_judges(configuration);
    for (const plan::ExceptionState& state : states) {
      bool wanted = request.environment.empty() || state.asked.exception.environment.str() == request.environment;
      if (!wanted) continue;
      PAWL_ASSIGN(plan::ExceptionFact fact, exception_fact(world, context, configuration, state));
      out.exceptions.push_back(view_of(fact, judges, moment.now));
    }
    return {};
  }));
  std::reverse(out.exceptions.begin(), out.exceptions.end());
  return out;
}

}  // namespace pawl::engine
