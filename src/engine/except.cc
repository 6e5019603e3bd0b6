#include "engine/approvals.h"
#include "engine/exception_views.h"
#include "engine/exceptions.h"
#include "engine/facts.h"
#include "engine/number.h"
#include "engine/policies.h"
#include "engine/request.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

Result<std::optional<std::uint64_t>> rule_in(const std::string& text, const policy::Policy& policy) {
  if (text.empty()) return std::optional<std::uint64_t>();
  std::optional<std::uint64_t> rule = whole_number(text);
  if (rule && *rule < policy.validations.size()) return rule;
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

  // From a gate one departs whole: it has no rules and is about no object.
  Status check_gate(std::string_view gate) {
    if (!plan::may_be_excepted(gate))
      return Error(ErrorCode::kUsage, "no exception opens " + request_.policy, "gate/freeze or gate/window");
    if (request_.rule.empty() && request_.object.empty()) return {};
    return Error(ErrorCode::kUsage, request_.policy + " has no rules and is about no object",
                 "leave --rule and --object out");
  }

  Result<std::optional<std::uint64_t>> find_rule(const model::Configuration& configuration,
                                                 const model::Environment& environment) {
    if (std::optional<std::string_view> gate = plan::gate_of_exception(request_.policy)) {
      PAWL_TRY(check_gate(*gate));
      return std::optional<std::uint64_t>();
    }
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
  PAWL_ASSIGN(model::Descriptor document,
              world.blobs->put(context, model::kExceptionType, model::encode_exception(*asked)));
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

// Whoever asked, and whoever may agree: it only takes a right away.
Status check_may_withdraw(World& world, const Context& context, const Moment& moment, const model::ProjectName& project,
                          const plan::ExceptionState& state) {
  PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
  PAWL_ASSIGN(model::PersonName person, known_person(world, configuration, "do that"));
  bool asked = state.asked.exception.requester == person.str();
  if (asked || exception_judges(configuration).asked.contains(person)) return {};
  return Error(ErrorCode::kDenied, "only whoever asked for it, or may agree to it, may withdraw it");
}

}  // namespace

Result<api::ExceptionResponse> exception_withdraw(World& world, const Context& context,
                                                  const api::ExceptionWithdrawRequest& request) {
  if (request.reason.empty()) return Error(ErrorCode::kUsage, "a withdrawal says why", "--reason \"...\"");
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<plan::ExceptionState> found;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(found, find_exception(moment.records, project, request.number));
    return check_may_withdraw(world, context, moment, project, *found);
  }));
  if (!request.dry_run) {
    const model::PolicyException& exception = found->asked.exception;
    PAWL_ASSIGN(auto signed_request, sign_request(world, context, project,
                                                  {"withdraw-exception", exception.environment.str(),
                                                   found->asked.document, request.reason}));
    PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
      Moment moment{writing.records(), writing.now()};
      PAWL_ASSIGN(plan::ExceptionState now, find_exception(moment.records, project, request.number));
      PAWL_TRY(check_may_withdraw(world, context, moment, project, now));
      return writing.append(plan::ExceptionWithdrawn{request.number, request.reason, signed_request});
    }));
  }
  return respond(world, context, project, request.number, request.dry_run);
}

}  // namespace pawl::engine
