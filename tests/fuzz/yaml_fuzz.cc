#include "format/yaml.h"
#include "format/yaml_readers.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/same_tree.h"

// Both readers of YAML on one text, and what the writer makes of it.

namespace pawl {
namespace {

using format::Arena;
using format::Value;

// Line breaks that YAML 1.1 has and the writer prints as they are, as go-yaml does: those do not read back.
bool has_odd_breaks(std::string_view text) {
  auto has = [&](std::string_view bytes) { return text.find(bytes) != std::string_view::npos; };
  return has("\xE2\x80\xA8") || has("\xE2\x80\xA9");
}

void compare_readers(const std::string& text, format::YamlSchema schema) {
  format::YamlOptions options{.schema = schema, .file = "x.yaml"};
  Arena arena;
  std::vector<Value> fast;
  if (text.find('\0') != std::string::npos || !format::read_yaml_fast(arena, text, options, fast)) return;
  Result<std::vector<Value>> events = format::read_yaml_events(arena, text, options);
  check(events.ok(), "what is read fast is YAML");
  check(events->size() == fast.size(), "both readers find the same documents");
  for (std::size_t i = 0; i < fast.size(); ++i) {
    std::string difference = fuzz::difference_of(fast[i], (*events)[i]);
    check(difference.empty(), difference);
  }
}

void write_and_read(const std::string& text) {
  Arena arena;
  Result<std::vector<Value>> documents = format::parse_yaml(arena, text, {.file = "x.yaml"});
  if (!documents) return;
  for (const Value& document : *documents) {
    std::string written = format::render_yaml(document);
    if (has_odd_breaks(written)) continue;
    Result<std::vector<Value>> again = format::parse_yaml(arena, written, {.file = "written.yaml"});
    check(again.ok() && again->size() == 1, "what is written can be read");
    check(format::render_yaml((*again)[0]) == written, "what is written is written the same again");
  }
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text = pawl::fuzz::text_of(data, size);
  pawl::compare_readers(text, pawl::format::YamlSchema::kKubernetes);
  pawl::compare_readers(text, pawl::format::YamlSchema::kStrict12);
  pawl::write_and_read(text);
  return 0;
}
