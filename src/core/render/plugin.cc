#include "core/render/plugin.h"

#include <fmt/format.h>

#include "base/text.h"
#include "core/render/generate.h"
#include "core/render/patch.h"
#include "core/render/replacement.h"
#include "core/render/scalar.h"
#include "core/render/transform.h"

namespace pawl::render {

using format::Value;

namespace {

// A plugin's own file is read as loosely as kustomize reads it: unknown fields are nobody's.
template <class T>
Result<T> configuration(const Item& config) {
  return read_fields<T>(config.object, {.file = std::string(config.file), .unknown = true, .numbers = true});
}

Error refusal(const Item& config, std::string summary, std::string help) {
  return invalid_files({Diagnostic{.file = std::string(config.file),
                                   .at = config.object.at(),
                                   .code = "plugin",
                                   .summary = std::move(summary),
                                   .help = std::move(help)}});
}

Status check_builtin(const Item& config) {
  std::string_view api_version = text_at(config.object, "apiVersion");
  if (api_version == "builtin" && config.kind() != "HelmChartInflationGenerator") return {};
  std::string what = escape_terminal(fmt::format("{} of {}", config.kind().substr(0, 60), api_version.substr(0, 60)));
  return refusal(config, what + " would run a program while rendering",
                 "render what it makes beforehand, and lock the result as a source: pawl explain sources");
}

Error unknown(const Item& config, std::string_view role) {
  return refusal(config,
                 fmt::format("there is no builtin {} called {}", role, escape_terminal(config.kind().substr(0, 60))),
                 "docs/kustomize.md lists what there is");
}

template <class Args>
struct GeneratorConfig {
  ObjectMeta metadata = {};
  Args args = {};
};
template <class R, class Args>
void fields(R& r, GeneratorConfig<Args>& x) {
  r("metadata", x.metadata);
  fields(r, x.args);
}

template <class Args>
Result<std::vector<Item>> generate_one(World& world, const std::string& folder, const Item& config, bool secret) {
  PAWL_ASSIGN(GeneratorConfig<Args> read, configuration<GeneratorConfig<Args>>(config));
  if (read.args.name.empty()) read.args.name = read.metadata.name;
  if (read.args.space.empty()) read.args.space = read.metadata.space;
  PAWL_ASSIGN(Item item, generate(world, folder, read.args, secret));
  item.file = config.file;
  return std::vector<Item>{std::move(item)};
}

struct NamedThing {
  std::string_view name = {};
  std::string_view space = {};
  std::string_view project = {};
};
template <class R>
void fields(R& r, NamedThing& x) {
  r("name", x.name);
  r("namespace", x.space);
  r("projectId", x.project);
}

struct IamPolicy {
  std::string_view cloud = {};
  NamedThing kubernetes = {};
  NamedThing account = {};
};
template <class R>
void fields(R& r, IamPolicy& x) {
  r("cloud", x.cloud);
  r("kubernetesService", x.kubernetes);
  r("serviceAccount", x.account);
}

Result<std::vector<Item>> generate_iam_policy(World& world, const Item& config) {
  PAWL_ASSIGN(IamPolicy policy, configuration<IamPolicy>(config));
  if (policy.cloud != "gke") return refusal(config, "the only cloud of an IAMPolicyGenerator is gke", "cloud: gke");
  Value object = Value::map();
  object.set(world.arena, "apiVersion", "v1");
  object.set(world.arena, "kind", "ServiceAccount");
  set_name(world.arena, object, policy.kubernetes.name);
  if (!policy.kubernetes.space.empty()) set_space(world.arena, object, policy.kubernetes.space);
  set_annotation(world.arena, object, "iam.gke.io/gcp-service-account",
                 fmt::format("{}@{}.iam.gserviceaccount.com", policy.account.name, policy.account.project));
  return std::vector<Item>{{.object = object, .file = config.file}};
}

// What most transformers are told.
struct TransformerConfig {
  ObjectMeta metadata = {};
  Pairs labels = {};
  Pairs annotations = {};
  std::string_view prefix = {};
  std::string_view suffix = {};
  Image image = {};
  Replica replica = {};
  bool unset_only = false;
  std::string_view subjects = {};
  std::optional<FieldSpecs> specs = {};
};
template <class R>
void fields(R& r, TransformerConfig& x) {
  r("metadata", x.metadata);
  r("labels", x.labels);
  r("annotations", x.annotations);
  r("prefix", x.prefix);
  r("suffix", x.suffix);
  r("imageTag", x.image);
  r("replica", x.replica);
  r("unsetOnly", x.unset_only);
  r("setRoleBindingSubjects", x.subjects);
  r("fieldSpecs", x.specs);
}

struct JsonPatchConfig {
  std::optional<Selector> target = {};
  std::string_view path = {};
  std::string_view operations = {};
};
template <class R>
void fields(R& r, JsonPatchConfig& x) {
  r("target", x.target);
  r("path", x.path);
  r("jsonOp", x.operations);
}

struct MergePatchConfig {
  std::vector<std::string_view> paths = {};
  std::string_view patches = {};
};
template <class R>
void fields(R& r, MergePatchConfig& x) {
  r("paths", x.paths);
  r("patches", x.patches);
}

struct ReplacementConfig {
  std::vector<Replacement> replacements = {};
};
template <class R>
void fields(R& r, ReplacementConfig& x) {
  r("replacements", x.replacements);
}

struct ValueConfig {
  std::string_view value = {};
  std::vector<ValueTarget> targets = {};
  std::string_view path = {};
};
template <class R>
void fields(R& r, ValueConfig& x) {
  r("value", x.value);
  r("targets", x.targets);
  r("targetFilePath", x.path);
}

// One object that configures a transformer, at work.
class Transformer {
 public:
  Transformer(World& world, const std::string& folder, const Item& config, ResMap& map)
      : world_(world), folder_(folder), config_(config), map_(map) {}

