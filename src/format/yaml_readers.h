#pragma once

#include <string_view>
#include <vector>

#include "format/yaml.h"

namespace pawl::format {

// The two readers behind parse_yaml(). `text` must live in `arena`, end in a NUL that does not count, and hold no
// other.

// Reads all of YAML through libyaml's events, and is the one that reports errors.
Result<std::vector<Value>> read_yaml_events(Arena& arena, std::string_view text, const YamlOptions& options);

// Reads, several times as fast, the YAML that manifests are written in: block and flow collections, plain, quoted and
// block scalars, comments, documents behind "---". Returns false and promises nothing of `documents` for all else
// (anchors, aliases, tags, merge keys, complex keys, directives, tabs between tokens, CR, what is bound to be an
// error); what it does read is what the other reader makes of it, positions included. Texts without escapes and line
// breaks are views into `text`.
bool read_yaml_fast(Arena& arena, std::string_view text, const YamlOptions& options, std::vector<Value>& documents);

}  // namespace pawl::format
