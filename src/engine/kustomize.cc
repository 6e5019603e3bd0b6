#include "engine/kustomize.h"

#include <fmt/format.h>

#include "core/model/release.h"
#include "core/render/kustomize.h"

namespace pawl::engine {

Result<Pieces> kustomize(const RenderCache& cache, const ports::Workspace& workspace, const std::string& folder) {
  auto work = [&](render::Files& files, render::Trace* trace) -> Result<render::Printed> {
    format::Arena arena;
    PAWL_ASSIGN(std::vector<render::Resource> resources, render::build_kustomization(arena, files, folder, {}, trace));
    render::Printed printed;
    printed.layers.push_back(print(std::move(resources)));
    return printed;
  };
  std::string key = fmt::format("kustomize {}\n{}\n{}", model::kRendererVersion, workspace.root(), folder);
  PAWL_ASSIGN(render::PrintedText text, cache.print(crypto::sha256(key), work));
  return std::move(text.layers.front().text);
}

}  // namespace pawl::engine
