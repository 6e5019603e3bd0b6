#include "core/render/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "core/render/generate.h"
#include "core/render/load.h"
#include "core/render/name_reference.h"
#include "core/render/patch.h"
#include "core/render/plugin.h"
#include "core/render/remote.h"
#include "core/render/replacement.h"
#include "core/render/scalar.h"
#include "core/render/trace.h"
#include "core/render/transform.h"
#include "core/render/variable.h"

namespace pawl::render {

using format::Value;

namespace {

constexpr std::size_t kDeepest = 64;  // kustomizations inside kustomizations

Status at_place(const Kustomization& k, Position at, Status status) {
  if (status) return status;
  return placed(k, at, std::move(status).error());
}

// Whether no object's rendering depends on others but by their names, and on files but by its own.
bool can_follow(const Kustomization& k) {
  bool plain = k.replacements.empty() && k.variables.empty() && k.build_metadata.empty();
  bool builtin = k.generators.empty() && k.transformers.empty() && k.validators.empty();
  return plain && builtin && k.configurations.empty() && k.crds.empty() && !k.openapi;
}

bool is_inline(std::string_view entry) { return entry.find('\n') != std::string_view::npos; }

}  // namespace

Status Accumulator::absorb(Accumulator other) {
  PAWL_TRY(map.absorb_all(std::move(other.map)));
  PAWL_ASSIGN(config, merge(config, other.config));
  for (const Variable& variable : other.variables) {
    bool known =
        std::any_of(variables.begin(), variables.end(), [&](const Variable& v) { return v.name == variable.name; });
    if (known)
      return Error(ErrorCode::kInvalid,
                   "the variable " + escape_terminal(variable.name.substr(0, 100)) + " is defined twice");
    variables.push_back(variable);
  }
  return {};
}

Status Builder::begin(const Kustomization& k) {
  if (!k.build_metadata.empty()) origin_ = ObjectOrigin{};
  stack_.push_back(k.folder);
  return use_schema(k);
}

Status Builder::use_schema(const Kustomization& k) {
  if (!k.openapi) return {};
  auto version = k.openapi->find("version");
  auto path = k.openapi->find("path");
  if (schema_fixed_) {  // by another, and yet a file that is named must be there
    if (path != k.openapi->end()) PAWL_TRY(read_file(k, {path->second, {1, 1}}));
    return {};
  }
  if (version != k.openapi->end() && path != k.openapi->end())
    return error_at(k, {1, 1}, "openapi has either a version or a path");
  if (version != k.openapi->end() && !version->second.empty() && version->second != "v1.21.2")
    return error_at(k, {1, 1}, "the only OpenAPI version that is built in is v1.21.2");
  schema_fixed_ = path != k.openapi->end() || (version != k.openapi->end() && !version->second.empty());
  if (path == k.openapi->end()) return {};
  PAWL_ASSIGN(std::string_view bytes, read_file(k, {path->second, {1, 1}}));
  PAWL_ASSIGN(std::vector<Value> documents, parse_text(world_.arena, bytes, std::string(path->second)));
  if (documents.empty()) return error_at(k, {1, 1}, "the OpenAPI schema is empty");
  PAWL_TRY(read_scalars(world_.arena, documents[0]));
  return world_.schema.add_custom(world_.arena, documents[0]);
}

Result<std::string_view> Builder::read_file(const Kustomization& k, const Text& entry) {
  if (is_remote(entry.value))
    return error_at(
        k, entry.at,
        "\"" + escape_terminal(entry.value.substr(0, 200)) + "\" is remote, and nothing is fetched while rendering",
        "declare it under sources: in pawl.yaml, so that the lock holds its digest (pawl explain sources)");
  Result<Files::Below> file = world_.files.read_below(k.folder, entry.value);
  if (!file) return placed(k, entry.at, std::move(file).error());
  return file->bytes;
}

Status Builder::run(const Kustomization& k, Accumulator& into) {
  if (world_.trace != nullptr && !can_follow(k)) world_.trace->entangle();
  PAWL_TRY(add_paths(k, k.resources, into));
  PAWL_TRY(read_configuration(k, into));
  PAWL_TRY(generate(k, into));
  PAWL_TRY(add_components(k, into));
  PAWL_TRY(transform(k, into));
  PAWL_TRY(validate(k, into.map));
  return at_place(k, {1, 1}, add_variables(world_, into.map, into.variables, k.variables));
}

Status Builder::add_paths(const Kustomization& k, std::span<const Text> paths, Accumulator& into) {
  for (const Text& entry : paths) PAWL_TRY(at_place(k, entry.at, add_path(k, entry, into)));
  return {};
}

Result<std::string> Builder::path_of(const Kustomization& k, std::string_view entry) const {
  if (!is_remote(entry)) return resolve_in_source(k.folder, entry);
  if (std::optional<RemoteBase> remote = parse_remote(entry)) {
    PAWL_ASSIGN(std::optional<std::string> folder, folder_of_remote(world_.sources, *remote));
    if (folder) return std::move(*folder);
  }
  return Error(ErrorCode::kInvalid,
               "\"" + escape_terminal(entry.substr(0, 200)) + "\" is remote, and nothing is fetched while rendering",
               "declare its repository under sources: in pawl.yaml, so that the lock holds its digest (pawl explain "
               "sources)");
}

Status Builder::add_path(const Kustomization& k, const Text& entry, Accumulator& into) {
  PAWL_ASSIGN(std::string path, path_of(k, entry.value));
  if (world_.trace != nullptr && world_.trace->passes_over(path)) return {};
  std::optional<std::string_view> bytes;
  if (path != ".") {
    PAWL_ASSIGN(bytes, world_.files.read(path));
  }
  if (bytes) {
    PAWL_TRY(world_.files.check_below(k.folder, entry.value));
    return add_file(path, *bytes, entry.value, into);
  }
  std::optional<ObjectOrigin> outer = origin_;
  if (origin_) origin_ = origin_->joined(entry.value);
  PAWL_TRY(add_folder(path, false, into));
  origin_ = std::move(outer);
  return {};
}

Status Builder::add_file(const std::string& path, std::string_view bytes, std::string_view written, Accumulator& into) {
  PAWL_ASSIGN(std::vector<Item> items, load_objects(world_, bytes, path));
  if (world_.trace != nullptr) world_.trace->loaded(path, items);
  if (origin_) {
    std::string origin = origin_->joined(written).yaml();
    for (Item& item : items) set_annotation(world_.arena, item.object, kOriginAnnotation, origin);
  }
  return into.map.append_all(std::move(items));
}

Status Builder::add_folder(const std::string& folder, bool component, Accumulator& into) {
  // A folder that holds one that is being built would be built without an end.
  for (const std::string& open : stack_) {
    bool holds = folder == "." || open == folder || open.starts_with(folder + "/");
    if (holds)
      return Error(ErrorCode::kInvalid,
                   "kustomizations include each other in a circle: " + join(stack_, " -> ") + " -> " + folder);
  }
  if (stack_.size() >= kDeepest)
    return Error(ErrorCode::kInvalid, "kustomizations nested deeper than " + std::to_string(kDeepest));
  PAWL_ASSIGN(Kustomization k, load_kustomization(world_.arena, world_.files, folder));
  if (k.component != component) {
    return Error(ErrorCode::kInvalid, folder + (k.component ? " is a Component and belongs under components:"
                                                            : " is no Component and belongs under resources:"));
  }
  PAWL_TRY(use_schema(k));
  stack_.push_back(folder);
  Accumulator own(world_.schema);
  // A component works on what is there already.
  if (component) std::swap(own, into);
  PAWL_TRY(run(k, own));
  stack_.pop_back();
  return into.absorb(std::move(own));
}

Status Builder::read_configuration(const Kustomization& k, Accumulator& into) {
  FieldConfigPtr config = default_field_config();
  for (const Text& entry : k.configurations) {
    PAWL_ASSIGN(std::string_view bytes, read_file(k, entry));
    PAWL_ASSIGN(std::vector<Value> documents, parse_text(world_.arena, bytes, std::string(entry.value)));
    if (documents.empty()) continue;
    PAWL_ASSIGN(FieldConfigPtr more, read_field_config(documents[0], std::string(entry.value)));
    PAWL_ASSIGN(config, merge(config, more));
  }
  PAWL_ASSIGN(into.config, merge(into.config, config));
  for (const Text& entry : k.crds) {
    PAWL_ASSIGN(std::string_view bytes, read_file(k, entry));
    PAWL_ASSIGN(std::vector<Value> documents, parse_text(world_.arena, bytes, std::string(entry.value)));
    if (documents.empty()) return error_at(k, entry.at, "the file of definitions is empty");
    PAWL_ASSIGN(FieldConfigPtr more, field_config_of_crds(world_.arena, documents[0]));
    PAWL_ASSIGN(into.config, merge(into.config, more));
  }
  return {};
}

ObjectOrigin Builder::builtin_origin(const Kustomization& k, std::string_view kind) const {
  std::string name = k.file.substr(k.file.rfind('/') + 1);
  ObjectOrigin out;
  out.configured_in = origin_->joined(name).path;
  out.api_version = "builtin";
  out.kind = kind;
  return out;
}

Status Builder::absorb_generated(std::vector<Item> items, const std::optional<ObjectOrigin>& by, Accumulator& into) {
  for (Item& item : items) {
    if (by) note_generated(world_.arena, item, *by);
    if (world_.trace != nullptr) note_taken_over(item, into.map);
    PAWL_TRY(into.map.absorb(world_.arena, std::move(item)));
  }
  return {};
}

// What a generator makes of an object of a manifest file is no rendering of that file any more.
void Builder::note_taken_over(const Item& generated, ResMap& map) {
  for (std::size_t i : map.with_any_id(generated.id(world_.schema))) {
    if (map.items()[i].place != 0) world_.trace->entangle();
  }
}

Status Builder::generate(const Kustomization& k, Accumulator& into) {
  std::string_view file = world_.arena.copy(k.file);
  auto make = [&](const auto& entry, bool secret) -> Status {
    GeneratorArgs args = entry.value;
    args.options = merge_options(args.options, k.generator_options);
    PAWL_ASSIGN(Item item, render::generate(world_, k.folder, args, secret));
    item.file = file;
    std::optional<ObjectOrigin> by;
    if (origin_) by = builtin_origin(k, secret ? "SecretGenerator" : "ConfigMapGenerator");
    std::vector<Item> items;
    items.push_back(std::move(item));
    return absorb_generated(std::move(items), by, into);
  };
  for (const auto& entry : k.config_maps) PAWL_TRY(at_place(k, entry.at, make(entry, false)));
  for (const auto& entry : k.secrets) PAWL_TRY(at_place(k, entry.at, make(entry, true)));
  PAWL_ASSIGN(std::vector<Item> plugins, load_plugins(k, k.generators));
  for (const Item& plugin : plugins) {
    PAWL_ASSIGN(std::vector<Item> items, run_generator(world_, k.folder, plugin));
    PAWL_ASSIGN(std::optional<ObjectOrigin> by, origin_by(world_.arena, plugin.object));
    PAWL_TRY(absorb_generated(std::move(items), by, into));
  }
  return {};
}

Result<std::vector<Item>> Builder::load_plugins(const Kustomization& k, std::span<const Text> entries) {
  Accumulator all(world_.schema);
  std::vector<Text> paths;
  for (const Text& entry : entries) {
    if (!is_inline(entry.value)) {
      paths.push_back(entry);
      continue;
    }
    Result<std::vector<Item>> items = load_objects(world_, entry.value, k.file);
    if (!items) return placed(k, entry.at, std::move(items).error());
    std::string name = k.file.substr(k.file.rfind('/') + 1);
    for (Item& item : *items) {
      if (origin_) set_annotation(world_.arena, item.object, kOriginAnnotation, origin_->joined(name).yaml());
      item.object.set_at(entry.at);
    }
    PAWL_TRY(at_place(k, entry.at, all.map.append_all(std::move(*items))));
  }
  PAWL_TRY(add_paths(k, paths, all));
  return std::move(all.map.items());
}

Status Builder::add_components(const Kustomization& k, Accumulator& into) {
  for (const Text& entry : k.components) {
    Result<std::string> path = path_of(k, entry.value);
    if (!path) return placed(k, entry.at, std::move(path).error());
    std::optional<ObjectOrigin> outer = origin_;
    if (origin_) origin_ = origin_->joined(entry.value);
    PAWL_TRY(at_place(k, entry.at, add_folder(*path, true, into)));
    origin_ = std::move(outer);
  }
  return {};
}

Status Builder::done(const Kustomization& k, std::string_view transformer, ResMap& map) {
  map.drop_gone();
  if (!origin_) return {};
  return note_transformed(world_.arena, map.items(), builtin_origin(k, transformer));
}

Status Builder::transform(const Kustomization& k, Accumulator& into) {
  const FieldConfig& config = *into.config;
  PAWL_TRY(patch(k, into.map));
  PAWL_TRY(rename(k, config, into.map));
  PAWL_TRY(label(k, config, into.map));
  PAWL_TRY(change_values(k, config, into.map));
  return run_plugins(k, into.map);
}

Status Builder::patch(const Kustomization& k, ResMap& map) {
  if (!k.strategic_patches.empty()) {
    std::vector<Item> patches;
    for (const Text& entry : k.strategic_patches) {
      Result<std::vector<Item>> loaded = load_strategic_patches(world_, k.folder, entry.value, k.file);
      if (!loaded) return placed(k, entry.at, std::move(loaded).error());
      std::move(loaded->begin(), loaded->end(), std::back_inserter(patches));
    }
    if (patches.empty()) return error_at(k, k.strategic_patches[0].at, "the patches are empty");
    PAWL_TRY(at_place(k, k.strategic_patches[0].at, merge_patches(world_, map, patches)));
    PAWL_TRY(done(k, "PatchStrategicMergeTransformer", map));
  }
  for (const Placed<Patch>& entry : k.patches) {
    PAWL_TRY(at_place(k, entry.at, patch_entry(k, entry, map)));
    if (origin_) PAWL_TRY(done(k, "PatchTransformer", map));
  }
  map.drop_gone();
  return {};
}

Status Builder::patch_entry(const Kustomization& k, const Placed<Patch>& entry, ResMap& map) {
  std::string_view inline_text = trim(entry.value.patch);
  if (inline_text.empty() == entry.value.path.empty())
    return error_at(k, entry.at, "an entry of patches has either path or patch");
  std::string_view text = inline_text;
  if (inline_text.empty()) {
    PAWL_ASSIGN(text, read_file(k, {entry.value.path, entry.at}));
  }
  std::string file = entry.value.path.empty() ? k.file : std::string(entry.value.path);
  PAWL_ASSIGN(LoadedPatch loaded, load_patch(world_, text, file));
  return patch_targets(world_, map, loaded, entry.value.target, entry.value.options.value_or(PatchOptions{}));
}

Status Builder::patch_json_entry(const Kustomization& k, const Placed<Patch>& entry, ResMap& map) {
  const Patch& patch = entry.value;
  if (!patch.target || patch.target->name.empty())
    return error_at(k, entry.at, "an entry of patchesJson6902 has a target with a name");
  if (patch.patch.empty() == patch.path.empty())
    return error_at(k, entry.at, "an entry of patchesJson6902 has either path or patch");
  std::string_view text = patch.patch;
  if (text.empty()) {
    PAWL_ASSIGN(text, read_file(k, {patch.path, entry.at}));
  }
  PAWL_ASSIGN(Value operations, load_operations(world_, text, patch.path.empty() ? k.file : std::string(patch.path)));
  if (operations.empty()) return error_at(k, entry.at, "the patch is empty");
  return patch_json(world_, map, operations, *patch.target, false);
}

Status Builder::rename(const Kustomization& k, const FieldConfig& config, ResMap& map) {
  if (!k.space.empty()) {
    PAWL_TRY(at_place(k, {1, 1}, set_namespace(world_, map, {.space = k.space, .specs = config.space})));
    PAWL_TRY(done(k, "NamespaceTransformer", map));
  }
  if (!k.name_prefix.empty())
    PAWL_TRY(change(k, "PrefixTransformer", add_prefix(world_, k.name_prefix, config.name_prefix), map));
  if (!k.name_suffix.empty())
    PAWL_TRY(change(k, "SuffixTransformer", add_suffix(world_, k.name_suffix, config.name_suffix), map));
  return {};
}

Status Builder::change(const Kustomization& k, std::string_view transformer, ItemChange one, ResMap& map) {
  waiting_.push_back(std::move(one));
  if (!origin_) return {};
  PAWL_TRY(make_changes(k, map));
  return done(k, transformer, map);
}

Status Builder::make_changes(const Kustomization& k, ResMap& map) {
  std::vector<ItemChange> changes = std::exchange(waiting_, {});
  return at_place(k, {1, 1}, change_all(map, changes));
}

Result<FieldSpecs> Builder::label_specs(const Label& label, const FieldConfig& config) {
  static const FieldSpec kOwnLabels{{}, "metadata/labels", true};
  FieldSpecs specs = label.specs;
  PAWL_TRY(merge_specs(specs, config.labels));
  if (label.selectors) {
    PAWL_TRY(merge_specs(specs, config.common_labels));
  } else {
    if (label.templates) PAWL_TRY(merge_specs(specs, config.template_labels));
    if (label.claim_templates) PAWL_TRY(merge_specs(specs, config.claim_template_labels));
    PAWL_TRY(merge_specs(specs, {&kOwnLabels, 1}));
  }
  return specs;
}

Status Builder::label(const Kustomization& k, const FieldConfig& config, ResMap& map) {
  for (const Label& one : k.labels) {
    Result<FieldSpecs> specs = label_specs(one, config);
    if (!specs) return placed(k, {1, 1}, std::move(specs).error());
    PAWL_TRY(change(k, "LabelTransformer", add_labels(world_, one.pairs, *specs), map));
  }
  if (!k.labels.empty() || !k.common_labels.empty())
    PAWL_TRY(change(k, "LabelTransformer", add_labels(world_, k.common_labels, config.common_labels), map));
  if (k.common_annotations.empty()) return {};
  return change(k, "AnnotationsTransformer", add_annotations(world_, k.common_annotations, config.common_annotations),
                map);
}

Status Builder::change_values(const Kustomization& k, const FieldConfig& config, ResMap& map) {
  // Those look for their objects.
  if (!k.json_patches.empty() || !k.replicas.empty()) PAWL_TRY(make_changes(k, map));
  for (const Placed<Patch>& entry : k.json_patches) {
    PAWL_TRY(at_place(k, entry.at, patch_json_entry(k, entry, map)));
    PAWL_TRY(done(k, "PatchJson6902Transformer", map));
  }
  for (const Placed<Replica>& replica : k.replicas) {
    PAWL_TRY(at_place(k, replica.at, set_replicas(world_, map, replica.value, config.replicas)));
    PAWL_TRY(done(k, "ReplicaCountTransformer", map));
  }
  if (!k.images.empty()) waiting_.push_back(set_images(world_, k.images, config.images));
  PAWL_TRY(make_changes(k, map));
  for (std::size_t i = 0; i < k.images.size(); ++i) PAWL_TRY(done(k, "ImageTagTransformer", map));
  if (k.replacements.empty()) return {};
  PAWL_TRY(at_place(k, {1, 1}, replace_all(world_, k.folder, map, k.replacements)));
  return done(k, "ReplacementTransformer", map);
}

Status Builder::run_plugins(const Kustomization& k, ResMap& map) {
  PAWL_ASSIGN(std::vector<Item> plugins, load_plugins(k, k.transformers));
  for (const Item& plugin : plugins) {
    PAWL_TRY(run_transformer(world_, k.folder, plugin, map));
    map.drop_gone();
    PAWL_ASSIGN(std::optional<ObjectOrigin> by, origin_by(world_.arena, plugin.object));
    if (by) PAWL_TRY(note_transformed(world_.arena, map.items(), *by));
  }
  return {};
}

Status Builder::validate(const Kustomization& k, ResMap& map) {
  PAWL_ASSIGN(std::vector<Item> plugins, load_plugins(k, k.validators));
  for (const Item& plugin : plugins) PAWL_TRY(run_validator(world_, k.folder, plugin, map));
  return {};
}

}  // namespace pawl::render
