#include "core/render/printed.h"

#include "format/yaml.h"

namespace pawl::render {

PrintedObject print(const format::Value& object, const std::string& file, std::uint32_t place) {
  PrintedObject out{file, place, {}};
  format::render_yaml(object, out.text);
  return out;
}

std::vector<PrintedObject> print(const std::vector<Resource>& resources) {
  std::vector<PrintedObject> out;
  out.reserve(resources.size());
  for (const Resource& resource : resources) out.push_back(print(resource.object, resource.file, resource.place));
  return out;
}

std::string text_of(const std::vector<PrintedObject>& objects) {
  std::size_t bytes = 0;
  for (const PrintedObject& object : objects) bytes += object.text.size() + kBetweenDocuments.size();
  std::string out;
  out.reserve(bytes);
  for (const PrintedObject& object : objects) {
    if (!out.empty()) out += kBetweenDocuments;
    out += object.text;
  }
  return out;
}

PrintedText text_of(const Printed& printed) {
  PrintedText out{{}, printed.warnings};
  for (const PrintedLayer& layer : printed.layers)
    out.layers.push_back({layer.name, layer.tier, text_of(layer.objects)});
  return out;
}

}  // namespace pawl::render
