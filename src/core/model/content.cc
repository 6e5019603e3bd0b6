#include "core/model/content.h"

#include <algorithm>

#include "core/model/content_codec.h"

namespace pawl::model {

using format::Arena;
using format::Value;

namespace {

constexpr std::string_view kFormat = "1";

// Names become parts of paths and keys wherever content comes from.
Status check_name(const std::string& name, std::string_view what) {
  if (is_dns_label(name)) return {};
  return Error(ErrorCode::kInvalid, "content with " + std::string(what) + " named \"" + name.substr(0, 80) + "\"");
}

Status check_fields(const Value& map, std::initializer_list<std::string_view> known) {
  if (!map.is_map())
    return Error(ErrorCode::kInvalid, "content with " + std::string(name_of(map.kind())) + " for a map");
  for (const format::Member& member : map.members()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    return Error(ErrorCode::kInvalid, "content with an unknown field \"" + std::string(member.key.substr(0, 80)) + "\"",
                 "a newer pawl wrote it; use that version");
  }
  return {};
}

Value encode_from(Arena& arena, const Source& source) {
  Value out = Value::map();
  auto put = [&](std::string_view key, const std::string& text) {
    if (!text.empty()) out.set(arena, key, text);
  };
  std::visit(
      overloaded{[&](const ImageSource& x) { put("image", x.image); }, [&](const OciSource& x) { put("oci", x.oci); },
                 [&](const GitSource& x) {
                   put("git", x.url);
                   put("branch", x.branch);
                   put("tag", x.tag);
                   put("commit", x.commit);
                   put("path", x.path);
                 },
                 [&](const HelmSource& x) {
                   put("helm", x.chart);
                   put("repository", x.repository);
                 },
                 [&](const FilesSource& x) { put("files", x.path); }},
      source.from);
  put("version", source.version);
  put("name", source.name);
  return out;
}

Result<Source> decode_source(const Value& value) {
  PAWL_TRY(check_fields(value, {"name", "image", "oci", "git", "branch", "tag", "commit", "path", "helm", "repository",
                                "files", "version"}));
  auto text = [&](std::string_view key) { return std::string(value.string_at(key)); };
  Source source{.name = text("name"), .version = text("version")};
  if (value.find("image") != nullptr)
    source.from = ImageSource{text("image")};
  else if (value.find("oci") != nullptr)
    source.from = OciSource{text("oci")};
  else if (value.find("git") != nullptr)
    source.from = GitSource{text("git"), text("branch"), text("tag"), text("commit"), text("path")};
  else if (value.find("helm") != nullptr)
    source.from = HelmSource{text("helm"), text("repository")};
  else if (value.find("files") != nullptr)
    source.from = FilesSource{text("files")};
  else
    return Error(ErrorCode::kInvalid, "a source of no known kind");
  return source;
}

Value encode_input(Arena& arena, const LayerInput& input) {
  Value out = Value::map();
  std::visit(overloaded{[&](const ManifestsInput& x) { out.set(arena, "manifests", x.path); },
                        [&](const KustomizeInput& x) { out.set(arena, "kustomize", x.path); },
                        [&](const HelmInput& x) { out.set(arena, "helm", x.fields); }},
             input);
  return out;
}

Result<LayerInput> decode_input(const Value& value) {
  if (const Value* path = value.find("manifests"))
    return LayerInput(ManifestsInput{std::string(path->string_or_empty())});
  if (const Value* path = value.find("kustomize"))
    return LayerInput(KustomizeInput{std::string(path->string_or_empty())});
  if (const Value* fields = value.find("helm"))
    return LayerInput(HelmInput{std::string(fields->string_at("chart")), *fields, {}});
  return Error(ErrorCode::kInvalid, "a layer of no known input");
}

Value encode_layer(Arena& arena, const Layer& layer) {
  Value out = Value::map();
  if (!layer.name.empty()) out.set(arena, "name", layer.name.str());
  out.set(arena, "tier", name_of(layer.tier));
  if (!layer.depends_on.empty()) out.set(arena, "dependsOn", format::to_value(arena, layer.depends_on));
  out.set(arena, "input", encode_input(arena, layer.input));
  if (!layer.fields.is_null()) out.set(arena, "fields", layer.fields);
  if (!layer.split.empty()) out.set(arena, "split", format::to_value(arena, layer.split));
  return out;
}

Result<Layer> decode_layer(const Value& value) {
  PAWL_TRY(check_fields(value, {"name", "tier", "dependsOn", "input", "fields", "split"}));
  Layer layer{.name = LayerName(std::string(value.string_at("name")))};
  const Value* tier = value.find("tier");
  const Value* input = value.find("input");
  if (tier == nullptr || input == nullptr) return Error(ErrorCode::kInvalid, "a layer without tier or input");
  PAWL_TRY(format::from_value(*tier, layer.tier));
  PAWL_ASSIGN(layer.input, decode_input(*input));
  if (const Value* needed = value.find("dependsOn")) PAWL_TRY(format::from_value(*needed, layer.depends_on));
  if (const Value* fields = value.find("fields")) layer.fields = *fields;
  if (const Value* split = value.find("split")) PAWL_TRY(format::from_value(*split, layer.split));
  if (layer.split.empty()) PAWL_TRY(check_name(layer.name.str(), "a layer"));
  for (const Split& part : layer.split) PAWL_TRY(check_name(part.name.str(), "a layer"));
  return layer;
}

template <class T, class Encode>
Value list_of(Arena& arena, const std::vector<T>& items, Encode encode) {
  Value out = Value::list();
  for (const T& item : items) out.push_back(arena, encode(arena, item));
  return out;
}

template <class T, class Decode>
Status decode_list(const Value& map, std::string_view key, std::vector<T>& out, Decode decode) {
  const Value* list = map.find(key);
  if (list == nullptr || !list->is_list()) return Error(ErrorCode::kInvalid, "content without " + std::string(key));
  for (const Value& item : list->items()) {
    PAWL_ASSIGN(T decoded, decode(item));
    out.push_back(std::move(decoded));
  }
  return {};
}

Value encode_environment(Arena& arena, const EnvironmentContent& environment) {
  Value out = Value::map();
  out.set(arena, "name", environment.name.str());
  if (!environment.parameters.is_null()) out.set(arena, "parameters", environment.parameters);
  return out;
}

Result<EnvironmentContent> decode_environment(const Value& value) {
  PAWL_TRY(check_fields(value, {"name", "parameters"}));
  EnvironmentContent out{EnvironmentName(std::string(value.string_at("name"))), {}};
  PAWL_TRY(check_name(out.name.str(), "an environment"));
  if (const Value* parameters = value.find("parameters")) out.parameters = *parameters;
  return out;
}

Value encode_kubernetes(Arena& arena, const KubernetesContent& kubernetes) {
  Value out = Value::map();
  if (!kubernetes.version.empty()) out.set(arena, "version", kubernetes.version);
  if (!kubernetes.api_versions.empty()) out.set(arena, "apiVersions", format::to_value(arena, kubernetes.api_versions));
  return out;
}

Result<KubernetesContent> decode_kubernetes(const Value& value) {
  PAWL_TRY(check_fields(value, {"version", "apiVersions"}));
  KubernetesContent out{std::string(value.string_at("version")), {}};
  if (const Value* versions = value.find("apiVersions")) PAWL_TRY(format::from_value(*versions, out.api_versions));
  return out;
}

}  // namespace

bool has_files(const Source& source) { return !std::holds_alternative<ImageSource>(source.from); }

bool has_charts(const Content& content) {
  return std::any_of(content.layers.begin(), content.layers.end(),
                     [](const Layer& layer) { return std::holds_alternative<HelmInput>(layer.input); });
}

Value encode(const Content& content, Arena& arena) {
  Value out = Value::map();
  out.set(arena, "format", kFormat);
  out.set(arena, "project", content.project.str());
  out.set(arena, "sources", list_of(arena, content.sources, encode_from));
  out.set(arena, "layers", list_of(arena, content.layers, encode_layer));
  if (content.kubernetes != KubernetesContent{})
    out.set(arena, "kubernetes", encode_kubernetes(arena, content.kubernetes));
  if (!content.parameter_schema.is_null()) out.set(arena, "parameterSchema", content.parameter_schema);
  out.set(arena, "parameters", content.parameters);
  out.set(arena, "environments", list_of(arena, content.environments, encode_environment));
  return out;
}

Result<Content> decode_content(const Value& given) {
  Content content;
  content.arena = std::make_shared<Arena>();
  Value value = given.clone(*content.arena);
  if (value.string_at("format") != kFormat) {
    return Error(ErrorCode::kInvalid, "content of a format that is not known",
                 "a newer pawl wrote it; use that version");
  }
  PAWL_TRY(check_fields(value, {"format", "project", "sources", "layers", "kubernetes", "parameterSchema", "parameters",
                                "environments"}));
  content.project = ProjectName(std::string(value.string_at("project")));
  PAWL_TRY(check_name(content.project.str(), "a project"));
  PAWL_TRY(decode_list(value, "sources", content.sources, decode_source));
  PAWL_TRY(decode_list(value, "layers", content.layers, decode_layer));
  PAWL_TRY(decode_list(value, "environments", content.environments, decode_environment));
  if (content.layers.size() > kMostLayers || content.environments.size() > kMostEnvironments) {
    return Error(ErrorCode::kInvalid, "content with more layers or environments than are read");
  }
  if (const Value* kubernetes = value.find("kubernetes")) {
    PAWL_ASSIGN(content.kubernetes, decode_kubernetes(*kubernetes));
  }
  if (const Value* schema = value.find("parameterSchema")) content.parameter_schema = *schema;
  if (const Value* parameters = value.find("parameters")) content.parameters = *parameters;
  return content;
}

}  // namespace pawl::model
