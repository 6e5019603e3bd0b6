#pragma once

#include <cstdint>
#include <string>

#include "format/value.h"

namespace pawl::render {

// JSON as Go's encoding/json prints it, byte for byte: keys sorted by bytes; <, >, & and the two line separators
// escaped. https://pkg.go.dev/encoding/json#Marshal

enum class JsonLayout : std::uint8_t {
  kCompact,
  kIndented,  // two spaces a level, nothing at the end
};

std::string go_json(const format::Value& value, JsonLayout layout = JsonLayout::kCompact);

}  // namespace pawl::render
