#include "core/plan/authorize.h"
#include "engine/facts.h"
#include "engine/ledger.h"
#include "engine/request.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

Status check_may_hold(const model::Configuration& configuration, const model::Actor& actor, const std::string& name) {
  PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, name));
  return plan::authorize(configuration, actor, "promote", environment);
}

}  // namespace

Result<api::HoldResponse> hold(World& world, const Context& context, const api::HoldRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<crypto::Digest> configuration_digest;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    configuration_digest = model::digest_of(configuration);
    PAWL_ASSIGN(model::Actor actor, current_actor(world));
    return check_may_hold(configuration, actor, request.environment);
  }));
  if (request.dry_run) return api::HoldResponse{request.environment, !request.off, request.reason, true};
  PAWL_ASSIGN(std::optional<crypto::Digest> signed_request,
              sign_request(
                  world, context, project,
                  {request.off ? "release-hold" : "hold", request.environment, *configuration_digest, request.reason}));
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, writing.records(), project));
    PAWL_TRY(check_may_hold(configuration, writing.actor(), request.environment));
    model::EnvironmentName environment(request.environment);
    return writing.append(plan::EnvironmentHeld{environment, !request.off, request.reason, signed_request});
  }));
  return api::HoldResponse{request.environment, !request.off, request.reason};
}

}  // namespace pawl::engine
