#include "core/bundle/build.h"
#include "core/model/statement.h"
#include "engine/content.h"
#include "engine/facts.h"
#include "engine/records.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

Result<std::vector<bundle::BuiltBundle>> rebuild(World& world, const Context& context, const model::Snapshot& snapshot,
                                                 const format::FileTree& files) {
  std::vector<bundle::BuiltBundle> out;
  render::Files view = render::Files::of(files);
  render::Inflate again = chart_repeater(world, context, snapshot.lock);
  for (const model::EnvironmentContent& environment : snapshot.content.environments) {
    PAWL_ASSIGN(RenderedEnvironment rendered, render_environment(snapshot.content, environment.name, view, again));
    PAWL_ASSIGN(bundle::BuiltBundle built, bundle::build_bundle(snapshot.content.project, environment.name,
                                                                layer_inputs(rendered.rendering), snapshot.lock));
    out.push_back(std::move(built));
  }
  return out;
}

// Why a rendering by this program would say nothing about the release; "" where it does.
Result<std::string> why_not_comparable(World& world, const Context& context, const model::Snapshot& snapshot) {
  if (snapshot.renderer != model::kRendererVersion) {
    return "it was rendered by renderer version " + snapshot.renderer + "; this is version " +
           std::string(model::kRendererVersion);
  }
  if (!model::has_charts(snapshot.content)) return std::string();
  return why_not_comparable(world, context, snapshot.lock);
}

// The field's own words for "I built this from that": SLSA provenance v1. Whoever holds it beside the release's own
// record can tell that two builders came to the same digests, or that they did not.
model::Statement provenance(const model::Release& release, const model::Snapshot& snapshot,
                            const std::vector<bundle::BuiltBundle>& built, Time now) {
  model::Statement statement{.predicate_type = std::string(model::kProvenancePredicate)};
  format::Arena& arena = *statement.predicate.arena;
  auto text = [&](std::string_view x) { return format::Value::string(arena, x); };
  for (const bundle::BuiltBundle& one : built)
    statement.subjects.push_back({one.bundle.environment.str(), one.manifest().descriptor.digest});
  format::Value dependency =
      format::map_of(arena, {{"name", text("snapshot")},
                             {"mediaType", text(model::kManifestType)},
                             {"digest", format::map_of(arena, {{"sha256", text(release.snapshot.digest.hex())}})}});
  format::Value dependencies = format::Value::list();
  dependencies.push_back(arena, dependency);
  format::Value definition = format::map_of(
      arena, {{"buildType", text("https://pawl.dev/render/v1")},
              {"externalParameters", format::map_of(arena, {{"project", text(release.project.str())},
                                                            {"snapshot", text(release.snapshot.digest.str())}})},
              {"internalParameters", format::map_of(arena, {{"renderer", text(snapshot.renderer)}})},
              {"resolvedDependencies", dependencies}});
  format::Value details =
      format::map_of(arena, {{"builder", format::map_of(arena, {{"id", text("https://pawl.dev/reproduce/v1")}})},
                             {"metadata", format::map_of(arena, {{"finishedOn", text(render_time(now))}})}});
  statement.predicate.root = format::map_of(arena, {{"buildDefinition", definition}, {"runDetails", details}});
  return statement;
}

// Signed by whoever asked, else by the store; attached to the release. "" where there is no key to sign with.
Result<std::string> record_rebuild(World& world, const Context& context, const plan::ReleaseState& state,
                                   const model::Statement& statement) {
  PAWL_ASSIGN(std::optional<crypto::PublicKey> own, world.signer->public_key(ports::KeyRole::kPersonal));
  ports::KeyRole role = own ? ports::KeyRole::kPersonal : ports::KeyRole::kRelease;
  PAWL_ASSIGN(std::optional<crypto::PublicKey> key, world.signer->public_key(role));
  if (!key) return std::string();
  PAWL_ASSIGN(std::string document, world.blobs->get(context, state.release));
  model::Descriptor subject = model::describe(model::kIndexType, document);
  subject.artifact_type = model::kReleaseArtifact;
  PAWL_ASSIGN(crypto::Digest record, attach_record(world, context, role, statement, subject));
  return record.str();
}

// Each environment's bundle as it came out, beside the release's.
void compare(const model::Release& release, const std::vector<bundle::BuiltBundle>& built,
             api::ReproduceResponse& out) {
  for (const bundle::BuiltBundle& one : built) {
    const model::ReleaseBundle* wanted = release.find(one.bundle.environment);
    crypto::Digest digest = one.manifest().descriptor.digest;
    bool same = wanted != nullptr && wanted->bundle.digest == digest;
    std::string name = one.bundle.environment.str();
    out.bundles.push_back({name, digest.str(), one.inventory.objects.size(), one.bundle.layers.size(), same});
    if (same) continue;
    out.differences.push_back(name + ": " + (wanted == nullptr ? "not in the release" : wanted->bundle.digest.str()) +
                              ", and again " + digest.str());
  }
  out.reproduced = out.differences.empty() && built.size() == release.bundles.size();
}

Result<plan::ReleaseState> find_state(World& world, const Context& context, const std::string& name, Time& now) {
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<plan::ReleaseState> state;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    now = moment.now;
    PAWL_ASSIGN(state, find_release(moment.records, project, name));
    return {};
  }));
  return std::move(*state);
}

}  // namespace

Result<api::ReproduceResponse> reproduce(World& world, const Context& context, const api::ReproduceRequest& request) {
  Time now;
  PAWL_ASSIGN(plan::ReleaseState state, find_state(world, context, request.release, now));
  PAWL_ASSIGN(model::Release release, read_release(world, context, state.release));
  PAWL_ASSIGN(model::Snapshot snapshot, read_snapshot(world, context, release.snapshot.digest));
  api::ReproduceResponse out;
  PAWL_ASSIGN(std::string why, why_not_comparable(world, context, snapshot));
  if (!why.empty()) {
    out.comparable = false;
    out.differences.push_back(std::move(why));
    return out;
  }
  PAWL_ASSIGN(format::FileTree files, read_snapshot_files(world, context, release.snapshot.digest));
  PAWL_ASSIGN_WITHIN(std::vector<bundle::BuiltBundle> built, rebuild(world, context, snapshot, files),
                     "rendering " + request.release + " again from its snapshot");
  compare(release, built, out);
  PAWL_ASSIGN(out.record, record_rebuild(world, context, state, provenance(release, snapshot, built, now)));
  return out;
}

}  // namespace pawl::engine
