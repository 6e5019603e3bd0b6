#include "core/render/kustomize.h"

#include "core/render/build.h"
#include "format/yaml.h"

namespace pawl::render {

using format::Value;

namespace {

std::vector<Resource> resources_of(const Items& items) {
  std::vector<Resource> out;
  out.reserve(items.size());
  for (const Item& item : items) out.push_back({item.object, item.file});
  return out;
}

}  // namespace

Result<std::vector<Resource>> build_kustomization(format::Arena& arena, Files& files, const std::string& folder) {
  Builder builder(arena, files);
  Items items;
  PAWL_ASSIGN(std::string path, resolve_path(".", folder));
  PAWL_ASSIGN(Kustomization k, load_kustomization(arena, files, path));
  PAWL_TRY_WITHIN(builder.run_folder(path, k.component, items), "building " + path);
  PAWL_TRY(builder.finish(k, items));
  return resources_of(items);
}

Result<std::vector<Resource>> build_inline(format::Arena& arena, Files& files, const std::string& folder,
                                           const Value& kustomization, std::vector<Resource> resources,
                                           const std::string& origin) {
  PAWL_ASSIGN(Kustomization k, check_kustomization(arena, kustomization, origin, folder));
  Items items;
  for (Resource& resource : resources) items.push_back({.object = resource.object, .file = std::move(resource.file)});
  Builder builder(arena, files);
  PAWL_TRY(builder.run(k, items));
  PAWL_TRY(builder.finish(k, items));
  return resources_of(items);
}

Result<std::vector<Resource>> load_manifests(format::Arena& arena, Files& files, const std::string& given) {
  PAWL_ASSIGN(std::string path, resolve_path(".", given));
  PAWL_ASSIGN(std::optional<std::vector<std::string>> below, files.list(path));
  std::vector<std::string> paths = below ? std::move(*below) : std::vector<std::string>{path};
  std::vector<Resource> out;
  for (const std::string& file : paths) {
    bool manifest = file.ends_with(".yaml") || file.ends_with(".yml") || file.ends_with(".json");
    if (below && !manifest) continue;
    PAWL_ASSIGN(std::optional<std::string_view> bytes, files.read(file));
    if (!bytes) return Error(ErrorCode::kNotFound, "there is no file or folder " + file);
    PAWL_ASSIGN(std::vector<Value> documents, format::parse_yaml(arena, std::string(*bytes), {.file = file}));
    PAWL_ASSIGN(Items items, items_of(documents, file));
    for (Item& item : items) out.push_back({item.object, item.file});
  }
  return out;
}

std::string print(const std::vector<Resource>& resources) {
  std::string out;
  for (const Resource& resource : resources) {
    if (!out.empty()) out += "---\n";
    format::render_yaml(resource.object, out);
  }
  return out;
}

}  // namespace pawl::render
