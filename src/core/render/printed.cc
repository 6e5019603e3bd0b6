#include "core/render/printed.h"

#include "format/yaml.h"

namespace pawl::render {

void PrintedLayer::print(const format::Value& object, std::string file, std::uint32_t place) {
  if (!objects.empty()) text += "---\n";
  std::size_t begin = text.size();
  format::render_yaml(object, text);
  objects.push_back({std::move(file), place, begin, text.size() - begin});
}

PrintedLayer print(const std::vector<Resource>& resources) {
  PrintedLayer out;
  out.objects.reserve(resources.size());
  for (const Resource& resource : resources) out.print(resource.object, resource.file, resource.place);
  return out;
}

PrintedText text_of(Printed printed) {
  PrintedText out{{}, std::move(printed.warnings)};
  for (PrintedLayer& layer : printed.layers)
    out.layers.push_back({std::move(layer.name), std::move(layer.tier), std::move(layer.text)});
  return out;
}

}  // namespace pawl::render
