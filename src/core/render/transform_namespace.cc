#include "core/render/scalar.h"
#include "core/render/transform.h"

namespace pawl::render {

using format::Value;

namespace {

constexpr std::string_view kNamePath = "metadata/name";
constexpr std::string_view kSpacePath = "metadata/namespace";

bool is_binding(std::string_view kind) { return kind == "RoleBinding" || kind == "ClusterRoleBinding"; }

class NamespaceSetter {
 public:
  NamespaceSetter(World& world, const NamespaceChange& change) : world_(world), change_(change) {}

  Status operator()(Value& at) const {
    if (!at.is_scalar()) return Error(ErrorCode::kInvalid, "a namespace must be text");
    if (change_.unset_only && !text_of(&at).empty()) return {};
    at = string_value(world_.arena, change_.space);
    return {};
  }

  // The namespaces of a role binding's subjects.
  Status set_subjects(Value& object) const {
    Value* subjects = object.find("subjects");
    if (change_.subjects == Subjects::kNone || is_null(subjects)) return {};
    if (!subjects->is_list()) return Error(ErrorCode::kInvalid, "subjects must be a list");
    bool by_name = change_.subjects == Subjects::kNamedDefault;
    for (Value& subject : subjects->items()) {
      if (is_null(subject)) continue;
      if (!subject.is_map()) return Error(ErrorCode::kInvalid, "a subject must be a map");
      bool matches = text_at(subject, by_name ? "name" : "kind") == (by_name ? "default" : "ServiceAccount");
      if (!matches) continue;
      Value* space = subject.find("namespace");
      if (space == nullptr) space = &subject.set(world_.arena, "namespace", plain_value(world_.arena, ""));
      PAWL_TRY((*this)(*space));
    }
    return {};
  }

 private:
  World& world_;
  const NamespaceChange& change_;
};

// The specs that are for this object: metadata.namespace is set apart, and metadata.name only of core objects.
bool is_wanted(const FieldSpec& spec, std::string_view api_version, std::string_view kind) {
  if (spec.path == kSpacePath) return false;
  if (spec.path == kNamePath && api_version != "v1") return false;
  return !(is_binding(kind) && is_binding(spec.gvk.kind) && spec.path == "subjects/namespace");
}

Status set_one(World& world, Item& item, const NamespaceChange& change, std::span<const FieldPath> paths) {
  static const FieldPath kSpace(FieldSpec{{}, kSpacePath, true});
  NamespaceSetter setter(world, change);
  std::string_view api_version = text_at(item.object, "apiVersion");
  Gvk gvk = gvk_of(item.object);
  if (!world.schema.is_cluster_scoped(gvk.group, gvk.version, gvk.kind))
    PAWL_TRY(kSpace.apply(world.arena, item.object, Create::kScalar, setter));
  if (is_binding(gvk.kind)) PAWL_TRY(setter.set_subjects(item.object));
  for (const FieldPath& path : paths) {
    if (path.is_for(gvk) && is_wanted(path.spec(), api_version, gvk.kind))
      PAWL_TRY(path.apply(world.arena, item.object, Create::kScalar, setter));
  }
  return {};
}

}  // namespace

Status set_item_namespace(World& world, Item& item, const NamespaceChange& change) {
  return set_one(world, item, change, field_paths(change.specs));
}

Status set_namespace(World& world, ResMap& map, const NamespaceChange& change) {
  if (change.space.empty()) return {};
  std::vector<FieldPath> paths = field_paths(change.specs);
  for (Item& item : map.items()) {
    item.remember(world.schema);
    if (Status status = set_one(world, item, change, paths); !status) return about(item, status.error().message);
  }
  map.changed();
  return map.check_unique();
}

}  // namespace pawl::render
