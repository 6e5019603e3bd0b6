#pragma once

#include <string_view>

#include "format/value.h"

namespace pawl::engine {

// Which files of a policy source are read, and which of their documents.

// Whether a file holds objects: YAML or JSON, and nothing hidden.
bool is_text_of_objects(std::string_view path);

// Whether a document stands among policies and is none: their tests, and how a folder is put together.
bool is_aside(const format::Value& document);

}  // namespace pawl::engine
