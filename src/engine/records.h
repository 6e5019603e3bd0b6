#pragma once

#include <string>
#include <vector>

#include "core/model/statement.h"
#include "engine/world.h"

namespace pawl::engine {

// Signed records: made with this store's or the person's key, attached to what they are about.

// Signs `statement` and attaches it to `subject`; returns the record's manifest digest.
Result<crypto::Digest> attach_record(World& world, const Context& context, ports::KeyRole role,
                                     const model::Statement& statement, const model::Descriptor& subject);

// Signs with the caller's own key, as a person. Errors: kDenied without one.
Result<std::string> sign_as_person(World& world, const Context& context, const model::Statement& statement);

// The bytes of the record that the manifest attaches. Errors: says_broken() ones (intact.h), and those of the port.
Result<std::string> read_record(World& world, const Context& context, const crypto::Digest& manifest);

// The keys that may sign in `role` ("release", "checks"): the configuration's, else this store's own release key.
Result<std::vector<crypto::PublicKey>> trusted_keys(World& world,
                                                    const std::map<std::string, std::vector<std::string>>& trust,
                                                    const std::string& role);

}  // namespace pawl::engine
