#pragma once

#include <string>

#include "api/policy.h"
#include "engine/policy_files.h"
#include "ports/executor.h"

namespace pawl::engine {

// Judges manifests by policies, without a project: each object is new, or a change of the one of its name in `old`, and
// what is in `old` alone goes. A policy that no binding puts in force is bound to deny, with each of the `params` of
// its kind, or else with the defaults of its params; kinds that nothing declares are guessed; an object without a
// namespace goes to "default". `zones` is what expressions know but UTC. `version` is the program's, for reports.
// Errors: kNotFound, kInvalid with all that is wrong in all files.
Result<api::PolicyCheckResponse> check_policies(const api::PolicyCheckRequest& request, const PolicyFiles& files,
                                                ports::Executor& executor, const cel::TimeZones* zones,
                                                const std::string& version);

}  // namespace pawl::engine