  Status run() {
    PAWL_TRY(check_builtin(config_));
    std::string_view kind = config_.kind();
    if (kind == "PatchTransformer") return patch();
    if (kind == "PatchJson6902Transformer") return patch_with_operations();
    if (kind == "PatchStrategicMergeTransformer") return merge();
    if (kind == "ReplacementTransformer") return replace_values();
    if (kind == "ValueAddTransformer") return add_values();
    if (kind == "HashTransformer") return hash();
    PAWL_ASSIGN(TransformerConfig read, configuration<TransformerConfig>(config_));
    return run_simple(kind, read);
  }

 private:
  Status run_simple(std::string_view kind, const TransformerConfig& read) {
    FieldSpecs specs = read.specs.value_or(FieldSpecs{});
    if (kind == "NamespaceTransformer") return change_namespace(read, specs);
    if (kind == "LabelTransformer") return make(add_labels(world_, read.labels, specs));
    if (kind == "AnnotationsTransformer") return make(add_annotations(world_, read.annotations, specs));
    if (kind == "ImageTagTransformer") return make(set_images(world_, {&read.image, 1}, specs));
    if (kind == "ReplicaCountTransformer") return set_replicas(world_, map_, read.replica, specs);
    bool names = kind == "PrefixTransformer" || kind == "SuffixTransformer" || kind == "PrefixSuffixTransformer";
    if (!names) return unknown(config_, "transformer");
    if (!read.specs) return refusal(config_, "it has no fieldSpecs", "fieldSpecs: [{path: metadata/name}]");
    if (kind != "SuffixTransformer") PAWL_TRY(make(add_prefix(world_, read.prefix, specs)));
    if (kind != "PrefixTransformer") PAWL_TRY(make(add_suffix(world_, read.suffix, specs)));
    return {};
  }

  Status make(ItemChange change) { return change_all(map_, {&change, 1}); }

  Status change_namespace(const TransformerConfig& read, const FieldSpecs& specs) {
    NamespaceChange change{read.metadata.space, specs, read.unset_only, Subjects::kNamedDefault};
    if (read.subjects == "allServiceAccounts")
      change.subjects = Subjects::kServiceAccounts;
    else if (read.subjects == "none")
      change.subjects = Subjects::kNone;
    else if (!read.subjects.empty() && read.subjects != "defaultOnly")
      return refusal(config_, "setRoleBindingSubjects must be defaultOnly, allServiceAccounts or none", "");
    return set_namespace(world_, map_, change);
  }

  Result<std::string_view> read_file(std::string_view path) {
    PAWL_ASSIGN(Files::Below file, world_.files.read_below(folder_, path));
    return file.bytes;
  }

  Status patch() {
    PAWL_ASSIGN(Patch read, configuration<Patch>(config_));
    std::string_view inline_text = trim(read.patch);
    if (inline_text.empty() == read.path.empty()) return refusal(config_, "it has either patch or path", "");
    std::string_view text = inline_text;
    if (inline_text.empty()) {
      PAWL_ASSIGN(text, read_file(read.path));
    }
    std::string file(read.path.empty() ? config_.file : read.path);
    PAWL_ASSIGN(LoadedPatch loaded, load_patch(world_, text, file));
    return patch_targets(world_, map_, loaded, read.target, read.options.value_or(PatchOptions{}));
  }

