#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/project.h"
#include "engine/ledger.h"
#include "engine/policy_sources.h"

namespace pawl::engine {

// Brings the workspace's configuration into force where that needs nobody's leave: the first one, and an edited file of
// a store that has no people yet. Returns what was done, in words, for the user; "" when there was nothing to do. A
// file that differs in a store with people changes nothing and is said too ("pawl apply").
Result<std::string> take_over_configuration(World& world, const Context& context);

// The same where a file that cannot be read must not be in the way: then the configuration in force holds, and that is
// what is said.
std::string take_over_if_readable(World& world, const Context& context);

// Appends the entry that puts `configuration` into force, inside a transaction; the document must be in the blobs.
Status put_into_force(Writing& writing, const model::Configuration& configuration, bool takeover,
                      std::optional<crypto::Digest> request);
// Stores the document and the files of its policies, and returns its digest. Errors: kInvalid for policies that could
// not be asked.
Result<crypto::Digest> store_configuration(World& world, const Context& context, const Wanted& wanted);

// What differs between two revisions, one line each.
std::vector<std::string> differences(const std::optional<model::Configuration>& before,
                                     const model::Configuration& after);

}  // namespace pawl::engine
