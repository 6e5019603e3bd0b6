#include "format/json.h"
#include "tests/fuzz/fuzz.h"

namespace pawl {
namespace {

using format::Arena;
using format::Value;

void run(const std::string& text) {
  Arena arena;
  Result<Value> value = format::parse_json(arena, text, {.file = "x.json"});
  if (!value) return;
  // 1.0 is written as 1, which reads as a whole number: texts are compared, not trees.
  std::string written = format::render_json(*value);
  Result<Value> again = format::parse_json(arena, written);
  check(again.ok() && format::render_json(*again) == written, "JSON reads back as it was written");
  Result<Value> pretty = format::parse_json(arena, format::render_json_pretty(*value));
  check(pretty.ok() && format::render_json(*pretty) == written, "pretty JSON reads back as it was written");
  Result<std::string> canonical = format::canonical_json(*value);
  if (!canonical) return;
  Result<Value> reread = format::parse_json(arena, *canonical);
  check(reread.ok() && format::canonical_json(*reread).value() == *canonical, "canonical JSON is canonical");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}
