#include "core/render/field_config.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

bool less(const Gvk& a, const Gvk& b) { return a.sort_text() < b.sort_text(); }

void sort_specs(FieldSpecs& specs) {
  if (specs.size() < 2) return;
  std::stable_sort(specs.begin(), specs.end(),
                   [](const FieldSpec& a, const FieldSpec& b) { return less(a.gvk, b.gvk); });
}

constexpr auto kLists = std::to_array<FieldSpecs FieldConfig::*>(
    {&FieldConfig::name_prefix, &FieldConfig::name_suffix, &FieldConfig::space, &FieldConfig::common_labels,
     &FieldConfig::labels, &FieldConfig::template_labels, &FieldConfig::claim_template_labels,
     &FieldConfig::common_annotations, &FieldConfig::variable_references, &FieldConfig::images,
     &FieldConfig::replicas});

void sort_all(FieldConfig& config) {
  for (FieldSpecs FieldConfig::* list : kLists) sort_specs(config.*list);
  std::stable_sort(config.name_references.begin(), config.name_references.end(),
                   [](const BackReference& a, const BackReference& b) { return less(a.target, b.target); });
}

Status merge_reference(std::vector<BackReference>& into, const BackReference& more) {
  bool found = false;
  for (BackReference& known : into) {
    if (known.target != more.target) continue;
    found = true;
    PAWL_TRY(merge_specs(known.referrers, more.referrers));
  }
  if (!found) into.push_back(more);
  return {};
}

}  // namespace

Status merge_specs(FieldSpecs& into, std::span<const FieldSpec> more) {
  for (const FieldSpec& spec : more) {
    auto known = std::find_if(into.begin(), into.end(), [&](const FieldSpec& old) {
      return old.path == spec.path && old.gvk.selected_by(spec.gvk);
    });
    if (known == into.end())
      into.push_back(spec);
    else if (known->create != spec.create)
      return Error(ErrorCode::kInvalid, "two field specs for " + std::string(spec.path) + " disagree on create");
  }
  return {};
}

Result<FieldConfigPtr> merge(const FieldConfigPtr& base, const FieldConfigPtr& more) {
  if (base == more || more == nullptr) return base;
  if (base == nullptr && more == default_field_config()) return more;
  // Into nothing too spec by spec: one for any kind gives way to one for a kind in front of it, as in kustomize.
  auto out = base == nullptr ? std::make_shared<FieldConfig>() : std::make_shared<FieldConfig>(*base);
  for (FieldSpecs FieldConfig::* list : kLists) PAWL_TRY(merge_specs((*out).*list, (*more).*list));
  for (const BackReference& reference : more->name_references)
    PAWL_TRY(merge_reference(out->name_references, reference));
  sort_all(*out);
  return FieldConfigPtr(std::move(out));
}

Result<FieldConfigPtr> read_field_config(const Value& root, const std::string& file) {
  PAWL_ASSIGN(FieldConfig config, read_fields<FieldConfig>(root, {.file = file, .numbers = true}));
  sort_all(config);
  return std::make_shared<const FieldConfig>(std::move(config));
}

namespace {

constexpr std::size_t kDeepest = 64;  // schemas inside schemas

// Walks the definitions that a kind's schema leads to.
class CrdReader {
 public:
  CrdReader(format::Arena& arena, const Value& definitions, FieldConfig& out)
      : arena_(arena), definitions_(definitions), out_(out) {}

  Status read_kind(const Member& definition) {
    std::string_view name = definition.key;
    gvk_ = {.kind = name.substr(name.rfind('.') == std::string_view::npos ? 0 : name.rfind('.') + 1)};
    return walk(name, "", 0);
  }

 private:
  Status walk(std::string_view name, const std::string& path, std::size_t depth) {
    if (depth > kDeepest) return Error(ErrorCode::kInvalid, "definitions that refer to each other without an end");
    const Value* definition = definitions_.find(name);
    const Value* properties = definition == nullptr ? nullptr : definition->at_path({"Schema", "properties"});
    if (properties == nullptr && definition != nullptr) properties = definition->at_path({"schema", "properties"});
    if (properties == nullptr) return {};
    for (const Member& property : properties->members()) {
      std::string below = path.empty() ? std::string(property.key) : path + "/" + std::string(property.key);
      PAWL_TRY(note(property.value, below));
      if (std::string_view reference = text_at(property.value, "$ref"); !reference.empty())
        PAWL_TRY(walk(reference, below, depth + 1));
    }
    return {};
  }

  Status note(const Value& property, const std::string& path) {
    FieldSpec spec{gvk_, arena_.copy(path), false};
    auto has = [&](std::string_view extension) { return property.find(extension) != nullptr; };
    if (has("x-kubernetes-annotation")) PAWL_TRY(merge_specs(out_.common_annotations, {&spec, 1}));
    if (has("x-kubernetes-label-selector")) PAWL_TRY(merge_specs(out_.common_labels, {&spec, 1}));
    if (has("x-kubernetes-identity")) PAWL_TRY(merge_specs(out_.name_prefix, {&spec, 1}));
    bool refers = has("x-kubernetes-object-ref-api-version") && has("x-kubernetes-object-ref-kind");
    if (!refers) return {};
    std::string_view key = text_at(property, "x-kubernetes-object-ref-name-key");
    spec.path = arena_.copy(path + "/" + std::string(key.empty() ? "name" : key));
    BackReference reference{{.version = text_at(property, "x-kubernetes-object-ref-api-version"),
                             .kind = text_at(property, "x-kubernetes-object-ref-kind")},
                            {spec}};
    return merge_reference(out_.name_references, reference);
  }

  format::Arena& arena_;
  const Value& definitions_;
  FieldConfig& out_;
  Gvk gvk_;
};

bool is_object_schema(const Value& definition) {
  const Value* properties = definition.at_path({"Schema", "properties"});
  if (properties == nullptr) properties = definition.at_path({"schema", "properties"});
  return properties != nullptr && properties->find("kind") != nullptr && properties->find("apiVersion") != nullptr &&
         properties->find("metadata") != nullptr;
}

}  // namespace

Result<FieldConfigPtr> field_config_of_crds(format::Arena& arena, const Value& definitions) {
  FieldConfig config;
  if (!definitions.is_map()) return Error(ErrorCode::kInvalid, "a map of OpenAPI definitions is expected");
  CrdReader reader(arena, definitions, config);
  for (const Member& definition : definitions.members()) {
    if (is_object_schema(definition.value)) PAWL_TRY(reader.read_kind(definition));
  }
  sort_all(config);
  return std::make_shared<const FieldConfig>(std::move(config));
}

}  // namespace pawl::render
