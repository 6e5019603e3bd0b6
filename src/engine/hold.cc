#include "core/plan/authorize.h"
#include "engine/facts.h"
#include "engine/ledger.h"
#include "engine/request.h"
#include "engine/verbs.h"

namespace pawl::engine {

Result<api::HoldResponse> hold(World& world, const Context& context, const api::HoldRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<crypto::Digest> configuration_digest;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    configuration_digest = model::digest_of(configuration);
    return {};
  }));
  PAWL_ASSIGN(std::optional<crypto::Digest> signed_request,
              sign_request(
                  world, context, project,
                  {request.off ? "release-hold" : "hold", request.environment, *configuration_digest, request.reason}));
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, writing.records(), project));
    PAWL_ASSIGN(const model::Environment* environment, find_environment(configuration, request.environment));
    PAWL_TRY(plan::authorize(configuration, writing.actor(), "promote", environment));
    return writing.append(plan::EnvironmentHeld{environment->name, !request.off, request.reason, signed_request});
  }));
  return api::HoldResponse{request.environment, !request.off, request.reason};
}

}  // namespace pawl::engine
