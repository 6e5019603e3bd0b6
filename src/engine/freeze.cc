#include "core/plan/authorize.h"
#include "engine/facts.h"
#include "engine/ledger.h"
#include "engine/request.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

// Whoever may start a promotion there may stop all of them.
Status check_may_freeze(const model::Configuration& configuration, const model::Actor& actor, const std::string& name) {
  if (name.empty()) return plan::authorize(configuration, actor, "promote", nullptr);
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, name));
  return plan::authorize(configuration, actor, "promote", environment);
}

Status check_words(const api::FreezeRequest& request) {
  if (request.all == !request.environment.empty())
    return Error(ErrorCode::kUsage, "an environment, or --all", "pawl help freeze");
  if (!request.off && request.reason.empty()) return Error(ErrorCode::kUsage, "a freeze says why", "--reason \"...\"");
  if (!request.off && request.until.empty()) return Error(ErrorCode::kUsage, "a freeze says until when", "--until 4h");
  return {};
}

Result<std::optional<Time>> end_of(const api::FreezeRequest& request, Time now) {
  if (request.off) return std::optional<Time>();
  std::optional<Time> out;
  if (Result<Duration> time = parse_duration(request.until)) {
    out = now + *time;
  } else {
    PAWL_ASSIGN_WITHIN(out, parse_time(request.until), "reading --until");
  }
  if (*out > now) return out;
  return Error(ErrorCode::kUsage, "--until " + request.until + " is over already", "--until 4h");
}

}  // namespace

Result<api::FreezeResponse> freeze(World& world, const Context& context, const api::FreezeRequest& request) {
  PAWL_TRY(check_words(request));
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<crypto::Digest> configuration_digest;
  api::FreezeResponse out{request.environment, !request.off, request.reason, std::nullopt, request.dry_run};
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    configuration_digest = model::digest_of(configuration);
    PAWL_ASSIGN(out.until, end_of(request, moment.now));
    PAWL_ASSIGN(model::Actor actor, current_actor(world));
    return check_may_freeze(configuration, actor, request.environment);
  }));
  if (request.dry_run) return out;
  Asked asked{request.off ? "lift-freeze" : "freeze", request.environment, *configuration_digest, request.reason};
  asked.until = out.until;
  PAWL_ASSIGN(std::optional<crypto::Digest> signed_request, sign_request(world, context, project, asked));
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, writing.records(), project));
    PAWL_TRY(check_may_freeze(configuration, writing.actor(), request.environment));
    model::EnvironmentName environment(request.environment);
    return writing.append(plan::FreezeSet{environment, !request.off, request.reason, out.until, signed_request});
  }));
  return out;
}

}  // namespace pawl::engine
