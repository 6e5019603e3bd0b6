#include <algorithm>
#include <array>

#include "core/render/build.h"
#include "core/render/generate.h"
#include "core/render/name_reference.h"
#include "core/render/scalar.h"
#include "core/render/trace.h"
#include "core/render/transform.h"
#include "core/render/variable.h"

// What a whole build ends with.

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

constexpr std::string_view kInternal = "internal.config.kubernetes.io/";
// Annotations that kustomize keeps for itself, and takes away from objects that came with them.
constexpr auto kOwnAnnotations = std::to_array<std::string_view>(
    {"previousKinds", "previousNames", "prefixes", "suffixes", "previousNamespaces", "allowNameChange",
     "allowKindChange", "refBy", "generatorBehavior", "needsHashSuffix", "path", "index", "seqindent", "id",
     "annotations-migration-resource-id", "helm-generated"});
constexpr auto kOldAnnotations =
    std::to_array<std::string_view>({"config.kubernetes.io/path", "config.kubernetes.io/index", "config.k8s.io/id"});

bool is_own(std::string_view key) {
  if (std::find(kOldAnnotations.begin(), kOldAnnotations.end(), key) != kOldAnnotations.end()) return true;
  if (!key.starts_with(kInternal)) return false;
  key.remove_prefix(kInternal.size());
  return std::find(kOwnAnnotations.begin(), kOwnAnnotations.end(), key) != kOwnAnnotations.end();
}

// Every annotation becomes text, and kustomize's own go; so does a map that held those alone.
void clean_annotations(format::Arena& arena, Item& item, bool origin, bool transformations) {
  Value* metadata = item.object.find("metadata");
  Value* annotations = metadata == nullptr ? nullptr : metadata->find("annotations");
  if (annotations == nullptr || !annotations->is_map() || (annotations->empty() && !item.touched)) return;
  Value kept = Value::map();
  for (const Member& member : annotations->members()) {
    bool drops = is_own(member.key) || (!origin && member.key == kOriginAnnotation) ||
                 (!transformations && member.key == kTransformationsAnnotation);
    if (drops) continue;
    Value text = member.value.is_scalar() ? string_value(arena, member.value.string_or_empty()) : Value::string_ref("");
    if (member.value.is_scalar() && !text.quoted() && member.value.quoted()) text.set_quoted(true);
    kept.append_member(arena, member.key, text, member.key_at);
  }
  if (kept.empty())
    metadata->erase("annotations");
  else
    *annotations = kept;
}

}  // namespace

Status Builder::finish(const Kustomization& k, Accumulator& all) {
  std::vector<Item>& items = all.map.items();
  PAWL_TRY(add_hashes(world_, items));
  all.map.changed();
  PAWL_TRY(fix_references(world_, all.map, *all.config));
  PAWL_TRY(replace_variables(world_, all.map, all.variables, all.config->variable_references));
  std::erase_if(items, [&](const Item& item) {
    if (world_.trace != nullptr) world_.trace->built(item);
    return is_local(item);
  });
  Result<void> sorted = sort_objects(world_, items, k.sort.value_or(SortOptions{.order = "legacy"}));
  if (!sorted) return placed(k, {1, 1}, std::move(sorted).error());
  all.map.changed();
  if (k.builds("managedByLabel")) {
    static const FieldSpec kLabels{{}, "metadata/labels", true};
    ItemChange label = add_labels(world_, {{"app.kubernetes.io/managed-by", "kustomize-v5.8.2"}}, {&kLabels, 1});
    PAWL_TRY(change_all(all.map, {&label, 1}));
  }
  for (Item& item : items) {
    clean_annotations(world_.arena, item, k.builds("originAnnotations"), k.builds("transformerAnnotations"));
    if (Status status = read_scalars(world_.arena, item.object); !status) return about(item, status.error().message);
  }
  return {};
}

}  // namespace pawl::render
