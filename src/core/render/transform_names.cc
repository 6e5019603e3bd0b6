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
    std::string old(at.string_or_empty());
    set_text(world.arena, at, side == Side::kFront ? std::string(part) + old : old + std::string(part));
    return {};
  });
}

Status add_parts(World& world, ResMap& map, std::string_view part, Side side, std::span<const FieldSpec> specs) {
  std::vector<FieldPath> paths = field_paths(specs);
  for (Item& item : map.items()) {
    Gvk original = item.original(world.schema).gvk;
    if (keeps_its_name(original)) continue;
    for (const FieldPath& path : paths) {
      if (!path.is_for(original)) continue;
      if (Status status = add_part(world, item, part, side, path); !status) return about(item, status.error().message);
    }
  }
  map.changed();
  return {};
}

}  // namespace

Status add_prefix(World& world, ResMap& map, std::string_view prefix, std::span<const FieldSpec> specs) {
  return add_parts(world, map, prefix, Side::kFront, specs);
}

Status add_suffix(World& world, ResMap& map, std::string_view suffix, std::span<const FieldSpec> specs) {
  return add_parts(world, map, suffix, Side::kBack, specs);
}

}  // namespace pawl::render
