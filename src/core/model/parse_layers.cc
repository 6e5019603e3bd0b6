#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/text.h"
#include "core/model/parse.h"
#include "format/regex.h"

namespace pawl::model {

using format::Member;
using format::Value;

namespace {

std::string_view trim_slashes(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

// One way to write each path: no "./", no "/" at the end.
std::string plain_path(std::string_view path) {
  std::string out = path.starts_with('/') ? "/" : "";
  bool first = true;
  for (std::string_view part : split(trim_slashes(path), '/')) {
    if (part == ".") continue;
    if (!first) out += '/';
    out += part;
    first = false;
  }
  return out.empty() && !path.empty() ? "." : out;
}

std::string_view problem_with_path(std::string_view path, bool may_be_absolute) {
  bool control =
      std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (path.empty()) return "is empty";
  if (control) return "holds control characters";
  if (path.size() > limits::kPathBytes) return "is too long";
  if (path.front() == '-') return "begins with -";
  if (path.front() == '/' && !may_be_absolute) return "is absolute";
  for (std::string_view part : split(trim_slashes(path), '/')) {
    if (part == "..") return "leaves the project's folder";
    if (part.empty()) return "has an empty part";
  }
  return {};
}

}  // namespace

std::string checked_path(FieldReader& reader, const Value& value, const std::string& path, const std::string& where,
                         bool may_be_absolute) {
  std::string_view problem = problem_with_path(path, may_be_absolute);
  if (problem.empty()) return plain_path(path);
  reader.error(value, "path", fmt::format("{}: \"{}\" {}", where, path.substr(0, 120), problem),
               "paths are relative to pawl.yaml and stay beside it");
  return {};
}

namespace {

Tier tier_of(const std::string& word) {
  if (word == "infrastructure") return Tier::kInfrastructure;
  if (word == "platform") return Tier::kPlatform;
  return Tier::kApplication;
}

Split parse_split(FieldReader& reader, const Node& node) {
  Split split;
  split.at = node.value->at();
  if (!reader.open(node)) return split;
  split.name = LayerName(reader.text(node, "name"));
  split.tier = tier_of(reader.text(node, "tier", "application"));
  Node select = reader.child(node, "select");
  if (select.value != nullptr && reader.open(select)) {
    split.select = {reader.texts(select, "kind"), reader.texts(select, "name"), reader.texts(select, "namespace")};
  }
  return split;
}

constexpr std::string_view kVersion = R"(v?[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,3})?([-+][0-9A-Za-z.+-]{1,60})?)";
constexpr std::string_view kApiVersions = R"([a-z0-9.-]{1,120}(/[A-Za-z0-9]{1,60}){0,2})";

bool matches(std::string_view pattern, std::string_view text) {
  Result<bool> matched = format::regex_match(pattern, text);
  return matched.ok() && *matched;
}

constexpr std::array<std::string_view, 3> kInputs = {"manifests", "kustomize", "helm"};
constexpr std::array<std::string_view, 7> kOwnFields = {"name",      "tier", "dependsOn", "manifests",
                                                        "kustomize", "helm", "split"};

bool is_own(std::string_view key) {
  for (std::string_view own : kOwnFields) {
    if (own == key) return true;
  }
  return false;
}

// The kustomization fields that stand in the layer itself.
Value inline_fields(const Value& layer, format::Arena& arena) {
  Value fields = Value::map();
  for (const Member& member : layer.members()) {
    bool known = !is_own(member.key) && find_definition("layers." + std::string(member.key)) != nullptr;
    if (known) fields.append_member(arena, arena.copy(member.key), member.value.clone(arena), member.key_at);
  }
  return fields.empty() ? Value::null() : fields;
}

// Paths and types are judged here; the names with variables in them when they are replaced.
HelmInput parse_helm(FieldReader& reader, const Node& node, format::Arena& arena) {
  HelmInput helm;
  helm.at = node.value->at();
  if (!reader.open(node)) return helm;
  helm.fields = node.value->clone(arena);
  helm.chart = reader.text(node, "chart");
  if (const Value* chart = node.value->find("chart"); chart != nullptr && chart->is_string())
    helm.chart = checked_path(reader, *chart, helm.chart, node.where + ".chart");
  const Value* files = node.value->find("valuesFiles");
  for (const std::string& file : reader.texts(node, "valuesFiles"))
    checked_path(reader, find_text(*files, file), file, node.where + ".valuesFiles");
  reader.text(node, "releaseName");
  reader.text(node, "namespace");
  reader.flag(node, "crds", true);
  reader.flag(node, "hooks", true);
  for (const auto& [function, reason] : reader.strings(node, "allow")) {
    if (!trim(reason).empty()) continue;
    reader.error(*node.value->find("allow")->find(function), "reason",
                 fmt::format("{}.allow.{} gives no reason", node.where, function), "say why it is harmless here");
  }
  return helm;
}

LayerInput parse_input(FieldReader& reader, const Node& node, format::Arena& arena) {
  std::vector<std::string_view> given;
  for (std::string_view input : kInputs) {
    if (node.value->find(input) != nullptr) given.push_back(input);
  }
  if (given.size() != 1) {
    reader.error(*node.value, "input",
                 fmt::format("{} must have exactly one input: manifests, kustomize or helm", node.where),
                 "pawl explain layers");
    return ManifestsInput{};
  }
  Node at = reader.child(node, given[0]);
  if (given[0] == "helm") return parse_helm(reader, at, arena);
  std::string path = reader.text(node, given[0]);
  if (at.value->is_string()) path = checked_path(reader, *at.value, path, at.where);
  if (given[0] == "kustomize") return KustomizeInput{path};
  return ManifestsInput{path};
}

Layer parse_layer(FieldReader& reader, const Node& node, format::Arena& arena) {
  Layer layer;
  layer.at = node.value->at();
  if (!reader.open(node)) return layer;
  layer.name = LayerName(reader.text(node, "name"));
  layer.tier = tier_of(reader.text(node, "tier", "application"));
  for (std::string& name : reader.texts(node, "dependsOn")) layer.depends_on.emplace_back(std::move(name));
  layer.input = parse_input(reader, node, arena);
  layer.fields = inline_fields(*node.value, arena);
  for (const Node& part : reader.maps(node, "split")) layer.split.push_back(parse_split(reader, part));
  bool named = !layer.name.empty();
  if (named && !layer.split.empty()) {
    reader.error(*node.value->find("name"), "name", fmt::format("{} has a name and a split", node.where),
                 "the parts of a split have the names; remove one of the two");
  } else if (!named && layer.split.empty() && node.value->find("name") == nullptr) {
    reader.error(*node.value, "missing-field:name", fmt::format("{} has neither a name nor a split", node.where),
                 "write name: web");
  }
  return layer;
}

}  // namespace

std::string_view name_of(Tier tier) {
  switch (tier) {
    case Tier::kInfrastructure:
      return "infrastructure";
    case Tier::kPlatform:
      return "platform";
    case Tier::kApplication:
      return "application";
  }
  return "";
}

void parse_kubernetes(FieldReader& reader, const Node& spec, Content& content) {
  Node node = reader.child(spec, "kubernetes");
  if (node.value == nullptr || !reader.open(node)) return;
  KubernetesContent& kubernetes = content.kubernetes;
  kubernetes = {reader.text(node, "version"), reader.texts(node, "apiVersions")};
  if (!kubernetes.version.empty() && !matches(kVersion, kubernetes.version))
    reader.error(*node.value->find("version"), "version", fmt::format("{}.version is no version", node.where),
                 "write v1.34.0");
  for (const std::string& version : kubernetes.api_versions) {
    if (matches(kApiVersions, version)) continue;
    reader.error(find_text(*node.value->find("apiVersions"), version), "version",
                 fmt::format("{}.apiVersions holds what is no API version", node.where),
                 "write monitoring.coreos.com/v1, or monitoring.coreos.com/v1/ServiceMonitor");
  }
}

void parse_layers(FieldReader& reader, const Node& spec, Content& content) {
  for (const Node& node : reader.maps(spec, "layers")) {
    content.layers.push_back(parse_layer(reader, node, *content.arena));
  }
  const Value* list = spec.value->find("layers");
  if (list != nullptr && list->is_list() && list->empty()) {
    reader.error(*list, "layers", "a project has at least one layer", "pawl explain layers");
  }
}

}  // namespace pawl::model
