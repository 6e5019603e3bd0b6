#include "core/render/printed.h"

#include "format/yaml.h"

namespace pawl::render {

void PrintedLayer::print(const format::Value& object, std::string file, std::uint32_t place) {
  if (!objects.empty()) text += "---\n";
  std::size_t begin = text.size();
  format::render_yaml(object, text);
  objects.push_back({std::move(file), place, begin, text.size() - begin});
}

PrintedLayer print(std::vector<Resource> resources) {
  constexpr std::size_t kSample = 128;  // objects that tell how much text to expect
  PrintedLayer out;
  out.objects.reserve(resources.size());
  for (Resource& resource : resources) {
    if (out.objects.size() == kSample) out.text.reserve(out.text.size() / kSample * resources.size() * 9 / 8);
    out.print(resource.object, std::move(resource.file), resource.place);
  }
  return out;
}

PrintedText text_of(Printed printed) {
  PrintedText out{{}, std::move(printed.warnings)};
  for (PrintedLayer& layer : printed.layers)
    out.layers.push_back({std::move(layer.name), std::move(layer.tier), std::move(layer.text)});
  return out;
}

}  // namespace pawl::render
