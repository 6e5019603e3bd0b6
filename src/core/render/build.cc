#include "core/render/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "format/yaml.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

constexpr std::size_t kDeepest = 64;  // kustomizations inside kustomizations

const Value* list_field(const Kustomization& k, std::string_view name) {
  const Value* list = k.root.find(name);
  return list != nullptr && list->is_list() ? list : nullptr;
}

Error with_place(const Kustomization& k, const Value& at, Error error) {
  if (!error.diagnostics.empty()) return error;
  Error placed = error_at(k, at, error.text(), error.hint);
  placed.code = error.code;
  return placed;
}

std::string_view yaml_suffix(std::string_view path) {
  return path.substr(path.rfind('.') == std::string_view::npos ? path.size() : path.rfind('.'));
}

}  // namespace

Result<Items> items_of(const std::vector<Value>& documents, const std::string& file) {
  Items items;
  std::vector<Diagnostic> wrong;
  auto take = [&](const Value& object) {
    bool named = !object.string_at("kind").empty() && object.find("metadata") != nullptr &&
                 !object.find("metadata")->string_at("name").empty();
    bool generated = object.find("metadata") != nullptr && !object.find("metadata")->string_at("generateName").empty();
    if (object.is_map() && (named || generated)) {
      items.push_back({.object = object, .file = file});
    } else {
      wrong.push_back(
          {.file = file,
           .at = object.at(),
           .code = "object",
           .summary = object.is_map() ? "an object without kind or metadata.name" : "a Kubernetes object is a map"});
    }
  };
  for (const Value& document : documents) {
    const Value* list = document.find("items");
    bool is_list = list != nullptr && list->is_list() && document.string_at("kind").ends_with("List");
    if (!is_list)
      take(document);
    else
      for (const Value& item : list->items()) take(item);
  }
  if (!wrong.empty()) return invalid_files(std::move(wrong));
  return items;
}

Status Builder::run_folder(const std::string& folder, bool as_component, Items& items) {
  if (std::find(stack_.begin(), stack_.end(), folder) != stack_.end()) {
    return Error(ErrorCode::kInvalid,
                 "kustomizations include each other in a circle: " + join(stack_, " -> ") + " -> " + folder);
  }
  if (stack_.size() >= kDeepest)
    return Error(ErrorCode::kInvalid, "kustomizations nested deeper than " + std::to_string(kDeepest));
  PAWL_ASSIGN(Kustomization k, load_kustomization(arena_, files_, folder));
  if (k.component != as_component) {
    return Error(ErrorCode::kInvalid, folder + (k.component ? " is a Component and belongs under components:"
                                                            : " is no Component and belongs under resources:"));
  }
  stack_.push_back(folder);
  Status status = run(k, items);
  stack_.pop_back();
  return status;
}

Status Builder::run(const Kustomization& k, Items& items) {
  PAWL_TRY(add_resources(k, items));
  PAWL_TRY(add_generated(k, items));
  PAWL_TRY(add_components(k, items));
  return transform(k, items);
}

Status Builder::add_resources(const Kustomization& k, Items& items) {
  const Value* list = list_field(k, "resources");
  if (list == nullptr) return {};
  std::size_t before = items.size();
  for (const Value& entry : list->items()) {
    if (!entry.is_string()) return error_at(k, entry, "a resource is the path of a file or folder");
    if (Status status = add_resource(k, entry, items); !status) return with_place(k, entry, std::move(status).error());
  }
  // Two objects of one identity cannot both be meant.
  std::unordered_set<std::string> seen;
  for (const Item& item : items) {
    model::ObjectId id = item.id();
    std::string key = std::string(group_of(id.api_version)) + "|" + std::string(version_of(id.api_version)) + "|" +
                      id.kind + "|" + id.space + "|" + id.name;
    if (!seen.insert(key).second && items.size() > before) return error_at(k, *list, id.str() + " comes in twice");
  }
  return {};
}

Status Builder::add_resource(const Kustomization& k, const Value& entry, Items& items) {
  std::string_view text = entry.as_string();
  if (is_remote(text)) {
    return Error(ErrorCode::kInvalid,
                 "\"" + escape_terminal(text.substr(0, 200)) + "\" is remote, and nothing is fetched while rendering",
                 "declare it under sources: in pawl.yaml, so that the lock holds its digest (pawl explain sources)");
  }
  PAWL_ASSIGN(std::string path, resolve_path(k.folder, text));
  PAWL_ASSIGN(
      std::optional<std::string_view> bytes,
      path == "." ? Result<std::optional<std::string_view>>(std::optional<std::string_view>()) : files_.read(path));
  if (!bytes) {
    PAWL_ASSIGN(auto below, files_.list(path));
    if (!below) return Error(ErrorCode::kNotFound, "there is no file or folder " + path);
    Items from_folder;
    PAWL_TRY(run_folder(path, false, from_folder));
    std::move(from_folder.begin(), from_folder.end(), std::back_inserter(items));
    return {};
  }
  PAWL_ASSIGN(std::vector<Value> documents, format::parse_yaml(arena_, std::string(*bytes), {.file = path}));
  PAWL_ASSIGN(Items from_file, items_of(documents, path));
  std::move(from_file.begin(), from_file.end(), std::back_inserter(items));
  return {};
}

