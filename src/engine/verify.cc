#include "core/model/statement.h"
#include "engine/content.h"
#include "engine/facts.h"
#include "engine/records.h"
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

// The release's own record: signed by a trusted key, about this release and each of its bundles.
Status verify_record(World& world, const Context& context, const std::map<std::string, std::vector<std::string>>& trust,
                     const plan::ReleaseState& state, const model::Release& release, api::VerifyResponse& out) {
  PAWL_ASSIGN(std::vector<crypto::PublicKey> keys, trusted_keys(world, trust, "release"));
  PAWL_ASSIGN(auto records, world.blobs->attached(context, state.release, model::kSigstoreBundleType));
  std::string last = "it has no record";
  for (const auto& record : records) {
    Result<model::VerifiedStatement> verified = model::verify_statement(record.bytes, keys);
    if (!verified) {
      last = verified.error().message;
      continue;
    }
    const model::Statement& statement = verified->statement;
    bool about = statement.predicate_type == model::kReleasePredicate;
    auto names = [&](const crypto::Digest& digest) {
      for (const model::Subject& subject : statement.subjects) {
        if (subject.digest == digest) return true;
      }
      return false;
    };
    about = about && names(state.release);
    for (const model::ReleaseBundle& bundle : release.bundles) about = about && names(bundle.bundle.digest);
    if (!about) continue;
    out.facts.push_back("record: signed by " + verified->key.id().substr(0, 19) + ", about this release and its " +
                        std::to_string(release.bundles.size()) + " bundles");
    return {};
  }
  return Error(ErrorCode::kIntegrity, "no record of release " + out.release + " counts: " + last,
               "only keys trusted for the role release count");
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
    return verify_record(world, context, configuration.trust.roles, state, release, out);
  }));
  out.intact = true;
  return out;
}

namespace {

Result<std::vector<bundle::BuiltBundle>> rebuild(World&, const model::Snapshot& snapshot,
                                                 const format::FileTree& files) {
  std::vector<bundle::BuiltBundle> out;
  render::Files view = render::Files::of(files);
  for (const model::EnvironmentContent& environment : snapshot.content.environments) {
    PAWL_ASSIGN(RenderedEnvironment rendered, render_environment(snapshot.content, environment.name, view));
    PAWL_ASSIGN(bundle::BuiltBundle built, bundle::build_bundle(snapshot.content.project, environment.name,
                                                                layer_inputs(rendered.rendering), snapshot.lock));
    out.push_back(std::move(built));
  }
  return out;
}

}  // namespace

Result<api::ReproduceResponse> reproduce(World& world, const Context& context, const api::ReproduceRequest& request) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<plan::ReleaseState> state;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(state, find_release(moment.records, project, request.release));
    return {};
  }));
  PAWL_ASSIGN(model::Release release, read_release(world, context, state->release));
  PAWL_ASSIGN(model::Snapshot snapshot, read_snapshot(world, context, release.snapshot.digest));
  api::ReproduceResponse out;
  if (snapshot.renderer != model::kRendererVersion) {
    out.comparable = false;
    out.differences.push_back("it was rendered by renderer version " + snapshot.renderer + "; this is version " +
                              std::string(model::kRendererVersion));
    return out;
  }
  PAWL_ASSIGN(format::FileTree files, read_snapshot_files(world, context, release.snapshot.digest));
  PAWL_ASSIGN_WITHIN(std::vector<bundle::BuiltBundle> built, rebuild(world, snapshot, files),
                     "rendering " + request.release + " again from its snapshot");
  for (const bundle::BuiltBundle& one : built) {
    const model::ReleaseBundle* wanted = release.find(one.bundle.environment);
    crypto::Digest digest = one.manifest().descriptor.digest;
    bool same = wanted != nullptr && wanted->bundle.digest == digest;
    out.bundles.push_back(
        {one.bundle.environment.str(), digest.str(), one.inventory.objects.size(), one.bundle.layers.size(), same});
    if (!same)
      out.differences.push_back(one.bundle.environment.str() + ": " +
                                (wanted == nullptr ? "not in the release" : wanted->bundle.digest.str()) +
                                ", and again " + digest.str());
  }
  out.reproduced = out.differences.empty() && built.size() == release.bundles.size();
  return out;
}

}  // namespace pawl::engine
