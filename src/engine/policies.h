#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/policy/facts.h"
#include "core/policy/policy_set.h"
#include "engine/policy_sources.h"
#include "engine/zones.h"

namespace pawl::engine {

// The policies that hold in one environment, with the params, namespaces and definitions that come with them.
struct PoliciesInForce {
  std::shared_ptr<format::Arena> arena;
  std::shared_ptr<ExpressionZones> zones;  // that the policies read
  std::vector<format::Value> others;       // objects of the policies' files, and the params of bindings
  policy::PolicySet set;

  bool empty() const { return set.bound().empty(); }
};

// Reads and binds them: bindings of the configuration, `allowedChanges` of the environment, and those among the
// policies' own files that select the environment. Errors: kInvalid with all that is wrong in the files at once.
Result<PoliciesInForce> policies_in_force(World& world, const model::Configuration& configuration,
                                          const model::Environment& environment, const PolicyFilesOf& files_of);

// Refuses a configuration whose policies could not be asked, before it comes into force.
Status check_policies(World& world, const model::Configuration& configuration, const PolicyFilesOf& files_of);

}  // namespace pawl::engine
