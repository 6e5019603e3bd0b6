#include "core/model/release.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "base/text.h"
#include "core/model/content_codec.h"
#include "format/codec.h"

namespace pawl::format {

template <>
struct Blank<model::Descriptor> {
  static model::Descriptor make() { return {.digest = Blank<crypto::Digest>::make()}; }
};
template <>
struct Blank<model::SnapshotFile> {
  static model::SnapshotFile make() { return {.digest = Blank<crypto::Digest>::make()}; }
};
template <>
struct Blank<model::InventoryObject> {
  static model::InventoryObject make() { return {.digest = Blank<crypto::Digest>::make()}; }
};

}  // namespace pawl::format

namespace pawl::model {

using format::Arena;
using format::Value;

template <class V>
void fields(V& v, SnapshotFile& x) {
  v("digest", x.digest);
  v("executable", x.executable);
  v("path", x.path);
  v("size", x.size);
}
template <class V>
void fields(V& v, ObjectId& x) {
  v("apiVersion", x.api_version);
  v("kind", x.kind);
  v("name", x.name);
  v("namespace", x.space);
}
template <class V>
void fields(V& v, InventoryObject& x) {
  v("digest", x.digest);
  v("id", x.id);
  v("layer", x.layer);
}
template <class V>
void fields(V& v, InventoryImage& x) {
  v("reference", x.reference);
  v("usedBy", x.used_by);
}
template <class V>
void fields(V& v, InventoryKey& x) {
  v("container", x.container);
  v("name", x.name);
  v("object", x.object);
  v("source", x.source);
}
template <class V>
void fields(V& v, InventorySecret& x) {
  v("object", x.object);
  v("plainReason", x.plain_reason);
  v("reference", x.reference);
}
template <class V>
void fields(V& v, Inventory& x) {
  v("config", x.config);
  v("environment", x.environment);
  v("images", x.images);
  v("objects", x.objects);
  v("secrets", x.secrets);
}

namespace {

constexpr std::string_view kAnnotation = "dev.pawl.";

std::string annotation(std::string_view name) { return std::string(kAnnotation) + std::string(name); }

Value encode_descriptor(Arena& arena, const Descriptor& d) {
  Value out = Value::map();
  out.set(arena, "mediaType", d.media_type);
  out.set(arena, "digest", d.digest.str());
  out.set(arena, "size", Value::integer(d.size));
  if (!d.artifact_type.empty()) out.set(arena, "artifactType", d.artifact_type);
  if (!d.annotations.empty()) out.set(arena, "annotations", format::to_value(arena, d.annotations));
  return out;
}

Result<Descriptor> decode_descriptor(const Value& value) {
  Descriptor out = format::Blank<Descriptor>::make();
  std::optional<std::string> artifact_type;
  std::optional<std::map<std::string, std::string>> annotations;
  format::Decoder d(value);
  d("mediaType", out.media_type);
  d("digest", out.digest);
  d("size", out.size);
  d("artifactType", artifact_type);
  d("annotations", annotations);
  PAWL_TRY(d.finish());
  out.artifact_type = artifact_type.value_or("");
  out.annotations = annotations.value_or(std::map<std::string, std::string>());
  return out;
}

// What an OCI manifest or index of ours says.
struct Manifest {
  std::string_view media_type;
  std::string_view artifact_type;
  std::optional<Descriptor> config;  // manifests only
  std::vector<Descriptor> parts;     // "layers" of a manifest, "manifests" of an index
  std::map<std::string, std::string> annotations;
};

std::string encode_manifest(const Manifest& manifest) {
  Arena arena;
  Value parts = Value::list();
  for (const Descriptor& part : manifest.parts) parts.push_back(arena, encode_descriptor(arena, part));
  Value out = Value::map();
  out.set(arena, "schemaVersion", Value::integer(2));
  out.set(arena, "mediaType", manifest.media_type);
  out.set(arena, "artifactType", manifest.artifact_type);
  if (manifest.config) out.set(arena, "config", encode_descriptor(arena, *manifest.config));
  out.set(arena, manifest.config ? "layers" : "manifests", parts);
  if (!manifest.annotations.empty()) out.set(arena, "annotations", format::to_value(arena, manifest.annotations));
  return format::canonical_json(out).value();
}

Error damaged(std::string why) { return Error(ErrorCode::kIntegrity, "not a document that pawl wrote: " + std::move(why)); }

Status decode_parts(const Value& root, std::string_view key, std::vector<Descriptor>& parts) {
  const Value* list = root.find(key);
  if (list == nullptr || !list->is_list()) return damaged("it has no " + std::string(key));
  for (const Value& item : list->items()) {
    PAWL_ASSIGN(Descriptor part, decode_descriptor(item));
    parts.push_back(std::move(part));
  }
  return {};
}

// Reads a manifest that must be `media_type` and `artifact_type`, and must be the canonical form of what it says.
Result<Manifest> decode_manifest(const std::string& bytes, std::string_view media_type, std::string_view artifact_type) {
  Arena arena;
  PAWL_ASSIGN(Value root, format::parse_json(arena, bytes, {.max_bytes = limits::kManifestBytes}));
  if (root.find("layers") != nullptr && root.find("manifests") != nullptr) return damaged("it has both layers and manifests");
  if (root.string_at("mediaType") != media_type) return damaged("its mediaType is \"" + std::string(root.string_at("mediaType").substr(0, 80)) + "\"");
  if (root.string_at("artifactType") != artifact_type) return damaged("its artifactType is \"" + std::string(root.string_at("artifactType").substr(0, 80)) + "\"");
  Manifest out{media_type, artifact_type, std::nullopt, {}, {}};
  bool is_index = media_type == kIndexType;
  if (!is_index) {
    const Value* config = root.find("config");
    if (config == nullptr) return damaged("it has no config");
    PAWL_ASSIGN(out.config, decode_descriptor(*config));
  }
  PAWL_TRY(decode_parts(root, is_index ? "manifests" : "layers", out.parts));
  if (const Value* annotations = root.find("annotations")) PAWL_TRY(format::from_value(*annotations, out.annotations));
  if (encode_manifest(out) != bytes) return damaged("it is not canonical, or says more than it may");
  return out;
}

std::string join_names(const std::vector<LayerName>& names) {
  std::string out;
  for (const LayerName& name : names) out += (out.empty() ? "" : ",") + name.str();
  return out;
}

template <class T, class Make>
std::vector<T> split_list(const std::string& text, Make make) {
  std::vector<T> out;
  if (text.empty()) return out;
  for (std::string_view part : split(text, ',')) out.push_back(make(std::string(part)));
  return out;
}

Result<std::string> required(const std::map<std::string, std::string>& annotations, std::string_view name) {
  auto found = annotations.find(annotation(name));
  if (found == annotations.end()) return damaged("it lacks the annotation " + annotation(name));
  return found->second;
}

std::string optional_annotation(const std::map<std::string, std::string>& annotations, std::string_view name) {
  auto found = annotations.find(annotation(name));
  return found == annotations.end() ? "" : found->second;
}

}  // namespace

Descriptor describe(std::string_view media_type, std::string_view bytes) {
  return {std::string(media_type), crypto::sha256(bytes), bytes.size(), {}, {}};
}

const ReleaseBundle* Release::find(const EnvironmentName& environment) const {
  auto found = std::find_if(bundles.begin(), bundles.end(), [&](const ReleaseBundle& b) { return b.environment == environment; });
  return found == bundles.end() ? nullptr : &*found;
}

std::string encode_snapshot(const Snapshot& snapshot) {
  Arena arena;
  Value out = Value::map();
  out.set(arena, "format", "1");
  out.set(arena, "content", encode(snapshot.content, arena));
  out.set(arena, "lock", render_lock(snapshot.lock));
  out.set(arena, "files", format::to_value(arena, snapshot.files));
  out.set(arena, "renderer", snapshot.renderer);
  return format::canonical_json(out).value();
}

Result<Snapshot> decode_snapshot(std::string bytes) {
  Arena arena;
  PAWL_ASSIGN(Value root, format::parse_json(arena, bytes));
  Snapshot snapshot;
  const Value* content = root.find("content");
  const Value* files = root.find("files");
  if (content == nullptr || files == nullptr || root.string_at("format") != "1") return damaged("a snapshot of an unknown form");
  PAWL_ASSIGN(snapshot.content, decode_content(*content));
  PAWL_ASSIGN(snapshot.lock, parse_lock(std::string(root.string_at("lock")), "the snapshot's lock"));
  PAWL_TRY(format::from_value(*files, snapshot.files));
  snapshot.renderer = root.string_at("renderer");
  if (encode_snapshot(snapshot) != bytes) return damaged("the snapshot is not canonical");
  return snapshot;
}

std::string encode_snapshot_manifest(const Descriptor& config, const Descriptor& files) {
  return encode_manifest({kManifestType, kSnapshotArtifact, config, {files}, {}});
}

Result<SnapshotManifest> decode_snapshot_manifest(std::string bytes) {
  PAWL_ASSIGN(Manifest manifest, decode_manifest(bytes, kManifestType, kSnapshotArtifact));
  if (manifest.parts.size() != 1 || manifest.parts[0].media_type != kFilesType) return damaged("a snapshot has one archive of files");
  return SnapshotManifest{*manifest.config, manifest.parts[0]};
}

std::string encode_bundle(const Bundle& bundle) {
  Manifest manifest{kManifestType, kBundleArtifact, bundle.inventory, {}, {}};
  for (const BundleLayer& layer : bundle.layers) {
    Descriptor part = layer.blob;
    part.annotations = {{annotation("layer"), layer.name.str()},
                        {annotation("tier"), std::string(name_of(layer.tier))},
                        {annotation("objects"), std::to_string(layer.objects)}};
    if (!layer.depends_on.empty()) part.annotations[annotation("dependsOn")] = join_names(layer.depends_on);
    manifest.parts.push_back(std::move(part));
  }
  manifest.annotations = {{annotation("project"), bundle.project.str()}, {annotation("environment"), bundle.environment.str()}};
  std::string parents;
  for (const crypto::Digest& parent : bundle.parents) parents += (parents.empty() ? "" : ",") + parent.str();
  if (!parents.empty()) manifest.annotations[annotation("parents")] = parents;
  return encode_manifest(manifest);
}

namespace {

Result<BundleLayer> decode_layer(const Descriptor& part) {
  BundleLayer layer{.blob = part};
  PAWL_ASSIGN(std::string name, required(part.annotations, "layer"));
  PAWL_ASSIGN(std::string tier, required(part.annotations, "tier"));
  PAWL_ASSIGN(std::string objects, required(part.annotations, "objects"));
  layer.name = LayerName(name);
  PAWL_TRY(format::from_value(Value::string_ref(tier), layer.tier));
  layer.depends_on = split_list<LayerName>(optional_annotation(part.annotations, "dependsOn"), [](std::string n) { return LayerName(std::move(n)); });
  auto [end, error] = std::from_chars(objects.data(), objects.data() + objects.size(), layer.objects);
  if (error != std::errc() || !is_dns_label(name)) return damaged("a layer's annotations are malformed");
  layer.blob.annotations.clear();
  return layer;
}

}  // namespace

Result<Bundle> decode_bundle(std::string bytes) {
  PAWL_ASSIGN(Manifest manifest, decode_manifest(bytes, kManifestType, kBundleArtifact));
  Bundle bundle{.inventory = *manifest.config};
  PAWL_ASSIGN(std::string project, required(manifest.annotations, "project"));
  PAWL_ASSIGN(std::string environment, required(manifest.annotations, "environment"));
  bundle.project = ProjectName(project);
  bundle.environment = EnvironmentName(environment);
  for (const Descriptor& part : manifest.parts) {
    PAWL_ASSIGN(BundleLayer layer, decode_layer(part));
    bundle.layers.push_back(std::move(layer));
  }
  std::string parents = optional_annotation(manifest.annotations, "parents");
  if (!parents.empty()) {
    for (std::string_view parent : split(parents, ',')) {
      PAWL_ASSIGN(crypto::Digest digest, crypto::Digest::parse(parent));
      bundle.parents.push_back(digest);
    }
  }
  if (encode_bundle(bundle) != bytes) return damaged("the bundle says more than it may");
  return bundle;
}

std::string encode_release(const Release& release) {
  Manifest manifest{kIndexType, kReleaseArtifact, std::nullopt, {}, {}};
  Descriptor snapshot = release.snapshot;
  snapshot.artifact_type = kSnapshotArtifact;
  manifest.parts.push_back(std::move(snapshot));
  for (const ReleaseBundle& bundle : release.bundles) {
    Descriptor part = bundle.bundle;
    part.artifact_type = kBundleArtifact;
    part.annotations = {{annotation("environment"), bundle.environment.str()}};
    manifest.parts.push_back(std::move(part));
  }
  manifest.annotations = {{annotation("project"), release.project.str()}};
  return encode_manifest(manifest);
}

Result<Release> decode_release(std::string bytes) {
  PAWL_ASSIGN(Manifest manifest, decode_manifest(bytes, kIndexType, kReleaseArtifact));
  if (manifest.parts.empty() || manifest.parts[0].artifact_type != kSnapshotArtifact) return damaged("a release names its snapshot first");
  Release release{.snapshot = manifest.parts[0]};
  PAWL_ASSIGN(std::string project, required(manifest.annotations, "project"));
  release.project = ProjectName(project);
  release.snapshot.artifact_type.clear();
  for (std::size_t i = 1; i < manifest.parts.size(); ++i) {
    Descriptor part = manifest.parts[i];
    PAWL_ASSIGN(std::string environment, required(part.annotations, "environment"));
    part.annotations.clear();
    part.artifact_type.clear();
    release.bundles.push_back({EnvironmentName(environment), std::move(part)});
  }
  if (encode_release(release) != bytes) return damaged("the release says more than it may");
  return release;
}

std::string encode_inventory(const Inventory& inventory) { return format::to_canonical(inventory); }

Result<Inventory> decode_inventory(std::string bytes) { return format::from_json<Inventory>(std::move(bytes)); }

}  // namespace pawl::model
