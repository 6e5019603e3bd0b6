#include "core/render/compose.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/strong.h"
#include "core/model/object.h"
#include "core/model/parameter_schema.h"
#include "core/model/substitute.h"
#include "core/render/trace.h"
#include "format/glob.h"
#include "format/json.h"

namespace pawl::render {

using format::Member;
using format::Value;
using model::Layer;
using model::LayerName;

namespace {

Value merged(format::Arena& arena, const Value& base, const Value& over) {
  if (!base.is_map()) return over.is_null() ? base : over;
  if (!over.is_map()) return over.is_null() ? base : over;
  Value out = Value::map();
  for (const Member& member : base.members()) {
    const Value* above = over.find(member.key);
    out.append_member(arena, member.key, above == nullptr ? member.value : merged(arena, member.value, *above));
  }
  for (const Member& member : over.members()) {
    if (base.find(member.key) == nullptr) out.append_member(arena, member.key, member.value);
  }
  return out;
}

const model::EnvironmentContent* find_environment(const model::Content& content, const model::EnvironmentName& name) {
  for (const model::EnvironmentContent& environment : content.environments) {
    if (environment.name == name) return &environment;
  }
  return nullptr;
}

Error in_project_file(Error error) {
  for (Diagnostic& diagnostic : error.diagnostics) {
    if (diagnostic.file.empty()) diagnostic.file = "pawl.yaml";
  }
  return error;
}

// Of a split, its first part's.
std::string name_of_layer(const Layer& layer) {
  return layer.name.empty() && !layer.split.empty() ? layer.split.front().name.str() : layer.name.str();
}

// Renders one entry of `layers:`, and notes in `out` what is to be said of it.
class LayerRenderer {
 public:
  LayerRenderer(format::Arena& arena, Files& files, std::span<const model::Source> sources,
                const model::Variables& variables, const Inflate& inflate, Trace* trace, Rendering& out)
      : arena_(arena),
        files_(files),
        sources_(sources),
        variables_(variables),
        inflate_(inflate),
        trace_(trace),
        out_(out) {}

  Result<std::vector<Resource>> render(const Layer& layer) {
    PAWL_ASSIGN(std::vector<Resource> resources, load(layer));
    if (layer.fields.is_null()) return resources;
    Result<Value> fields = model::substitute(arena_, layer.fields, variables_);
    if (!fields) return in_project_file(std::move(fields).error());
    return build_inline(arena_, files_, ".", *fields, std::move(resources), "pawl.yaml", sources_, trace_);
  }

 private:
  Result<std::string> path_of(const std::string& written) { return model::substitute_text(written, variables_); }

  Result<std::vector<Resource>> load(const Layer& layer) {
    if (const auto* manifests = std::get_if<model::ManifestsInput>(&layer.input)) {
      PAWL_ASSIGN(std::string path, path_of(manifests->path));
      return load_manifests(arena_, files_, path, trace_);
    }
    if (const auto* kustomize = std::get_if<model::KustomizeInput>(&layer.input)) {
      PAWL_ASSIGN(std::string path, path_of(kustomize->path));
      return build_kustomization(arena_, files_, path, sources_, trace_);
    }
    if (trace_ != nullptr) trace_->entangle();
    PAWL_ASSIGN(ChartLayer chart, render_chart(arena_, files_, layer, variables_, inflate_));
    std::move(chart.departures.begin(), chart.departures.end(), std::back_inserter(out_.departures));
    out_.origins.push_back({name_of_layer(layer), "", chart.summary});
    return std::move(chart.resources);
  }

  format::Arena& arena_;
  Files& files_;
  std::span<const model::Source> sources_;
  const model::Variables& variables_;
  const Inflate& inflate_;
  Trace* trace_;
  Rendering& out_;
};

bool matches_any(const std::vector<std::string>& patterns, std::string_view text) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(),
                                         [&](const std::string& p) { return format::glob_match(p, text); });
}

bool takes(const model::Select& select, const Value& object) {
  model::ObjectId id = model::object_id(object);
  return matches_any(select.kinds, id.kind) && matches_any(select.names, id.name) &&
         matches_any(select.namespaces, id.space);
}

