#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/drift/difference.h"
#include "core/model/project.h"
#include "core/model/release.h"
#include "engine/ledger.h"

namespace pawl::engine {

// Reading what is stored: releases, bundles, configurations, and the gates' facts about them.

// The project this call is about: the workspace's, or the one the store was opened for.
// Errors: kNotFound with "pawl init" as the way out.
Result<model::ProjectName> project_name(World& world);

// pawl.yaml (and pawl/*.yaml beside it) of the workspace, parsed. Errors: kNotFound, kInvalid.
Result<model::Project> read_project(World& world);

// The configuration in force: the revision that the ledger names, read from the blobs and checked against its digest.
// Errors: kNotFound when none was applied yet.
Result<model::Configuration> configuration_in_force(World& world, const Context& context, const plan::Records& records,
                                                    const model::ProjectName& project);
Result<model::Configuration> read_configuration(World& world, const Context& context, const crypto::Digest& digest);

// The environment, or kNotFound with "did you mean".
Result<const model::Environment*> find_environment(const model::Configuration& configuration, const std::string& name);

// A release by version label, serial "rN", or digest (a prefix of at least 8 hexadecimal digits does).
Result<plan::ReleaseState> find_release(const plan::Records& records, const model::ProjectName& project,
                                        const std::string& name);
Result<std::optional<plan::ReleaseState>> release_by_serial(const plan::Records& records,
                                                            const model::ProjectName& project, std::uint64_t serial);

// Documents of the digest graph, each checked against its digest.
Result<model::Release> read_release(World& world, const Context& context, const crypto::Digest& digest);
Result<model::Bundle> read_bundle(World& world, const Context& context, const crypto::Digest& digest);
Result<model::Inventory> read_inventory(World& world, const Context& context, const model::Bundle& bundle);
Result<model::Snapshot> read_snapshot(World& world, const Context& context, const crypto::Digest& digest);
Result<model::Descriptor> read_snapshot_files_descriptor(World& world, const Context& context,
                                                         const crypto::Digest& digest);
Result<format::FileTree> read_snapshot_files(World& world, const Context& context, const crypto::Digest& digest);
// A bundle's objects, layer by layer.
Result<std::vector<drift::DriftObject>> read_objects(World& world, const Context& context, format::Arena& arena,
                                                     const model::Bundle& bundle);

// The plan digest that a promotion and its approvals are bound to: f(the environment's effective configuration,
// policies in force there, environment, from-bundle, to-bundle, object difference). Nothing else of the configuration
// is in it, and nothing live. Errors: those of the port, where the policies cannot be read at this moment.
Result<crypto::Digest> plan_digest(World& world, const Context& context, const model::Configuration& configuration,
                                   const model::Environment& environment, const std::optional<crypto::Digest>& from,
                                   const crypto::Digest& to);

}  // namespace pawl::engine