  Status patch_with_operations() {
    PAWL_ASSIGN(JsonPatchConfig read, configuration<JsonPatchConfig>(config_));
    if (!read.target || read.target->name.empty()) return refusal(config_, "its target has no name", "");
    if (read.operations.empty() == read.path.empty()) return refusal(config_, "it has either jsonOp or path", "");
    std::string_view text = read.operations;
    if (text.empty()) {
      PAWL_ASSIGN(text, read_file(read.path));
    }
    PAWL_ASSIGN(Value operations, load_operations(world_, text, std::string(config_.file)));
    if (operations.empty()) return refusal(config_, "its patch is empty", "");
    return patch_json(world_, map_, operations, *read.target, false);
  }

  Status merge() {
    PAWL_ASSIGN(MergePatchConfig read, configuration<MergePatchConfig>(config_));
    std::vector<Item> patches;
    for (std::string_view path : read.paths) {
      PAWL_ASSIGN(std::vector<Item> loaded, load_strategic_patches(world_, folder_, path, std::string(config_.file)));
      std::move(loaded.begin(), loaded.end(), std::back_inserter(patches));
    }
    if (!read.patches.empty()) {
      PAWL_ASSIGN(LoadedPatch loaded, load_patch(world_, read.patches, std::string(config_.file)));
      std::move(loaded.objects.begin(), loaded.objects.end(), std::back_inserter(patches));
    }
    if (patches.empty()) return refusal(config_, "its patches are empty", "");
    return merge_patches(world_, map_, patches);
  }

  Status replace_values() {
    PAWL_ASSIGN(ReplacementConfig read, configuration<ReplacementConfig>(config_));
    return replace_all(world_, folder_, map_, read.replacements);
  }

  Status add_values() {
    PAWL_ASSIGN(ValueConfig read, configuration<ValueConfig>(config_));
    std::string_view value = trim(read.value);
    if (value.empty()) value = std::string_view(folder_).substr(folder_.rfind('/') + 1);
    if (!read.path.empty()) {
      PAWL_ASSIGN(std::string_view bytes, read_file(read.path));
      PAWL_ASSIGN(std::vector<Value> documents, parse_text(world_.arena, bytes, std::string(read.path)));
      if (documents.empty()) return refusal(config_, "its file of targets is empty", "");
      PAWL_ASSIGN(ValueConfig more, read_fields<ValueConfig>(documents[0], {.unknown = true, .numbers = true}));
      read.targets.insert(read.targets.end(), more.targets.begin(), more.targets.end());
    }
    if (read.targets.empty()) return refusal(config_, "it has no targets", "");
    for (const ValueTarget& target : read.targets) {
      if (target.path.empty()) return refusal(config_, "a target has no fieldPath", "");
      if (target.position < 0) return refusal(config_, "filePathPosition must not be negative", "");
    }
    for (const ValueTarget& target : read.targets) PAWL_TRY(add_value(world_, map_, value, target));
    return {};
  }

  Status hash() {
    PAWL_TRY(add_hashes(world_, map_.items()));
    map_.changed();
    return {};
  }

  World& world_;
  const std::string& folder_;
  const Item& config_;
  ResMap& map_;
};

}  // namespace

Result<std::vector<Item>> run_generator(World& world, const std::string& folder, const Item& config) {
  PAWL_TRY(check_builtin(config));
  if (config.kind() == "ConfigMapGenerator") return generate_one<GeneratorArgs>(world, folder, config, false);
  if (config.kind() == "SecretGenerator") return generate_one<SecretArgs>(world, folder, config, true);
  if (config.kind() == "IAMPolicyGenerator") return generate_iam_policy(world, config);
  return unknown(config, "generator");
}

Status run_transformer(World& world, const std::string& folder, const Item& config, ResMap& map) {
  return Transformer(world, folder, config, map).run();
}

namespace {

constexpr std::string_view kValidatedLabel = "validated-by";

void drop_validated_label(Value& object) {
  Value* labels = object.find("metadata") == nullptr ? nullptr : object.find("metadata")->find("labels");
  if (labels == nullptr || !labels->erase(kValidatedLabel)) return;
  if (labels->empty()) object.find("metadata")->erase("labels");
}

}  // namespace

Status run_validator(World& world, const std::string& folder, const Item& config, ResMap& map) {
  format::Arena before;
  std::vector<Value> objects;
  for (const Item& item : map.items()) objects.push_back(item.object.clone(before));
  PAWL_TRY(run_transformer(world, folder, config, map));
  bool same = objects.size() == map.items().size();
  for (std::size_t i = 0; same && i < objects.size(); ++i) {
    Value now = map.items()[i].object.clone(before);
    drop_validated_label(now);
    same = equal(objects[i], now);
  }
  if (!same) return refusal(config, "a validator changes no objects, and this one did", "list it under transformers:");
  return {};
}

}  // namespace pawl::render
