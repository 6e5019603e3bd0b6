#pragma once

#include "api/promotion.h"
#include "engine/world.h"

namespace pawl::engine {

// What retry, abort, reconcile and hold would do (--dry-run), under the same rules as the verbs themselves; nothing is
// written.
Result<api::PromoteResponse> would_retry(World& world, const Context& context, const std::string& environment);
Result<api::PromoteResponse> would_abort(World& world, const Context& context, const std::string& environment);
Result<api::PromoteResponse> would_reconcile(World& world, const Context& context, const std::string& environment);
Result<api::HoldResponse> would_hold(World& world, const Context& context, const api::HoldRequest& request);

// When the bundle of a rollback was the head of its environment before; absent where it never was.
Status recall_visit(World& world, const Context& context, api::PromoteResponse& rollback);

}  // namespace pawl::engine
