#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/model/content.h"
#include "core/model/lock.h"
#include "core/model/names.h"
#include "core/model/object.h"
#include "crypto/digest.h"

namespace pawl::model {

// The digest graph. Snapshot, bundle and release are OCI manifests; "digest" always means the manifest's. Nothing here
// knows a version label, a time, a commit, a policy or a signature.

inline constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kSnapshotArtifact = "application/vnd.pawl.snapshot.v1+json";
inline constexpr std::string_view kBundleArtifact = "application/vnd.pawl.bundle.v1+json";
inline constexpr std::string_view kReleaseArtifact = "application/vnd.pawl.release.v1+json";
inline constexpr std::string_view kInventoryType = "application/vnd.pawl.inventory.v1+json";
inline constexpr std::string_view kLayerType = "application/vnd.pawl.layer.v1+yaml";
inline constexpr std::string_view kFilesType = "application/vnd.pawl.files.v1+tar";

// The renderer's version: part of every snapshot. Changes whenever any output byte may change.
inline constexpr std::string_view kRendererVersion = "1";

struct Descriptor {
  std::string media_type;
  crypto::Digest digest;
  std::uint64_t size = 0;
  std::string artifact_type;
  std::map<std::string, std::string> annotations;
  bool operator==(const Descriptor&) const = default;
};

struct SnapshotFile {
  std::string path;  // relative to the project's root
  crypto::Digest digest;
  std::uint64_t size = 0;
  bool executable = false;
  auto operator<=>(const SnapshotFile&) const = default;
};

// Everything that rendering and checks may read. The files' bytes are in one tar blob.
struct Snapshot {
  Content content;
  Lock lock;
  std::vector<SnapshotFile> files;  // sorted by path
  std::string renderer;             // kRendererVersion of the program that cut it
};

// What one layer of a bundle is.
struct BundleLayer {
  LayerName name;
  Tier tier = Tier::kApplication;
  std::vector<LayerName> depends_on;
  Descriptor blob;  // kLayerType
  std::uint64_t objects = 0;
  bool operator==(const BundleLayer&) const = default;
};

struct Bundle {
  ProjectName project;
  EnvironmentName environment;
  std::vector<BundleLayer> layers;  // in apply order
  Descriptor inventory;
  std::vector<crypto::Digest> parents;  // of an assembled bundle: the bundles whose layers it took; else empty
  bool operator==(const Bundle&) const = default;
};

struct ReleaseBundle {
  EnvironmentName environment;
  Descriptor bundle;
  bool operator==(const ReleaseBundle&) const = default;
};

struct Release {
  ProjectName project;
  Descriptor snapshot;
  std::vector<ReleaseBundle> bundles;  // sorted by environment name
  bool operator==(const Release&) const = default;

  const ReleaseBundle* find(const EnvironmentName& environment) const;
};

// What a bundle holds, so that questions are answered without reading its objects.
struct InventoryObject {
  ObjectId id;
  LayerName layer;
  crypto::Digest digest;  // of the object's canonical YAML
  bool operator==(const InventoryObject&) const = default;
};
struct InventoryImage {
  std::string reference;  // as pinned
  std::vector<std::string> used_by;  // ObjectId::str(), sorted
  bool operator==(const InventoryImage&) const = default;
};
struct InventoryKey {  // a ConfigMap key, or an environment variable of a container
  std::string object;
  std::string container;  // "" for ConfigMap keys
  std::string name;
  std::string source;     // "value", "configMap app/key", "secret db/password", "field metadata.name"; never a value
  bool operator==(const InventoryKey&) const = default;
};
struct InventorySecret {
  std::string object;
  std::string reference;  // "secret db/password", "SealedSecret", "SOPS"
  std::string plain_reason;  // of pawl.dev/allow-plain-secret; "" otherwise
  bool operator==(const InventorySecret&) const = default;
};
struct Inventory {
  std::vector<InventoryObject> objects;  // in apply order
  std::vector<InventoryImage> images;    // sorted
  std::vector<InventoryKey> config;
  std::vector<InventoryKey> environment;
  std::vector<InventorySecret> secrets;
  bool operator==(const Inventory&) const = default;
};

// Bytes of each: canonical JSON. encode(decode(x)) == x is required of decode: what is not canonical is kIntegrity.
// A snapshot's config is encode_snapshot(); its manifest names config and the files' tar.
std::string encode_snapshot(const Snapshot& snapshot);
Result<Snapshot> decode_snapshot(std::string bytes);
std::string encode_snapshot_manifest(const Descriptor& config, const Descriptor& files);
struct SnapshotManifest {
  Descriptor config;
  Descriptor files;
};
Result<SnapshotManifest> decode_snapshot_manifest(std::string bytes);
std::string encode_bundle(const Bundle& bundle);
Result<Bundle> decode_bundle(std::string bytes);
std::string encode_release(const Release& release);
Result<Release> decode_release(std::string bytes);
std::string encode_inventory(const Inventory& inventory);
Result<Inventory> decode_inventory(std::string bytes);

// The media type, digest and size of `bytes`.
Descriptor describe(std::string_view media_type, std::string_view bytes);

}  // namespace pawl::model
