#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/drift/difference.h"
#include "engine/causes.h"
#include "engine/ledger.h"

namespace pawl::engine {

// What `diff` compares, by name:
//   staging                 the head of an environment        live:staging    what is at its target
//   1.2.0@staging           a release's bundle for it         sha256:...      a bundle
//   .@staging               the project as it stands here     git:v1@staging  the project as of a commit, tag or branch
//   ./deploy/base           a folder, built or read           git:v1:deploy/base
// A release or a revision alone (1.2.0, git:v1) is compared for every environment.
struct Side {
  std::string words;
  std::vector<drift::DriftObject> objects;
  std::optional<Basis> basis;  // where it is known what it was rendered from
  std::optional<model::EnvironmentName> environment;
};

// The environments that a name which stands for all of them has ("1.2.0", "git:v1", "."); nullopt for every other name.
Result<std::optional<std::vector<model::EnvironmentName>>> environments_of(World& world, const Context& context,
                                                                           const Moment& moment,
                                                                           const model::Configuration& configuration,
                                                                           const std::string& name);

// Reads one side; values live in `arena`. Errors: kNotFound, kUsage, and those of rendering.
Result<Side> read_side(World& world, const Context& context, format::Arena& arena, const Moment& moment,
                       const model::Configuration& configuration, const std::string& name);

}  // namespace pawl::engine
