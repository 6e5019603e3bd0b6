#pragma once

#include "api/policy.h"
#include "engine/policy_files.h"

namespace pawl::engine {

// What policies are about: the library's, by name, then those of the request's files. With a name that one alone.
// Errors: kNotFound for a name that none has, with the nearest; kInvalid with all that is wrong in the files.
Result<api::PolicyExplainResponse> explain_policies(const api::PolicyExplainRequest& request, const PolicyFiles& files);

}  // namespace pawl::engine
