#include "core/cel/program.h"
#include "format/json.h"
#include "tests/fuzz/fuzz.h"

namespace pawl {
namespace {

constexpr std::string_view kData =
    R"({"object": {"a": [1, 2.5, "x", null, true, {"b": "c"}], "s": "text", "n": 7}, "l": [3, 1, 2], "m": {"k": 1}})";

void evaluate(const Result<cel::Program>& program, const cel::Environment& environment, const format::Value& data) {
  if (!program) return;
  cel::Activation activation(environment);
  for (const format::Member& member : data.members()) activation.bind(member.key, member.value);
  cel::Arena arena;
  arena.set_limit(std::size_t{16} << 20);
  cel::Evaluation first = program->evaluate(activation, arena, {.cost = 100'000});
  cel::Arena other;
  other.set_limit(std::size_t{16} << 20);
  cel::Evaluation second = program->evaluate(activation, other, {.cost = 100'000});
  check(first.cost == second.cost && first.value.kind() == second.value.kind(), "an expression is a function");
}

void run(const std::string& text) {
  static const format::Document kDocument = format::parse_json_document(std::string(kData)).value();
  for (cel::Dialect dialect : {cel::Dialect::kStandard, cel::Dialect::kKubernetes}) {
    cel::Environment environment(dialect);
    for (const format::Member& member : kDocument.root.members())
      environment.declare(std::string(member.key), cel::Type::dyn());
    evaluate(cel::Program::compile(environment, text), environment, kDocument.root);
    evaluate(cel::Program::compile_unchecked(environment, text), environment, kDocument.root);
  }
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}
