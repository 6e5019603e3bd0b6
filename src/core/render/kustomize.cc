#include "core/render/kustomize.h"

#include "core/render/build.h"
#include "core/render/load.h"
#include "core/render/scalar.h"
#include "core/render/trace.h"

namespace pawl::render {

using format::Value;

namespace {

std::vector<Resource> resources_of(const std::vector<Item>& items) {
  std::vector<Resource> out;
  out.reserve(items.size());
  for (const Item& item : items) out.push_back({item.object, std::string(item.file), item.place});
  return out;
}

Result<std::vector<Resource>> build(World& world, const Kustomization& k, std::vector<Item> items) {
  Builder builder(world);
  Accumulator all(world.schema);
  PAWL_TRY(all.map.append_all(std::move(items)));
  PAWL_TRY(builder.begin(k));
  PAWL_TRY(builder.run(k, all));
  PAWL_TRY(builder.finish(k, all));
  return resources_of(all.map.items());
}

}  // namespace

Result<std::vector<Resource>> build_kustomization(format::Arena& arena, Files& files, const std::string& folder,
                                                  std::span<const model::Source> sources, Trace* trace) {
  World world{arena, files, sources, trace};
  PAWL_ASSIGN(std::string path, resolve_path(".", folder));
  PAWL_ASSIGN(Kustomization k, load_kustomization(arena, files, path));
  return build(world, k, {});
}

Result<std::vector<Resource>> build_inline(format::Arena& arena, Files& files, const std::string& folder,
                                           const Value& kustomization, std::vector<Resource> resources,
                                           const std::string& origin, std::span<const model::Source> sources,
                                           Trace* trace) {
  World world{arena, files, sources, trace};
  Value text = kustomization.clone(arena);
  write_scalars(arena, text);
  PAWL_ASSIGN(Kustomization k, read_kustomization(text, origin, folder));
  std::vector<Item> items;
  for (Resource& resource : resources) {
    write_scalars(arena, resource.object);
    items.push_back({.object = resource.object, .file = arena.copy(resource.file), .place = resource.place});
  }
  return build(world, k, std::move(items));
}

Result<std::vector<Resource>> load_manifests(format::Arena& arena, Files& files, const std::string& given,
                                             Trace* trace) {
  World world{arena, files, {}, trace};
  PAWL_ASSIGN(std::string path, resolve_path(".", given));
  PAWL_ASSIGN(std::optional<std::vector<std::string>> below, files.list(path));
  std::vector<std::string> paths = below ? std::move(*below) : std::vector<std::string>{path};
  std::vector<Resource> out;
  for (const std::string& file : paths) {
    bool manifest = file.ends_with(".yaml") || file.ends_with(".yml") || file.ends_with(".json");
    if (below && !manifest) continue;
    if (trace != nullptr && trace->passes_over(file)) continue;
    PAWL_ASSIGN(std::optional<std::string_view> bytes, files.read(file));
    if (!bytes) return Error(ErrorCode::kNotFound, "there is no file or folder " + file);
    PAWL_ASSIGN(std::vector<Item> items, load_objects(world, *bytes, file));
    if (trace != nullptr) trace->loaded(file, items);
    for (Item& item : items) {
      PAWL_TRY_WITHIN(read_scalars(arena, item.object), "reading " + file);
      out.push_back({item.object, file, item.place});
    }
  }
  return out;
}

}  // namespace pawl::render
