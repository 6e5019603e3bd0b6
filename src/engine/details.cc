#include "engine/details.h"

#include <algorithm>

#include "engine/facts.h"

namespace pawl::engine {

Status add_details(World& world, const Context& context, const model::Bundle& bundle, api::ChangesView& changes) {
  auto is_added = [](const api::ObjectView& object) { return object.change == "added"; };
  if (std::none_of(changes.objects.begin(), changes.objects.end(), is_added)) return {};
  format::Arena arena;
  PAWL_ASSIGN(std::vector<drift::DriftObject> objects, read_objects(world, context, arena, bundle));
  for (api::ObjectView& view : changes.objects) {
    auto found = std::find_if(objects.begin(), objects.end(), [&](const auto& o) { return o.id.str() == view.object; });
    bool holds_keys = found != objects.end() && (found->id.kind == "ConfigMap" || found->id.kind == "Secret");
    if (!is_added(view) || !holds_keys) continue;
    std::size_t keys = 0;
    for (const char* part : {"data", "binaryData", "stringData"}) {
      if (const format::Value* data = found->object.find(part)) keys += data->size();
    }
    view.detail = std::to_string(keys) + (keys == 1 ? " key" : " keys");
  }
  return {};
}

}  // namespace pawl::engine
