#include "tests/sim/layer_texts.h"

#include <algorithm>

namespace pawl::sim {

std::optional<std::map<std::string, std::string>> layers_of(const Sight& sight, const Digest& digest) {
  const model::Bundle* bundle = sight.outside.documents.bundle(digest);
  if (bundle == nullptr) return std::nullopt;
  std::map<std::string, std::string> out;
  for (const model::BundleLayer& layer : bundle->layers) {
    std::optional<std::string> bytes = sight.outside.documents.bytes(layer.blob.digest);
    if (!bytes) return std::nullopt;
    out[layer.name.str()] = std::move(*bytes);
  }
  return out;
}

std::string rest_of_line(const std::string& text, const std::string& start) {
  std::size_t at = text.starts_with(start) ? 0 : text.find("\n" + start);
  if (at == std::string::npos) return "";
  at = text.find(start, at) + start.size();
  return text.substr(at, text.find('\n', at) - at);
}

std::map<std::string, std::string> objects_of(const Sight& sight, const Digest& digest) {
  constexpr std::string_view kBetween = "---\n";
  std::map<std::string, std::string> out;
  for (const auto& [layer, yaml] : layers_of(sight, digest).value_or(std::map<std::string, std::string>())) {
    for (std::size_t from = 0; from < yaml.size();) {
      std::size_t to = std::min(yaml.find(kBetween, from), yaml.size());
      std::string object = yaml.substr(from, to - from);
      from = to + kBetween.size();
      out[rest_of_line(object, "kind: ") + "/" + rest_of_line(object, "  name: ")] = std::move(object);
    }
  }
  return out;
}

}  // namespace pawl::sim
