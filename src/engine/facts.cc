#include "engine/facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engine/content.h"
#include "engine/policy_digest.h"
#include "engine/zones.h"
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

namespace {

// The one project of the store; "" where it has none or several.
Result<std::string> only_project(World& world) {
  const std::string prefix = "project/";
  std::string found;
  PAWL_TRY(world.store->read(Context{}, [&](ports::Reader& reader) -> Status {
    PAWL_ASSIGN(std::vector<ports::Record> first, reader.scan(prefix, "", 1));
    if (first.empty()) return {};
    std::string own = first[0].key + "/";
    PAWL_ASSIGN(std::vector<ports::Record> next, reader.scan(prefix, first[0].key, 1));
    PAWL_ASSIGN(std::vector<ports::Record> last, reader.scan(prefix, own + "~", 1));
    bool others = !last.empty() || (!next.empty() && !next[0].key.starts_with(own));
    if (!others) found = first[0].key.substr(prefix.size());
    return {};
  }));
  return found;
}

}  // namespace

Result<model::ProjectName> project_name(World& world) {
  if (!world.project.empty()) return model::ProjectName(world.project);
  Result<model::Project> project = read_project(world);
  if (project) {
    world.project = project->content.project.str();
    return project->content.project;
  }
  // A file that cannot be read must not be in the way of a rollback.
  PAWL_ASSIGN(std::string only, only_project(world));
  if (only.empty()) return std::move(project).error();
  world.project = only;
  return model::ProjectName(only);
}

Result<model::Project> read_project(World& world) {
  if (!world.workspace) return no_project();
  render::Files files = workspace_files(world.workspace);
  PAWL_ASSIGN(model::Project project, read_project(files));
  PAWL_TRY(check_zones(world, project.configuration));
  return project;
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

Result<model::Descriptor> read_snapshot_files_descriptor(World& world, const Context& context,
                                                         const crypto::Digest& digest) {
  PAWL_ASSIGN(
      model::SnapshotManifest manifest,
      read_document<model::SnapshotManifest>(world, context, digest, "snapshot", model::decode_snapshot_manifest));
  return manifest.files;
}

Result<format::FileTree> read_snapshot_files(World& world, const Context& context, const crypto::Digest& digest) {
  PAWL_ASSIGN(model::Descriptor files, read_snapshot_files_descriptor(world, context, digest));
  return read_document<format::FileTree>(world, context, files.digest, "snapshot files",
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

// The configuration with what its policy sources hold for this environment in the place of the sources: a rule that
// changes elsewhere is none of its business.
Result<model::Configuration> as_in_force(World& world, const Context& context,
                                         const model::Configuration& configuration,
                                         const model::Environment& environment) {
  model::Configuration out = configuration;
  if (out.policies.empty()) return out;
  PAWL_ASSIGN(crypto::Digest in_force, digest_of_policies_in_force(world, context, configuration, environment));
  out.policies = {{"in force", "", "", in_force}};
  return out;
}

}  // namespace

Result<crypto::Digest> plan_digest(World& world, const Context& context, const model::Configuration& configuration,
                                   const model::Environment& environment, const std::optional<crypto::Digest>& from,
                                   const crypto::Digest& to) {
  PAWL_ASSIGN(model::Configuration in_force, as_in_force(world, context, configuration, environment));
  // Both bundles are digests of their objects, so that the difference between them is a function of the two.
  std::string text =
      fmt::format("pawl plan v1\n{}\n{}\n{}\n{}\n", model::digest_of_effective(in_force, environment).str(),
                  environment.name.str(), from ? from->str() : "none", to.str());
  return crypto::sha256(text);
}

}  // namespace pawl::engine
