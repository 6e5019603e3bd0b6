#include "engine/facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engine/content.h"
#include "format/json.h"
#include "format/tar.h"
#include "format/yaml.h"

namespace pawl::engine {

namespace {

// The blob of `digest`, decoded; a stored document that does not decode is damaged.
template <class T, class Decode>
Result<T> read_document(World& world, const Context& context, const crypto::Digest& digest, std::string what,
                        Decode decode) {
  PAWL_ASSIGN_WITHIN(std::string bytes, world.blobs->get(context, digest), "reading " + what + " " + digest.brief());
  PAWL_ASSIGN_WITHIN(T document, decode(std::move(bytes)), "reading " + what + " " + digest.brief());
  return document;
}

}  // namespace

Result<model::ProjectName> project_name(World& world) {
  if (!world.project.empty()) return model::ProjectName(world.project);
  PAWL_ASSIGN(model::Project project, read_project(world));
  world.project = project.content.project.str();
  return project.content.project;
}

Result<model::Project> read_project(World& world) {
  if (!world.workspace) return no_project();
  render::Files files = workspace_files(world);
  return read_project(files);
}

Result<model::Configuration> read_configuration(World& world, const Context& context, const crypto::Digest& digest) {
  return read_document<model::Configuration>(
      world, context, digest, "configuration", [](std::string bytes) -> Result<model::Configuration> {
        PAWL_ASSIGN(format::Document document, format::parse_json_document(std::move(bytes)));
        return model::decode_configuration(document.root);
      });
}

Result<model::Configuration> configuration_in_force(World& world, const Context& context, const plan::Records& records,
                                                    const model::ProjectName& project) {
  PAWL_ASSIGN(plan::ProjectState state, records.load<plan::ProjectState>(plan::key::project(project)));
  if (!state.configuration) {
    return Error(ErrorCode::kNotFound, "project " + project.str() + " is not in this store yet",
                 "pawl release VERSION");
  }
  return read_configuration(world, context, *state.configuration);
}

Result<const model::Environment*> find_environment(const model::Configuration& configuration, const std::string& name) {
  if (const model::Environment* found = configuration.find(model::EnvironmentName(name))) return found;
  std::vector<std::string_view> names;
  for (const model::Environment& environment : configuration.environments) names.push_back(environment.name.str());
  std::string near = nearest(name, names);
  return Error(ErrorCode::kNotFound,
               "there is no environment \"" + name + "\" in project " + configuration.project.str(),
               near.empty() ? "pawl get environments" : "did you mean \"" + near + "\"?");
}

Result<std::optional<plan::ReleaseState>> release_by_serial(const plan::Records& records,
                                                            const model::ProjectName& project, std::uint64_t serial) {
  if (serial == 0) return std::optional<plan::ReleaseState>();
  return records.find<plan::ReleaseState>(plan::key::release(project, serial));
}

namespace {

std::optional<std::uint64_t> serial_of(std::string_view name) {
  if (name.size() < 2 || name.size() > 13 || name[0] != 'r') return std::nullopt;
  std::uint64_t serial = 0;
  for (char c : name.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    serial = serial * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return serial;
}

Result<std::optional<std::uint64_t>> indexed_serial(const plan::Records& records, const std::string& key) {
  PAWL_ASSIGN(std::optional<std::string> text, records.get(key));
  if (!text) return std::optional<std::uint64_t>();
  return serial_of("r" + *text);
}

}  // namespace

Result<plan::ReleaseState> find_release(const plan::Records& records, const model::ProjectName& project,
                                        const std::string& given) {
  std::string prefix = project.str() + "/";
  std::string name = given.starts_with(prefix) ? given.substr(prefix.size()) : given;
  std::optional<std::uint64_t> serial = serial_of(name);
  if (!serial) {
    PAWL_ASSIGN(serial, indexed_serial(records, plan::key::version(project, name)));
  }
  if (!serial) {
    if (Result<crypto::Digest> digest = crypto::Digest::parse(name)) {
      PAWL_ASSIGN(serial, indexed_serial(records, plan::key::release_digest(project, *digest)));
    }
  }
  if (serial) {
    PAWL_ASSIGN(std::optional<plan::ReleaseState> found, release_by_serial(records, project, *serial));
    if (found) return std::move(*found);
  }
  return Error(ErrorCode::kNotFound, "there is no release \"" + given + "\" of " + project.str(), "pawl get releases");
}

Result<model::Release> read_release(World& world, const Context& context, const crypto::Digest& digest) {
  return read_document<model::Release>(world, context, digest, "release", model::decode_release);
}

Result<model::Bundle> read_bundle(World& world, const Context& context, const crypto::Digest& digest) {
  return read_document<model::Bundle>(world, context, digest, "bundle", model::decode_bundle);
}

Result<model::Inventory> read_inventory(World& world, const Context& context, const model::Bundle& bundle) {
  return read_document<model::Inventory>(world, context, bundle.inventory.digest, "inventory", model::decode_inventory);
}

Result<model::Snapshot> read_snapshot(World& world, const Context& context, const crypto::Digest& digest) {
  PAWL_ASSIGN(
      model::SnapshotManifest manifest,
      read_document<model::SnapshotManifest>(world, context, digest, "snapshot", model::decode_snapshot_manifest));
  return read_document<model::Snapshot>(world, context, manifest.config.digest, "snapshot document",
                                        model::decode_snapshot);
}

Result<format::FileTree> read_snapshot_files(World& world, const Context& context, const crypto::Digest& digest) {
  PAWL_ASSIGN(
      model::SnapshotManifest manifest,
      read_document<model::SnapshotManifest>(world, context, digest, "snapshot", model::decode_snapshot_manifest));
  return read_document<format::FileTree>(world, context, manifest.files.digest, "snapshot files",
                                         [](std::string bytes) { return format::read_tar(bytes); });
}

Result<std::vector<drift::DriftObject>> read_objects(World& world, const Context& context, format::Arena& arena,
                                                     const model::Bundle& bundle) {
  std::vector<drift::DriftObject> objects;
  for (const model::BundleLayer& layer : bundle.layers) {
    PAWL_ASSIGN(std::string yaml, world.blobs->get(context, layer.blob.digest));
    PAWL_ASSIGN(std::vector<drift::DriftObject> of_layer, drift::objects_of(arena, layer.name.str(), std::move(yaml)));
    objects.insert(objects.end(), of_layer.begin(), of_layer.end());
  }
  return objects;
}

namespace {

Result<bool> is_in_progress(const plan::Records& records, const model::ProjectName& project,
                            const plan::EnvironmentState& environment, std::uint64_t release) {
  for (std::uint64_t number : environment.open) {
    PAWL_ASSIGN(std::optional<plan::PromotionState> open,
                records.find<plan::PromotionState>(plan::key::promotion(project, number)));
    if (open && open->opened.release == release && release != 0) return true;
  }
  return false;
}

Result<plan::UpstreamFacts> upstream_facts(const Moment& moment, const model::ProjectName& project,
                                           const model::Environment& upstream, const model::Release& release,
                                           std::uint64_t serial) {
  plan::UpstreamFacts facts{.environment = upstream.name};
  const model::ReleaseBundle* bundle = release.find(upstream.name);
  if (bundle == nullptr) return facts;
  facts.bundle = bundle->bundle.digest;
  const plan::Records& records = moment.records;
  PAWL_ASSIGN(plan::BundleState state,
              records.load<plan::BundleState>(plan::key::bundle(project, upstream.name, *facts.bundle)));
  PAWL_ASSIGN(plan::EnvironmentState environment,
              records.load<plan::EnvironmentState>(plan::key::environment(project, upstream.name)));
  plan::Verification verified = plan::verification(state, model::digest_of_checks(upstream), moment.now);
  facts.verified = verified.verified;
  facts.verification = verified.words;
  facts.soaked = plan::soaked(state, moment.now);
  facts.is_head = environment.head && environment.head->bundle == *facts.bundle;
  if (verified.verified) facts.evidence.push_back("promotion " + std::to_string(state.promotion));
  PAWL_ASSIGN(facts.in_progress, is_in_progress(records, project, environment, serial));
  return facts;
}

}  // namespace

Result<plan::GateFacts> gate_facts(World& world, const Context& context, const Moment& moment,
                                   const model::Configuration& configuration, const model::Environment& environment,
                                   const plan::ReleaseState* release) {
  plan::GateFacts facts{.now = moment.now, .environment = environment.name};
  for (const model::EnvironmentName& name : environment.promotes_from) {
    PAWL_ASSIGN(const model::Environment* upstream, find_environment(configuration, name.str()));
    if (release == nullptr) {
      facts.upstream.push_back({.environment = name, .verification = "not a bundle of one release"});
      continue;
    }
    PAWL_ASSIGN(model::Release document, read_release(world, context, release->release));
    PAWL_ASSIGN(plan::UpstreamFacts of_one,
                upstream_facts(moment, configuration.project, *upstream, document, release->serial));
    facts.upstream.push_back(std::move(of_one));
  }
  return facts;
}

crypto::Digest plan_digest(const model::Configuration& configuration, const model::Environment& environment,
                           const std::optional<crypto::Digest>& from, const crypto::Digest& to) {
  // Both bundles are digests of their objects, so that the difference between them is a function of the two.
  std::string text = fmt::format("pawl plan v1\n{}\n{}\n{}\n{}\n", model::digest_of(configuration).str(),
                                 environment.name.str(), from ? from->str() : "none", to.str());
  return crypto::sha256(text);
}

}  // namespace pawl::engine
