#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "core/model/names.h"
#include "format/value.h"

namespace pawl::model {

// The part of a project that decides bytes. Values point into the project's arena.

// Bounds on one project; whoever follows dependsOn or promotesFrom may recurse this deep.
inline constexpr std::size_t kMostLayers = 1'000;
inline constexpr std::size_t kMostEnvironments = 1'000;

// Where the files of sources stand among those that rendering reads: ".sources/NAME/...", $(sources.NAME) in a layer.
inline constexpr std::string_view kSourcesFolder = ".sources";

enum class Tier : std::uint8_t { kInfrastructure, kPlatform, kApplication };
std::string_view name_of(Tier tier);

// A folder (searched for *.yaml, *.yml, *.json, sorted by path) or one file of plain manifests.
struct ManifestsInput {
  std::string path;
  auto operator<=>(const ManifestsInput&) const = default;
};
// A folder with a kustomization.
struct KustomizeInput {
  std::string path;
  auto operator<=>(const KustomizeInput&) const = default;
};
// A Helm chart: a folder or a .tgz. `fields` is the helm: map as it was written,
// variables in it; core/render reads it for one environment.
struct HelmInput {
  std::string chart;
  format::Value fields;
  Position at;
};
using LayerInput = std::variant<ManifestsInput, KustomizeInput, HelmInput>;

// Which objects a split takes: patterns (globs) that must match, each list any of; an empty list matches everything.
struct Select {
  std::vector<std::string> kinds;
  std::vector<std::string> names;
  std::vector<std::string> namespaces;
  auto operator<=>(const Select&) const = default;
};

struct Split {
  LayerName name;
  Tier tier = Tier::kApplication;
  Select select;
  Position at;
};

// One rendering: a kustomization with a name, or with `split`, whose parts are layers applied in their order.
struct Layer {
  LayerName name;  // empty with splits
  Tier tier = Tier::kApplication;
  std::vector<LayerName> depends_on;
  LayerInput input;
  format::Value fields;  // inline kustomization fields (patches, images, labels ...): a map; null where there are none
  std::vector<Split> split;
  Position at;
};

// Where versions are chosen by Pawl. Exactly one of the requests is set.
struct ImageSource {
  std::string image;  // without tag
  auto operator<=>(const ImageSource&) const = default;
};
struct OciSource {
  std::string oci;  // repository of an artifact
  auto operator<=>(const OciSource&) const = default;
};
struct GitSource {
  std::string url;
  std::string branch;  // or tag, or commit; else `version` selects among tags
  std::string tag;
  std::string commit;
  std::string path;  // the folder of interest; "" for all
  auto operator<=>(const GitSource&) const = default;
};
struct HelmSource {
  std::string chart;
  std::string repository;
  auto operator<=>(const HelmSource&) const = default;
};
struct FilesSource {
  std::string path;
  auto operator<=>(const FilesSource&) const = default;
};

struct Source {
  std::string name;
  std::variant<ImageSource, OciSource, GitSource, HelmSource, FilesSource> from;
  std::string version;  // exact tag, semver range or pattern (with *): which one is decided by its form
  Position at;
};

// Whether a source has files that rendering may read; images have none.
bool has_files(const Source& source);

// What charts are told of the cluster, where the project says it.
struct KubernetesContent {
  std::string version;                    // "" : kDefaultKubernetes
  std::vector<std::string> api_versions;  // beside those that the helm program knows
  bool operator==(const KubernetesContent&) const = default;
};
inline constexpr std::string_view kDefaultKubernetes = "v1.34.0";

struct EnvironmentContent {
  EnvironmentName name;
  format::Value parameters;  // a map, this environment's own; null where there are none
};

struct Content {
  std::shared_ptr<format::Arena> arena;  // where every Value lives
  ProjectName project;
  std::vector<Source> sources;
  std::vector<Layer> layers;
  KubernetesContent kubernetes;
  format::Value parameter_schema;                // from names to schemas (parameter_schema.h): a map or null
  format::Value parameters;                      // the project's defaults: a map or null
  std::vector<EnvironmentContent> environments;  // in the order of the file
};

// Whether any layer is a Helm chart.
bool has_charts(const Content& content);

// Canonical form of the content (what a snapshot holds): independent of layout, comments and configuration.
format::Value encode(const Content& content, format::Arena& arena);
Result<Content> decode_content(const format::Value& value);

}  // namespace pawl::model
