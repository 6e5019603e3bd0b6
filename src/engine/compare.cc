#include "engine/compare.h"

#include "engine/facts.h"

namespace pawl::engine {

namespace {

Result<std::vector<drift::ObjectChange>> between(World& world, const Context& context,
                                                 const std::optional<crypto::Digest>& from, const crypto::Digest& to) {
  format::Arena arena;
  std::vector<drift::DriftObject> before;
  if (from) {
    PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, *from));
    PAWL_ASSIGN(before, read_objects(world, context, arena, bundle));
  }
  PAWL_ASSIGN(model::Bundle bundle, read_bundle(world, context, to));
  PAWL_ASSIGN(std::vector<drift::DriftObject> after, read_objects(world, context, arena, bundle));
  return drift::difference(before, after);
}

}  // namespace

std::vector<drift::DriftObject> objects_of_live(format::Arena& arena, const ports::Live& live,
                                                std::vector<std::string>& unreadable) {
  std::vector<drift::DriftObject> out;
  for (const auto& [layer, text] : live.layers) {
    Result<std::vector<drift::DriftObject>> objects = drift::objects_of(arena, layer, text);
    if (objects)
      out.insert(out.end(), objects->begin(), objects->end());
    else
      unreadable.push_back(layer);
  }
  return out;
}

Result<std::vector<drift::ObjectChange>> bundle_difference(World& world, const Context& context,
                                                           const std::optional<crypto::Digest>& from,
                                                           const crypto::Digest& to) {
  if (from == to) return std::vector<drift::ObjectChange>();
  return between(world, context, from, to);
}

}  // namespace pawl::engine
