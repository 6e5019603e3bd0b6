#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::cel::lib {

// A format that Kubernetes' CEL knows by name: format.dns1123Label(), format.named("uri") ...
// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-format-library
struct NamedFormat {
  std::string_view function;  // "dns1123Label"
  std::string_view name;      // "DNS1123Label", which formats compare by
  std::size_t regex_size;     // the length of pattern that Kubernetes reckons a validation's cost with
  // What is wrong with the text, in Kubernetes' words; empty when nothing is.
  std::vector<std::string> (*validate)(std::string_view text);
};

std::span<const NamedFormat> named_formats();
// nullptr where there is none.
const NamedFormat* find_named_format(std::string_view function);

}  // namespace pawl::cel::lib
