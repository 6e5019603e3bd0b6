#include "core/render/scalar.h"
#include "core/render/transform.h"

namespace pawl::render {

using format::Value;

namespace {

// Kinds whose names mean something to the cluster.
bool keeps_its_name(const Gvk& gvk) {
  return gvk.kind == "CustomResourceDefinition" || gvk.kind == "Namespace" ||
         (gvk.kind == "APIService" && gvk.group == "apiregistration.k8s.io");
}

enum class Side : std::uint8_t { kFront, kBack };

Status add_part(World& world, Item& item, std::string_view part, Side side, const FieldPath& path) {
  if (path.spec().path == "metadata/name" && !part.empty()) {
    (side == Side::kFront ? item.prefixes : item.suffixes).push_back(part);
    item.remember(world.schema);
  }
  if (!path.is_for(gvk_of(item.object))) return {};
  return path.apply(world.arena, item.object, Create::kScalar, [&](Value& at) -> Status {
    if (!at.is_scalar()) return Error(ErrorCode::kInvalid, "a name must be text");
    std::string_view old = at.string_or_empty();
    std::string_view front = side == Side::kFront ? part : old;
    set_text(world.arena, at, std::string(front).append(side == Side::kFront ? old : part));
    return {};
  });
}

ItemChange add_parts(World& world, std::string_view part, Side side, std::span<const FieldSpec> specs) {
  return [&world, part, side, paths = field_paths(specs)](Item& item) -> Status {
    Gvk original = item.original_gvk();
    if (keeps_its_name(original)) return {};
    for (const FieldPath& path : paths) {
      if (path.is_for(original)) PAWL_TRY(add_part(world, item, part, side, path));
    }
    return {};
  };
}

}  // namespace

ItemChange add_prefix(World& world, std::string_view prefix, std::span<const FieldSpec> specs) {
  return add_parts(world, prefix, Side::kFront, specs);
}

ItemChange add_suffix(World& world, std::string_view suffix, std::span<const FieldSpec> specs) {
  return add_parts(world, suffix, Side::kBack, specs);
}

Status change_all(ResMap& map, std::span<const ItemChange> changes) {
  if (changes.empty()) return {};
  for (Item& item : map.items()) {
    for (const ItemChange& change : changes) {
      if (Status status = change(item); !status) return about(item, status.error().message);
    }
  }
  map.changed();
  return {};
}

}  // namespace pawl::render
