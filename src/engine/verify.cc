#include "engine/facts.h"
#include "engine/intact.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

Status verify_bundle(World& world, const Context& context, const model::ReleaseBundle& one, api::VerifyResponse& out) {
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, one.bundle.digest));
  if (bundle.environment != one.environment) {
    return Error(ErrorCode::kIntegrity, "the bundle " + one.bundle.digest.brief() + " says it is for " +
                                            bundle.environment.str() + ", and the release that it is for " +
                                            one.environment.str());
  }
  PAWL_ASSIGN(model::Inventory inventory, read_inventory(world, context, bundle));
  format::Arena arena;
  PAWL_ASSIGN(std::vector<drift::DriftObject> objects, read_objects(world, context, arena, bundle));
  if (objects.size() != inventory.objects.size())
    return Error(ErrorCode::kIntegrity,
                 "the inventory of " + one.environment.str() + " does not count its objects right");
  out.facts.push_back("bundle " + one.environment.str() + " " + one.bundle.digest.brief() + ": " +
                      std::to_string(bundle.layers.size()) + " layers, " + std::to_string(objects.size()) +
                      " objects, whole");
  return {};
}

Status verify_snapshot(World& world, const Context& context, const crypto::Digest& digest, api::VerifyResponse& out) {
  PAWL_ASSIGN(model::Snapshot snapshot, read_snapshot(world, context, digest));
  PAWL_ASSIGN(format::FileTree files, read_snapshot_files(world, context, digest));
  bool agree = files.size() == snapshot.files.size();
  for (std::size_t i = 0; agree && i < files.size(); ++i) {
    agree = files[i].path == snapshot.files[i].path && crypto::sha256(files[i].bytes) == snapshot.files[i].digest;
  }
  if (!agree)
    return Error(ErrorCode::kIntegrity, "the snapshot " + digest.brief() + " lists other files than it holds");
  out.facts.push_back("snapshot " + digest.brief() + ": " + std::to_string(files.size()) + " files, " +
                      std::to_string(snapshot.lock.images.size()) + " images locked, whole");
  return {};
}

}  // namespace

Result<api::VerifyResponse> verify(World& world, const Context& context, const api::VerifyRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::VerifyResponse out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(plan::ReleaseState state, find_release(moment.records, project, request.release));
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    out.release = state.versions.back();
    out.digest = state.release.str();
    PAWL_ASSIGN(model::Release release, read_release(world, context, state.release));
    if (release.snapshot.digest != state.snapshot)
      return Error(ErrorCode::kIntegrity, "the ledger and the release name different snapshots");
    PAWL_TRY(verify_snapshot(world, context, state.snapshot, out));
    for (const model::ReleaseBundle& bundle : release.bundles) PAWL_TRY(verify_bundle(world, context, bundle, out));
    PAWL_ASSIGN(std::string record, check_release_record(world, context, configuration, state, release));
    out.facts.push_back(std::move(record));
    return {};
  }));
  out.intact = true;
  return out;
}

}  // namespace pawl::engine
