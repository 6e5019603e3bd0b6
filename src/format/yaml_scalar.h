#pragma once

#include <string_view>

#include "format/value.h"
#include "format/yaml.h"

namespace pawl::format {

// Reads a plain (unquoted) scalar. kKubernetes reads as kustomize's loader does (go-yaml v3 into untyped data): true
// and false in three spellings, 0777 and 0o777 octal, 0x and 0b, underscores in numbers, .inf and .nan; a date becomes
// the text of its RFC 3339 time; "yes" and "on" stay strings. kStrict12 reads the YAML 1.2 core schema. `text` must
// live in `arena`.
Value resolve_plain(Arena& arena, std::string_view text, YamlSchema schema);

// Whether it stands for null, in every schema: "", ~, null, Null, NULL.
bool is_null_word(std::string_view text);

// Whether a plain `text` would be read as anything but a string by a YAML 1.1 reader (go-yaml v2, what prints
// manifests): yes, on, null, numbers, base-60 numbers, timestamps. Such strings are quoted on output.
bool needs_quotes(std::string_view text);
// No word is longer that means something: "false".
inline constexpr std::size_t kLongestWord = 5;

}  // namespace pawl::format
