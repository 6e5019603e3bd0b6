#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "core/model/parse.h"

namespace pawl::model {

namespace {

using format::Value;

// Layers by name, as applying sees them: the parts of a split are layers too, and share what the whole depends on.
struct Names {
  std::map<std::string, const Layer*> layers;
  std::vector<std::string_view> known;
};

const Value& layer_value(const Value& spec, std::size_t index) { return spec.find("layers")->items()[index]; }

void add_name(FieldReader& reader, const Layer& layer, const LayerName& name, const Value& at, Names& names) {
  if (name.empty()) return;
  auto [other, fresh] = names.layers.emplace(name.str(), &layer);
  if (fresh)
    names.known.push_back(other->first);
  else
    reader.error(find_text(at, name.str()), "twice", fmt::format("there are two layers named \"{}\"", name.str()));
}

Names collect_names(FieldReader& reader, const Content& content, const Value& spec) {
  Names names;
  for (std::size_t i = 0; i < content.layers.size(); ++i) {
    const Layer& layer = content.layers[i];
    const Value& at = layer_value(spec, i);
    add_name(reader, layer, layer.name, at, names);
    for (std::size_t j = 0; j < layer.split.size(); ++j) {
      add_name(reader, layer, layer.split[j].name, at.find("split")->items()[j], names);
    }
  }
  return names;
}

void check_needed(FieldReader& reader, const Content& content, const Value& spec, const Names& names) {
  for (std::size_t i = 0; i < content.layers.size(); ++i) {
    for (const LayerName& needed : content.layers[i].depends_on) {
      if (names.layers.contains(needed.str())) continue;
      std::string near = nearest(needed.str(), names.known);
      reader.error(find_text(*layer_value(spec, i).find("dependsOn"), needed.str()), "unknown-layer",
                   fmt::format("layers[{}].dependsOn names \"{}\", which is no layer", i, needed.str().substr(0, 80)),
                   {}, near.empty() ? "" : fmt::format("did you mean \"{}\"?", near));
    }
  }
}

// Follows dependsOn from `layer`; returns whether it comes back to one on `path`.
bool finds_circle(const Layer* layer, const Names& names, std::vector<const Layer*>& path,
                  std::set<const Layer*>& done) {
  if (done.contains(layer)) return false;
  bool again = std::find(path.begin(), path.end(), layer) != path.end();
  path.push_back(layer);
  if (again) return true;
  for (const LayerName& needed : layer->depends_on) {
    auto next = names.layers.find(needed.str());
    if (next != names.layers.end() && finds_circle(next->second, names, path, done)) return true;
  }
  path.pop_back();
  done.insert(layer);
  return false;
}

std::string name_of_layer(const Layer& layer) {
  return layer.name.empty() && !layer.split.empty() ? layer.split[0].name.str() : layer.name.str();
}

void check_circles(FieldReader& reader, const Content& content, const Value& spec, const Names& names) {
  std::set<const Layer*> done;
  for (const Layer& layer : content.layers) {
    std::vector<const Layer*> path;
    if (!finds_circle(&layer, names, path, done)) continue;
    path.erase(path.begin(), std::find(path.begin(), path.end(), path.back()));
    std::vector<std::string> circle;
    for (const Layer* step : path) circle.push_back(name_of_layer(*step));
    auto index = static_cast<std::size_t>(path[0] - content.layers.data());
    reader.error(*layer_value(spec, index).find("dependsOn"), "cycle",
                 "layers wait for each other: " + join(circle, " -> "));
    return;
  }
}

// A part without select takes everything, so that parts behind it would stay empty.
void check_split(FieldReader& reader, const Layer& layer, const Value& at) {
  for (std::size_t j = 0; j + 1 < layer.split.size(); ++j) {
    if (layer.split[j].select != Select{}) continue;
    reader.error(
        at.find("split")->items()[j], "split",
        fmt::format("\"{}\" takes all that is left, so nothing reaches the parts behind it", layer.split[j].name.str()),
        "give it a select, or put it last");
  }
}

}  // namespace

void lint_layers(FieldReader& reader, const Content& content, const Value& spec) {
  std::size_t count = 0;
  for (const Layer& layer : content.layers) count += std::max<std::size_t>(1, layer.split.size());
  if (count > kMostLayers) {
    return reader.error(*spec.find("layers"), "bound",
                        fmt::format("{} layers; at most {} are read", count, kMostLayers));
  }
  Names names = collect_names(reader, content, spec);
  check_needed(reader, content, spec, names);
  check_circles(reader, content, spec, names);
  for (std::size_t i = 0; i < content.layers.size(); ++i) check_split(reader, content.layers[i], layer_value(spec, i));
}

}  // namespace pawl::model
