#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/model/content.h"
#include "core/render/helm_layer.h"
#include "core/render/kustomize.h"

namespace pawl::render {

struct RenderedLayer {
  model::LayerName name;
  model::Tier tier = model::Tier::kApplication;
  std::vector<model::LayerName> depends_on;
  std::vector<Resource> resources;
};

// Where a value of the rendering came from, for `render --explain`.
struct Origin {
  std::string layer;
  std::string object;  // "Deployment/checkout"; "" for the layer itself
  std::string from;    // "parameters.replicas = 3 (environment staging)", "deploy/base/web.yaml"
  auto operator<=>(const Origin&) const = default;
};

struct Rendering {
  std::vector<RenderedLayer> layers;  // in apply order: dependsOn, then the order of the file
  std::vector<Origin> origins;
  std::vector<std::string> unused_parameters;
  std::vector<std::string> departures;  // what charts do that no release decides, each with the reason given
};

// Renders every layer of `content` for one environment: $(environment) and $(parameters.x) replaced in layer fields,
// inputs loaded, inline fields applied, splits taken apart (first match wins, the last takes the rest). A function of
// its arguments and of nothing else. Errors: kInvalid: missing parameters, unknown layers in dependsOn, cycles, an
// object that no split takes, one object in two layers; kNotFound for inputs; those of `inflate`, which renders charts.
Result<Rendering> compose(format::Arena& arena, const model::Content& content,
                          const model::EnvironmentName& environment, Files& files, const Inflate& inflate,
                          Trace* trace = nullptr);

// The parameters in force: the schema's defaults under the project's under the environment's own. Maps merge; lists and
// scalars replace.
format::Value effective_parameters(format::Arena& arena, const model::Content& content,
                                   const model::EnvironmentName& environment);

}  // namespace pawl::render
