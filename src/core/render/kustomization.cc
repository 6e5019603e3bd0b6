#include "core/render/kustomization.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

constexpr std::array<std::string_view, 3> kNames = {"kustomization.yaml", "kustomization.yml", "Kustomization"};
constexpr std::string_view kKind = "Kustomization";
constexpr std::string_view kComponentKind = "Component";

constexpr std::array<std::string_view, 3> kFetching = {"helmCharts", "helmChartInflationGenerator", "helmGlobals"};

}  // namespace

template <class R>
void fields(R& r, Kustomization& x) {
  r("apiVersion", x.api_version);
  r("kind", x.kind);
  r("metadata", x.metadata);
  r("openapi", x.openapi);
  r("namePrefix", x.name_prefix);
  r("nameSuffix", x.name_suffix);
  r("namespace", x.space);
  r("commonLabels", x.common_labels);
  r("labels", x.labels);
  r("commonAnnotations", x.common_annotations);
  r("patchesStrategicMerge", x.strategic_patches);
  r("patchesJson6902", x.json_patches);
  r("patches", x.patches);
  r("images", x.images);
  r("imageTags", x.image_tags);
  r("replacements", x.replacements);
  r("replicas", x.replicas);
  r("vars", x.variables);
  r("sortOptions", x.sort);
  r("resources", x.resources);
  r("components", x.components);
  r("crds", x.crds);
  r("bases", x.bases);
  r("configMapGenerator", x.config_maps);
  r("secretGenerator", x.secrets);
  r("generatorOptions", x.generator_options);
  r("configurations", x.configurations);
  r("generators", x.generators);
  r("transformers", x.transformers);
  r("validators", x.validators);
  r("buildMetadata", x.build_metadata);
}

namespace {

// Charts would be fetched and run; said before the other fields are looked at.
Status refuse_charts(const Value& root, const std::string& file) {
  std::vector<Diagnostic> wrong;
  for (const Member& member : root.members()) {
    bool fetches = std::find(kFetching.begin(), kFetching.end(), member.key) != kFetching.end();
    if (!fetches || is_blank(&member.value)) continue;
    wrong.push_back({.file = file,
                     .at = member.key_at,
                     .length = static_cast<std::uint32_t>(member.key.size()),
                     .code = "kustomization",
                     .summary = fmt::format("\"{}\" would fetch and run something while rendering", member.key),
                     .help = "lock the chart as a source and render it as a layer of its own: pawl explain sources"});
  }
  if (!wrong.empty()) return invalid_files(std::move(wrong));
  return {};
}

Value without_charts(format::Arena& arena, const Value& root) {
  Value out = Value::map();
  for (const Member& member : root.members()) {
    if (std::find(kFetching.begin(), kFetching.end(), member.key) == kFetching.end())
      out.append_member(arena, member.key, member.value, member.key_at);
  }
  return out;
}

// The name and version of its format, as far as it says them.
Status check_format(Kustomization& k) {
  if (k.kind.empty()) k.kind = kKind;
  k.component = k.kind == kComponentKind;
  if (k.kind != kKind && !k.component) return error_at(k, {1, 1}, "kind must be Kustomization or Component");
  std::string_view version = k.component ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1";
  if (!k.api_version.empty() && k.api_version != version)
    return error_at(k, {1, 1}, fmt::format("apiVersion of a {} must be {}", k.kind, version));
  return {};
}

template <class Args>
void modernise(std::vector<Placed<Args>>& generators) {
  for (Placed<Args>& generator : generators) {
    if (generator.value.env.empty()) continue;
    generator.value.envs.push_back(generator.value.env);
    generator.value.env = {};
  }
}

// Older spellings, brought to the present ones.
void modernise(Kustomization& k) {
  k.resources.insert(k.resources.end(), k.bases.begin(), k.bases.end());
  k.bases.clear();
  k.images.insert(k.images.end(), k.image_tags.begin(), k.image_tags.end());
  k.image_tags.clear();
  modernise(k.config_maps);
  modernise(k.secrets);
}

// Whether it says nothing at all: kustomize refuses those.
bool is_empty(const Value& root) {
  return std::all_of(root.members().begin(), root.members().end(), [](const Member& member) {
    return member.key == "apiVersion" || member.key == "kind" || is_null(member.value);
  });
}

}  // namespace

bool Kustomization::builds(std::string_view option) const {
  return std::find(build_metadata.begin(), build_metadata.end(), option) != build_metadata.end();
}

Error error_at(const Kustomization& kustomization, Position at, std::string summary, std::string help) {
  return invalid_files({Diagnostic{.file = kustomization.file,
                                   .at = at,
                                   .code = "kustomization",
                                   .summary = std::move(summary),
                                   .help = std::move(help)}});
}

Error placed(const Kustomization& kustomization, Position at, Error error) {
  if (!error.diagnostics.empty()) return error;
  Error out = error_at(kustomization, at, error.text(), error.hint);
  out.code = error.code;
  return out;
}

bool is_remote(std::string_view path) {
  constexpr std::string_view kHost = "github.com/";  // what needs neither of those signs
  bool signs = path.find(':') != std::string_view::npos || path.find('@') != std::string_view::npos;
  bool hosted = path.starts_with('g') || path.starts_with('G');  // before anything is copied: most paths end here
  if (!signs && !(hosted && to_lower(path.substr(0, kHost.size())) == kHost)) return false;
  std::string lower = to_lower(path);
  if (lower.find("://") != std::string::npos || lower.starts_with("git::")) return true;
  for (std::string_view host : {"github.com/", "github.com:"}) {
    if (lower.starts_with(host)) return true;
  }
  // user@host:path, as Git and ssh have it.
  std::size_t at = lower.find('@');
  std::size_t slash = lower.find('/');
  std::size_t colon = lower.find(':');
  bool host = at != std::string::npos && at > 0 && at < std::min(slash, colon);
  return host && (colon < slash || slash != std::string::npos) && lower.find('.') > at;
}

Result<Kustomization> read_kustomization(const Value& root, const std::string& file, const std::string& folder) {
  if (root.is_map()) PAWL_TRY(refuse_charts(root, file));
  format::Arena scratch;
  Value known = root.is_map() ? without_charts(scratch, root) : root;
  PAWL_ASSIGN(Kustomization out, render::read_fields<Kustomization>(known, {.file = file}));
  out.file = file;
  out.folder = folder;
  PAWL_TRY(check_format(out));
  if (is_empty(root)) return error_at(out, {1, 1}, "the kustomization is empty");
  modernise(out);
  return out;
}

Result<Kustomization> load_kustomization(format::Arena& arena, Files& files, const std::string& folder) {
  std::string found;
  std::string_view text;
  for (std::string_view name : kNames) {
    std::string path = folder == "." ? std::string(name) : folder + "/" + std::string(name);
    PAWL_ASSIGN(std::optional<std::string_view> bytes, files.read(path));
    if (!bytes) continue;
    if (!found.empty())
      return Error(ErrorCode::kInvalid, folder + " has two kustomization files, " + found + " and " + path, "keep one");
    found = path;
    text = *bytes;
  }
  if (found.empty())
    return Error(ErrorCode::kNotFound, "there is no kustomization in " + folder,
                 "a folder that is a resource needs a kustomization.yaml");
  PAWL_ASSIGN(std::vector<Value> documents, parse_text(arena, text, found, true));
  if (documents.empty()) return Error(ErrorCode::kInvalid, found + " is empty");
  return read_kustomization(documents[0], found, folder);
}

}  // namespace pawl::render
