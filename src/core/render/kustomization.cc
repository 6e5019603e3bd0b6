#include "core/render/kustomization.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "format/yaml.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

constexpr std::array<std::string_view, 3> kNames = {"kustomization.yaml", "kustomization.yml", "Kustomization"};

constexpr auto kRendered = std::to_array<std::string_view>({"apiVersion",
                                                            "kind",
                                                            "metadata",
                                                            "resources",
                                                            "bases",
                                                            "components",
                                                            "namespace",
                                                            "namePrefix",
                                                            "nameSuffix",
                                                            "commonLabels",
                                                            "labels",
                                                            "commonAnnotations",
                                                            "images",
                                                            "imageTags",
                                                            "replicas",
                                                            "patches",
                                                            "patchesStrategicMerge",
                                                            "patchesJson6902",
                                                            "configMapGenerator",
                                                            "secretGenerator",
                                                            "generatorOptions",
                                                            "transformers",
                                                            "sortOptions"});
constexpr auto kNotYet = std::to_array<std::string_view>(
    {"vars", "replacements", "generators", "validators", "configurations", "crds", "openapi", "buildMetadata"});
constexpr auto kNever =
    std::to_array<std::string_view>({"helmCharts", "helmChartInflationGenerator", "helmGlobals", "inventory"});

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& list, std::string_view key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

bool says_nothing(const Value& value) { return value.is_null() || (!value.is_scalar() && value.empty()); }

void check_fields(const Kustomization& kustomization, std::vector<Diagnostic>& wrong) {
  for (const Member& member : kustomization.root.members()) {
    Diagnostic d{.file = kustomization.file,
                 .at = member.key_at,
                 .length = static_cast<std::uint32_t>(member.key.size()),
                 .code = "kustomization"};
    if (is_in(kRendered, member.key) || says_nothing(member.value)) continue;
    if (is_in(kNotYet, member.key)) {
      d.summary = fmt::format("the field \"{}\" is not rendered by this version of pawl", member.key);
      d.help = "docs/kustomize.md lists what is";
    } else if (is_in(kNever, member.key)) {
      d.summary = fmt::format("\"{}\" would fetch and run something while rendering", member.key);
      d.help = "lock the chart as a source and render it as a layer of its own: pawl explain sources";
    } else {
      std::string near = nearest(member.key, kRendered);
      d.summary = fmt::format("unknown field \"{}\" in a kustomization", member.key.substr(0, 64));
      d.suggestion = near.empty() ? "" : fmt::format("did you mean \"{}\"?", near);
    }
    wrong.push_back(std::move(d));
  }
}

// Older spellings, brought to the present ones.
void modernise(format::Arena& arena, Value& root) {
  if (const Value* prefix = root.find("nameprefix")) {
    root.set(arena, "namePrefix", *prefix);
    root.erase("nameprefix");
  }
  if (const Value* bases = root.find("bases"); bases != nullptr && bases->is_list()) {
    Value* resources = root.find("resources");
    if (resources == nullptr || !resources->is_list()) resources = &root.set(arena, "resources", Value::list());
    for (const Value& base : bases->items()) resources->push_back(arena, base);
    root.erase("bases");
  }
}

}  // namespace

Error error_at(const Kustomization& kustomization, const Value& value, std::string summary, std::string help) {
  Diagnostic d{.file = kustomization.file,
               .at = value.at(),
               .code = "kustomization",
               .summary = std::move(summary),
               .help = std::move(help)};
  if (value.is_string()) d.length = static_cast<std::uint32_t>(std::max<std::size_t>(1, value.as_string().size()));
  return invalid_files({std::move(d)});
}

bool is_remote(std::string_view entry) {
  if (entry.find("://") != std::string_view::npos || entry.starts_with("git@") || entry.starts_with("git::"))
    return true;
  if (entry.find("?ref=") != std::string_view::npos || entry.find("?version=") != std::string_view::npos) return true;
  for (std::string_view host : {"github.com/", "gitlab.com/", "bitbucket.org/", "github.com:"}) {
    if (entry.starts_with(host)) return true;
  }
  return false;
}

Result<Kustomization> check_kustomization(format::Arena& arena, const Value& root, const std::string& file,
                                          const std::string& folder) {
  Kustomization out{root, file, folder, false};
  if (!root.is_map()) return error_at(out, root, "a kustomization is a map");
  modernise(arena, out.root);
  std::string_view kind = out.root.string_at("kind");
  out.component = kind == "Component";
  if (!kind.empty() && kind != "Kustomization" && !out.component)
    return error_at(out, *out.root.find("kind"), "kind must be Kustomization or Component");
  std::vector<Diagnostic> wrong;
  check_fields(out, wrong);
  if (!wrong.empty()) return invalid_files(std::move(wrong));
  return out;
}

Result<Kustomization> load_kustomization(format::Arena& arena, Files& files, const std::string& folder) {
  std::string found;
  std::string text;
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
  PAWL_ASSIGN(std::vector<Value> documents, format::parse_yaml(arena, std::move(text), {.file = found}));
  if (documents.size() != 1)
    return Error(ErrorCode::kInvalid, found + (documents.empty() ? " is empty" : " holds more than one document"));
  PAWL_ASSIGN(Kustomization out, check_kustomization(arena, documents[0], found, folder));
  return out;
}

}  // namespace pawl::render