Status Builder::add_generated(const Kustomization& k, Items& items) {
  const Value* options = k.root.find("generatorOptions");
  for (auto [field, kind] : {std::pair("configMapGenerator", "ConfigMap"), std::pair("secretGenerator", "Secret")}) {
    const Value* list = list_field(k, field);
    if (list == nullptr) continue;
    for (const Value& entry : list->items()) {
      Result<Item> item = generate(arena_, files_, k.folder, entry, kind, options);
      if (!item) return with_place(k, entry, std::move(item).error());
      item->file = k.file;
      if (Status status = absorb(arena_, items, std::move(*item)); !status)
        return with_place(k, entry, std::move(status).error());
    }
  }
  return {};
}

Status Builder::add_components(const Kustomization& k, Items& items) {
  const Value* list = list_field(k, "components");
  if (list == nullptr) return {};
  for (const Value& entry : list->items()) {
    if (!entry.is_string()) return error_at(k, entry, "a component is the path of a folder");
    if (is_remote(entry.as_string()))
      return error_at(k, entry, "a remote component: nothing is fetched while rendering",
                      "declare it under sources: in pawl.yaml");
    Result<std::string> path = resolve_path(k.folder, entry.as_string());
    if (!path) return with_place(k, entry, std::move(path).error());
    if (Status status = run_folder(*path, true, items); !status) return with_place(k, entry, std::move(status).error());
  }
  return {};
}

Status Builder::transform(const Kustomization& k, Items& items) {
  PAWL_TRY(patch(k, items));
  set_namespace(arena_, items, k.root.string_at("namespace"));
  add_prefix(arena_, items, k.root.string_at("namePrefix"));
  add_suffix(arena_, items, k.root.string_at("nameSuffix"));
  PAWL_TRY(label(k, items));
  if (const Value* annotations = k.root.find("commonAnnotations"))
    add_pairs(arena_, items, *annotations, annotation_specs());
  if (const Value* list = list_field(k, "patchesJson6902")) {
    for (const Value& entry : list->items()) PAWL_TRY(patch_json_entry(k, entry, items));
  }
  if (const Value* list = list_field(k, "replicas")) {
    for (const Value& entry : list->items()) {
      if (Status status = set_replicas(arena_, items, entry); !status)
        return with_place(k, entry, std::move(status).error());
    }
  }
  if (const Value* list = list_field(k, "images")) {
    for (const Value& entry : list->items()) set_image(arena_, items, entry);
  }
  return run_transformer_files(k, items);
}

Status Builder::label(const Kustomization& k, Items& items) {
  static const FieldSpec kOwnLabels{.path = "metadata/labels", .create = true};
  auto is_set = [](const Value& entry, std::string_view flag) {
    const Value* value = entry.find(flag);
    return value != nullptr && value->is_bool() && value->as_bool();
  };
  if (const Value* list = list_field(k, "labels")) {
    for (const Value& entry : list->items()) {
      const Value* pairs = entry.find("pairs");
      if (pairs == nullptr || !pairs->is_map()) return error_at(k, entry, "an entry of labels has pairs: a map");
      add_pairs(arena_, items, *pairs, {&kOwnLabels, 1});
      bool selectors = is_set(entry, "includeSelectors");
      if (selectors) add_pairs(arena_, items, *pairs, selector_specs());
      if (selectors || is_set(entry, "includeTemplates")) add_pairs(arena_, items, *pairs, metadata_label_specs());
      if (selectors || is_set(entry, "includeVolumeClaimTemplates"))
        add_pairs(arena_, items, *pairs, volume_claim_label_specs());
    }
  }
  if (const Value* common = k.root.find("commonLabels")) {
    add_pairs(arena_, items, *common, metadata_label_specs());
    add_pairs(arena_, items, *common, selector_specs());
    add_pairs(arena_, items, *common, volume_claim_label_specs());
  }
  return {};
}

