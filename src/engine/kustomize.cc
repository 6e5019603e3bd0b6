#include "engine/kustomize.h"

#include "core/render/kustomize.h"

namespace pawl::engine {

Result<std::string> kustomize(const std::shared_ptr<ports::Workspace>& workspace, const std::string& folder) {
  format::Arena arena;
  render::Files files([&](const std::string& path) { return workspace->read_file(path); },
                      [&](const std::string& path) { return workspace->list(path); });
  PAWL_ASSIGN(std::vector<render::Resource> resources, render::build_kustomization(arena, files, folder));
  return render::print(resources);
}

}  // namespace pawl::engine
