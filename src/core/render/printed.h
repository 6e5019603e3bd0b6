#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/render/kustomize.h"

namespace pawl::render {

// One object as it is printed, and which object of which manifest file it is (place 0: of none).
struct PrintedObject {
  std::string file;
  std::uint32_t place = 0;
  std::string text;
};
struct PrintedLayer {
  std::string name;
  std::string tier;
  std::vector<PrintedObject> objects;
};
struct Printed {
  std::vector<PrintedLayer> layers;
  std::vector<std::string> warnings;
};

PrintedObject print(const format::Value& object, const std::string& file, std::uint32_t place);
std::vector<PrintedObject> print(const std::vector<Resource>& resources);

// What stands between two documents.
inline constexpr std::string_view kBetweenDocuments = "---\n";
// The bytes that `kustomize build` prints for these objects.
std::string text_of(const std::vector<PrintedObject>& objects);

// A rendering as people see it: every layer's documents one after another.
struct LayerText {
  std::string name;
  std::string tier;
  std::string text;
};
struct PrintedText {
  std::vector<LayerText> layers;
  std::vector<std::string> warnings;
};
PrintedText text_of(const Printed& printed);

}  // namespace pawl::render