Status Builder::finish(const Kustomization& k, Items& items) {
  add_hashes(arena_, items);
  fix_references(arena_, items);
  std::erase_if(items, [](const Item& item) {
    const Value* annotations = item.object.at_path({"metadata", "annotations"});
    return annotations != nullptr && annotations->find("config.kubernetes.io/local-config") != nullptr;
  });
  const Value* options = k.root.find("sortOptions");
  std::string_view order = options == nullptr ? "legacy" : options->string_at("order");
  const Value* legacy = options == nullptr ? nullptr : options->find("legacySortOptions");
  if (order != "legacy" && order != "fifo") return error_at(k, *options, "sortOptions.order must be legacy or fifo");
  if (order == "fifo" && legacy != nullptr) return error_at(k, *legacy, "legacySortOptions go with order: legacy");
  if (order == "legacy") sort_legacy(items, legacy);
  return {};
}

Result<std::vector<Value>> Builder::documents(const Kustomization& k, const Value& at, std::string_view text,
                                              bool inline_text) {
  std::string file = k.file;
  std::string bytes(text);
  if (!inline_text) {
    Result<std::string> path = resolve_path(k.folder, text);
    if (!path) return with_place(k, at, std::move(path).error());
    PAWL_ASSIGN(std::optional<std::string_view> found, files_.read(*path));
    if (!found) return error_at(k, at, "there is no file " + *path);
    file = *path;
    bytes = *found;
  }
  Result<std::vector<Value>> parsed = format::parse_yaml(arena_, std::move(bytes), {.file = file});
  if (!parsed && inline_text)
    return error_at(
        k, at,
        "the inline YAML cannot be read: " +
            (parsed.error().diagnostics.empty() ? parsed.error().message : parsed.error().diagnostics[0].summary));
  return parsed;
}

Status Builder::run_transformer_files(const Kustomization& k, Items& items) {
  const Value* list = list_field(k, "transformers");
  if (list == nullptr) return {};
  for (const Value& entry : list->items()) {
    if (!entry.is_string()) return error_at(k, entry, "a transformer is the path of a file, or YAML itself");
    bool inline_text = entry.as_string().find('\n') != std::string_view::npos;
    if (!inline_text && yaml_suffix(entry.as_string()).empty())
      return error_at(k, entry, "a folder of transformers is not rendered by this version of pawl", "name the file");
    PAWL_ASSIGN(std::vector<Value> configs, documents(k, entry, entry.as_string(), inline_text));
    for (const Value& config : configs) PAWL_TRY(run_transformer(k, entry, config, items));
  }
  return {};
}

namespace {

Result<std::vector<FieldSpec>> read_specs(const Value& config, std::span<const FieldSpec> fallback) {
  const Value* list = config.find("fieldSpecs");
  if (list == nullptr) return std::vector<FieldSpec>(fallback.begin(), fallback.end());
  std::vector<FieldSpec> out;
  for (const Value& entry : list->items()) {
    const Value* create = entry.find("create");
    out.push_back({std::string(entry.string_at("path")), std::string(entry.string_at("kind")),
                   std::string(entry.string_at("group")), std::string(entry.string_at("version")),
                   create != nullptr && create->is_bool() && create->as_bool()});
    if (out.back().path.empty()) return Error(ErrorCode::kInvalid, "a fieldSpec without a path");
  }
  return out;
}

}  // namespace

Status Builder::run_transformer(const Kustomization& k, const Value& at, const Value& config, Items& items) {
  std::string_view kind = config.string_at("kind");
  if (config.string_at("apiVersion") != "builtin") {
    return error_at(
        k, at, "a transformer of " + std::string(config.string_at("apiVersion").substr(0, 60)) + " would run a program",
        "only apiVersion: builtin is rendered");
  }
  if (const Value* labels = config.find("labels"); kind == "LabelTransformer" && labels != nullptr) {
    PAWL_ASSIGN(std::vector<FieldSpec> specs, read_specs(config, metadata_label_specs()));
    add_pairs(arena_, items, *labels, specs);
  } else if (const Value* annotations = config.find("annotations");
             kind == "AnnotationsTransformer" && annotations != nullptr) {
    PAWL_ASSIGN(std::vector<FieldSpec> specs, read_specs(config, annotation_specs()));
    add_pairs(arena_, items, *annotations, specs);
  } else if (kind == "PrefixTransformer") {
    add_prefix(arena_, items, config.string_at("prefix"));
  } else if (kind == "SuffixTransformer") {
    add_suffix(arena_, items, config.string_at("suffix"));
  } else if (const Value* tag = config.find("imageTag"); kind == "ImageTagTransformer" && tag != nullptr) {
    set_image(arena_, items, *tag);
  } else if (kind == "PatchTransformer") {
    return patch_entry(k, config, items);
  } else {
    return error_at(k, at,
                    "the transformer " + std::string(kind.substr(0, 60)) + " is not rendered by this version of pawl",
                    "docs/kustomize.md lists what is");
  }
  return {};
}

}  // namespace pawl::render
