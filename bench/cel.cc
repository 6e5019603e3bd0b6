// How much processor time one evaluation takes: bench_cel FILE N, over N of each. FILE holds a request per line, as
// tests/cel/celgo takes them, so that `celgo bench FILE N` measures the other implementation.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "core/cel/program.h"
#include "format/json.h"
#include "os/file.h"

namespace {

using namespace pawl;

double nanoseconds(const cel::Program& program, const cel::Environment& environment, const format::Value& bindings,
                   std::size_t count) {
  cel::Activation activation(environment);
  for (const format::Member& binding : bindings.members()) activation.bind(binding.key, binding.value);
  cel::Arena arena;
  std::uint64_t cost = 0;
  std::clock_t start = std::clock();
  for (std::size_t i = 0; i < count; ++i) {
    arena.reset();
    cost += program.evaluate(activation, arena).cost;
  }
  double took = 1e9 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  if (cost == 1) std::printf(" ");  // so that nothing is optimized away
  return took / static_cast<double>(count);
}

void measure(const std::string& line, std::size_t count) {
  format::Document document = format::parse_json_document(line).value();
  cel::Environment environment(cel::Dialect::kKubernetes);
  const format::Value& bindings = *document.root.find("bindings");
  for (const format::Member& binding : bindings.members()) environment.declare(std::string(binding.key), cel::Type());
  std::string expression(document.root.string_at("expr"));
  Result<cel::Program> program = cel::Program::compile(environment, expression);
  if (!program) {
    std::printf("%s\n", program.error().message.c_str());
    return;
  }
  nanoseconds(*program, environment, bindings, count / 10 + 1);
  std::printf("%10.1f ns  %s\n", nanoseconds(*program, environment, bindings, count), expression.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::string text = os::read_file(argv[1]).value();
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    measure(text.substr(begin, end - begin), std::strtoul(argv[2], nullptr, 10));
    begin = end + 1;
  }
  return 0;
}
