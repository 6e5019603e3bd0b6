#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/pieces.h"
#include "core/render/kustomize.h"

namespace pawl::render {

// Where an object is printed, and which object of which manifest file it is (place 0: of none).
struct PrintedObject {
  std::string file;
  std::uint32_t place = 0;
  std::size_t begin = 0;  // in the layer's text
  std::size_t bytes = 0;
};
// A layer's documents one after another: the bytes that `kustomize build` prints for these objects.
struct PrintedLayer {
  std::string name;
  std::string tier;
  std::string text = {};
  std::vector<PrintedObject> objects = {};

  void print(const format::Value& object, std::string file, std::uint32_t place);
  std::string_view text_of(const PrintedObject& object) const {
    return std::string_view(text).substr(object.begin, object.bytes);
  }
};
// A layer without a name.
PrintedLayer print(std::vector<Resource> resources);

struct Printed {
  std::vector<PrintedLayer> layers;
  std::vector<std::string> warnings;
};

// A rendering as people see it.
struct LayerText {
  std::string name;
  std::string tier;
  Pieces text;
};
struct PrintedText {
  std::vector<LayerText> layers;
  std::vector<std::string> warnings;
};
PrintedText text_of(Printed printed);

}  // namespace pawl::render
