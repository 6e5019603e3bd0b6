#pragma once

#include <string>

#include "api/policy.h"
#include "engine/policy_files.h"

namespace pawl::engine {

// Runs the tables of tests that the request names; a folder stands for all below it. `zones` is what expressions know
// but UTC. `version` is the program's, for reports. Errors: kNotFound for a path with no table; kInvalid with all that
// is wrong in all tables and policies.
Result<api::PolicyTestResponse> test_policies(const api::PolicyTestRequest& request, const PolicyFiles& files,
                                              const cel::TimeZones* zones, const std::string& version);

}  // namespace pawl::engine
