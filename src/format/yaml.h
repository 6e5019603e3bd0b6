#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "format/value.h"

namespace pawl::format {

// How a plain scalar is read.
enum class YamlSchema : std::uint8_t {
  kKubernetes,  // YAML 1.1 as sigs.k8s.io/yaml and kustomize read it: yes/no/on/off, 0o17, 017, 1_000, .inf
  kStrict12,    // YAML 1.2 core: true/false/null only; for Pawl's own files
  kText,        // every scalar stays the string it is written as; quoted() tells which ones resolve_plain() would read
};

struct YamlOptions {
  YamlSchema schema = YamlSchema::kKubernetes;
  std::string file;        // named in diagnostics
  bool last_wins = false;  // a key that stands twice in a map counts where it stands last, and is no error
  std::size_t max_bytes = limits::kDocumentBytes;
  std::size_t max_depth = limits::kDepth;
};

// Reads every document of a stream into `arena`. Aliases are expanded (bounded), merge keys (<<) are applied, tags
// other than YAML's own are refused. Errors: kInvalid with diagnostics: syntax, duplicate keys (all of them), recursive
// or exploding aliases, a bound passed, UTF-16, NUL. Empty documents are left out. Thread-safe for distinct arenas.
Result<std::vector<Value>> parse_yaml(Arena& arena, std::string text, const YamlOptions& options);
// As above for text that must hold exactly one document.
Result<Document> parse_yaml_document(std::string text, const YamlOptions& options);

enum class KeyOrder : std::uint8_t { kSorted, kAsWritten };

// Appends `value` as one block-style document to `out`, as sigs.k8s.io/yaml (and so kustomize) prints it: sequences not
// indented under their key, ambiguous strings quoted, multi-line strings as block scalars, keys in its natural order.
void render_yaml(const Value& value, std::string& out, KeyOrder order = KeyOrder::kSorted);
std::string render_yaml(const Value& value, KeyOrder order = KeyOrder::kSorted);

}  // namespace pawl::format