// Takes a rendering apart; each part depends on the one before it.
Result<std::vector<RenderedLayer>> split_layer(const Layer& layer, std::vector<Resource> resources) {
  std::vector<RenderedLayer> parts;
  for (const model::Split& split : layer.split) {
    RenderedLayer part{split.name, split.tier, layer.depends_on, {}};
    if (!parts.empty()) part.depends_on = {parts.back().name};
    parts.push_back(std::move(part));
  }
  for (Resource& resource : resources) {
    auto wanted = std::find_if(layer.split.begin(), layer.split.end(),
                               [&](const model::Split& s) { return takes(s.select, resource.object); });
    if (wanted == layer.split.end()) {
      return Error(ErrorCode::kInvalid, "no part of the split takes " + model::object_id(resource.object).str(),
                   "leave out the last part's select, so that it takes the rest");
    }
    parts[static_cast<std::size_t>(wanted - layer.split.begin())].resources.push_back(std::move(resource));
  }
  return parts;
}

// By dependsOn, otherwise as the file has them.
Result<std::vector<RenderedLayer>> in_order(std::vector<RenderedLayer> layers) {
  std::vector<RenderedLayer> out;
  std::set<LayerName> placed;
  while (!layers.empty()) {
    auto ready = std::find_if(layers.begin(), layers.end(), [&](const RenderedLayer& layer) {
      return std::all_of(layer.depends_on.begin(), layer.depends_on.end(),
                         [&](const LayerName& n) { return placed.contains(n); });
    });
    if (ready == layers.end()) {
      std::string names;
      for (const RenderedLayer& layer : layers) names += (names.empty() ? "" : ", ") + layer.name.str();
      return Error(ErrorCode::kInvalid,
                   "layers depend on each other in a circle, or on one that is not there: " + names);
    }
    placed.insert(ready->name);
    out.push_back(std::move(*ready));
    layers.erase(ready);
  }
  return out;
}

void note_origins(const RenderedLayer& layer, std::vector<Origin>& origins) {
  for (const Resource& resource : layer.resources)
    origins.push_back({layer.name.str(), model::object_id(resource.object).str(), resource.file});
}

std::string origin_of(const model::Content& content, const model::EnvironmentContent& own, const std::string& name) {
  format::Arena arena;
  Value defaults = model::schema_defaults(arena, content.parameter_schema);
  const std::pair<const Value*, std::string> places[] = {{&own.parameters, "environment " + own.name.str()},
                                                         {&content.parameters, "project"},
                                                         {&defaults, "default of parameterSchema"}};
  for (const auto& [values, place] : places) {
    if (const Value* value = values->find(name))
      return "parameters." + name + " = " + format::render_json(*value) + " (" + place + ")";
  }
  return "parameters." + name;
}

}  // namespace

Value effective_parameters(format::Arena& arena, const model::Content& content,
                           const model::EnvironmentName& environment) {
  const model::EnvironmentContent* own = find_environment(content, environment);
  Value project = merged(arena, model::schema_defaults(arena, content.parameter_schema), content.parameters);
  return merged(arena, project, own == nullptr ? Value::null() : own->parameters);
}

Result<Rendering> compose(format::Arena& arena, const model::Content& content,
                          const model::EnvironmentName& environment, Files& files, const Inflate& inflate,
                          Trace* trace) {
  const model::EnvironmentContent* own = find_environment(content, environment);
  if (own == nullptr)
    return Error(ErrorCode::kNotFound, "there is no environment \"" + environment.str() + "\" in the project",
                 "pawl get environments");
  std::set<std::string> used;
  model::Variables variables{environment.str(), effective_parameters(arena, content, environment), &used, {}};
  for (const model::Source& source : content.sources) {
    if (model::has_files(source)) variables.sources.insert(source.name);
  }
  Rendering out;
  LayerRenderer renderer(arena, files, content.sources, variables, inflate, trace, out);
  std::vector<RenderedLayer> layers;
  for (const Layer& layer : content.layers) {
    std::string name = name_of_layer(layer);
    PAWL_ASSIGN_WITHIN(std::vector<Resource> resources, renderer.render(layer),
                       "rendering layer " + name + " for " + environment.str());
    if (layer.split.empty()) {
      layers.push_back({layer.name, layer.tier, layer.depends_on, std::move(resources)});
      continue;
    }
    PAWL_ASSIGN_WITHIN(std::vector<RenderedLayer> parts, split_layer(layer, std::move(resources)),
                       "splitting layer " + name);
    std::move(parts.begin(), parts.end(), std::back_inserter(layers));
  }
  PAWL_ASSIGN(out.layers, in_order(std::move(layers)));
  for (const RenderedLayer& layer : out.layers) note_origins(layer, out.origins);
  for (const std::string& name : used) out.origins.push_back({"", "", origin_of(content, *own, name)});
  for (const Member& member : variables.parameters.members()) {
    if (!used.contains(std::string(member.key))) out.unused_parameters.emplace_back(member.key);
  }
  return out;
}

}  // namespace pawl::render
