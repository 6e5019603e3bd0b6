// Compares with cel-go on expressions that a seed decides: cel_differential COUNT [SEED]. The other program is built
// from tests/cel/celgo and named by PAWL_CELGO; where it is absent the comparison is skipped (77).
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "core/cel/program.h"
#include "format/json.h"
#include "os/file.h"
#include "os/process.h"
#include "os/system.h"
#include "tests/cel/generator.h"

namespace pawl {
namespace {

using cel::Type;
using cel::Value;

constexpr std::string_view kBindings = R"({
  "object": {
    "apiVersion": "apps/v1", "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "prod", "labels": {"app": "web", "tier": "front"}, "finalizers": ["x", "y"]},
    "spec": {"replicas": 3, "paused": false, "ratio": 0.5, "containers": [
      {"name": "web", "image": "registry.example.com/web:1.2.3", "ports": [80, 443]},
      {"name": "side", "image": "registry.example.com/side:latest", "ports": []}]}
  },
  "any": {"a": {"b": {"c": [1, 2, 3]}}, "n": null, "f": 1.5},
  "i": 7, "n": -3, "d": 2.5, "s": "hello, world", "b": true, "l": [4, 8, 15, 16, 23, 42], "t": ["a", "web", "zzz"],
  "m": {"a": 1},
  "long": "the quick brown fox jumps over the lazy dog and the dog does not mind it in the least, as dogs go"
})";

const std::map<std::string, std::string> kTypes = {
    {"object", "dyn"}, {"any", "dyn"}, {"i", "int"},       {"n", "int"},          {"d", "double"},
    {"s", "string"},   {"b", "bool"},  {"l", "list(int)"}, {"t", "list(string)"}, {"m", "map(string, int)"},
    {"long", "string"}};

Type type_named(const std::string& name) {
  using Kind = Type::Kind;
  if (name == "int") return Type::simple(Kind::kInt);
  if (name == "double") return Type::simple(Kind::kDouble);
  if (name == "string") return Type::simple(Kind::kString);
  if (name == "bool") return Type::simple(Kind::kBool);
  if (name == "list(int)") return Type::list(Type::simple(Kind::kInt));
  if (name == "list(string)") return Type::list(Type::simple(Kind::kString));
  if (name == "map(string, int)") return Type::map(Type::simple(Kind::kString), Type::simple(Kind::kInt));
  return Type::dyn();
}

// As celgo writes values.
std::string text_of(const Value& value) {
  using Kind = Value::Kind;
  switch (value.kind()) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return value.as_bool() ? "true" : "false";
    case Kind::kInt:
      return std::to_string(value.as_int());
    case Kind::kUint:
      return std::to_string(value.as_uint()) + "u";
    case Kind::kDouble: {
      if (value.as_double() != value.as_double()) return "NaN";
      if (value.as_double() - value.as_double() != 0) return value.as_double() > 0 ? "d+Inf" : "d-Inf";
      char buffer[64];
      auto end = std::to_chars(buffer, buffer + sizeof buffer, value.as_double(), std::chars_format::scientific).ptr;
      return "d" + std::string(buffer, end);
    }
    case Kind::kString:
      return "\"" + to_base64(value.text()) + "\"";
    case Kind::kBytes:
      return "b\"" + to_base64(value.text()) + "\"";
    case Kind::kDuration:
      return "duration " + std::to_string(value.duration_nanos());
    case Kind::kTimestamp:
      return "timestamp " + std::to_string(value.instant().seconds) + "." + std::to_string(value.instant().nanos);
    case Kind::kOptional:
      return value.has_value() ? "optional(" + text_of(value.optional_value()) + ")" : "none";
    case Kind::kType:
      return "type " + std::string(value.text());
    case Kind::kOpaque:
      return "opaque " + std::string(cel::type_name(value));
    case Kind::kError:
      return "error " + std::string(value.text());
    case Kind::kAbsent:
      return "absent";
    case Kind::kList: {
      std::string out = "[";
      for (std::size_t i = 0; i < value.size(); ++i) out += (i == 0 ? "" : ",") + text_of(value.item(i));
      return out + "]";
    }
    case Kind::kMap: {
      std::vector<std::string> parts;
      for (std::size_t i = 0; i < value.size(); ++i)
        parts.push_back(text_of(value.key(i)) + ":" + text_of(value.entry(i)));
      std::sort(parts.begin(), parts.end());
      std::string out = "{";
      for (const std::string& part : parts) out += (out.size() == 1 ? "" : ",") + part;
      return out + "}";
    }
  }
  return "";
}

struct Answer {
  std::string compile;
  std::string type;
  std::string value;
  std::string error;
  std::uint64_t cost = 0;
};

class Ours {
 public:
  explicit Ours(cel::Dialect dialect) : environment_(dialect) {
    bindings_ = format::parse_json_document(std::string(kBindings)).value();
    for (const auto& [name, type] : kTypes) environment_.declare(name, type_named(type));
  }

  Answer evaluate(const std::string& expression) {
    Answer answer;
    Result<cel::Program> program = cel::Program::compile(environment_, expression);
    if (!program) {
      answer.compile = program.error().message;
      return answer;
    }
    answer.type = program->type().text();
    cel::Arena arena;
    cel::Activation activation(environment_);
    for (const format::Member& member : bindings_.root.members()) activation.bind(member.key, member.value);
    cel::Evaluation done = program->evaluate(activation, arena);
    answer.cost = done.cost;
    (done.value.is_error() ? answer.error : answer.value) =
        done.value.is_error() ? std::string(done.value.error_text()) : text_of(done.value);
    return answer;
  }

 private:
  cel::Environment environment_;
  format::Document bindings_;
};

Answer theirs(const std::string& line) {
  format::Document document = format::parse_json_document(line).value();
  const format::Value& root = document.root;
  const format::Value* cost = root.find("cost");
  return {std::string(root.string_at("compile")), std::string(root.string_at("type")),
          std::string(root.string_at("value")), std::string(root.string_at("error")), cost->as_uint()};
}

std::string request(const std::string& dialect, const std::string& expression) {
  format::Arena arena;
  format::Document bindings = format::parse_json_document(std::string(kBindings)).value();
  format::Value types = format::Value::map();
  for (const auto& [name, type] : kTypes) types.set(arena, name, type);
  format::Value root = format::Value::map();
  root.set(arena, "dialect", dialect);
  root.set(arena, "expr", expression);
  root.set(arena, "variables", types);
  root.set(arena, "bindings", bindings.root);
  return format::render_json(root);
}

std::vector<std::string> generated(std::size_t count, std::uint64_t seed) {
  cel_testing::Generator generator(seed);
  std::vector<std::string> expressions;
  for (std::size_t i = 0; i < count; ++i) expressions.push_back(generator.expression());
  return expressions;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// Go's maps have no order: what is made by walking through one holds the same in another order.
bool same_but_for_order(std::string a, std::string b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

// What both programs said of each expression.
std::optional<std::vector<Answer>> ask(const std::string& program, const std::vector<std::string>& expressions) {
  std::string requests;
  for (const std::string& expression : expressions) requests += request("kubernetes", expression) + "\n";
  std::string file = os::environment("TMPDIR").value_or("/tmp") + "/pawl_cel_" + std::to_string(getpid()) + ".jsonl";
  if (!os::write_file(file, requests).ok()) return std::nullopt;
  os::Command command;
  command.argv = {program, "check", file};
  command.environment = os::inherited_environment();
  command.max_output = 256u << 20;
  Result<os::CommandResult> ran = os::run(Context{}, command);
  std::remove(file.c_str());
  if (!ran || ran->exit_status != 0) {
    std::printf("%s failed: %s\n", program.c_str(), ran ? ran->errors.c_str() : ran.error().text().c_str());
    return std::nullopt;
  }
  std::vector<Answer> answers;
  for (const std::string& line : lines_of(ran->output)) answers.push_back(theirs(line));
  return answers;
}

// Returns in what two answers differ, or nothing.
std::string difference(const Answer& a, const Answer& b) {
  std::string out;
  auto compare = [&](const char* what, const std::string& x, const std::string& y) {
    if (x != y) out += std::string("  ") + what + "\n    ours   " + x + "\n    theirs " + y + "\n";
  };
  compare("compile", a.compile, b.compile);
  if (!a.compile.empty() || !b.compile.empty()) return out;
  compare("type", a.type, b.type);
  if (!same_but_for_order(a.value, b.value)) compare("value", a.value, b.value);
  compare("error", a.error, b.error);
  compare("cost", std::to_string(a.cost), std::to_string(b.cost));
  return out;
}

struct Counts {
  std::size_t values = 0;
  std::size_t errors = 0;
  std::size_t refused = 0;
  std::size_t broken = 0;
};

// Returns the expressions that differ.
std::vector<std::string> compare_once(const std::string& program, const std::vector<std::string>& expressions,
                                      Counts& counts, bool print) {
  std::optional<std::vector<Answer>> answers = ask(program, expressions);
  if (!answers || answers->size() != expressions.size()) std::exit(2);
  Ours ours(cel::Dialect::kKubernetes);
  std::vector<std::string> differing;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const Answer& b = (*answers)[i];
    // Its own mistakes are nobody's model.
    if (b.error.starts_with("panic: ") || b.error.starts_with("internal error: ")) {
      ++counts.broken;
      continue;
    }
    ++(!b.compile.empty() ? counts.refused : !b.error.empty() ? counts.errors : counts.values);
    std::string problem = difference(ours.evaluate(expressions[i]), b);
    if (problem.empty()) continue;
    differing.push_back(expressions[i]);
    if (print) std::printf("DIFFERS %s\n%s", expressions[i].c_str(), problem.c_str());
  }
  return differing;
}

int compare(const std::string& program, const std::vector<std::string>& expressions) {
  Counts counts;
  std::vector<std::string> differing = compare_once(program, expressions, counts, false);
  // Go walks through a map in another order each time: what agrees once agrees.
  constexpr int kTries = 10;
  for (int i = 0; i < kTries && !differing.empty(); ++i) {
    Counts again;
    differing = compare_once(program, differing, again, i + 1 == kTries);
  }
  std::printf("%zu compared (%zu values, %zu errors, %zu refused; %zu broke cel-go), %zu differ\n", expressions.size(),
              counts.values, counts.errors, counts.refused, counts.broken, differing.size());
  return differing.empty() ? 0 : 1;
}

}  // namespace
}  // namespace pawl

int main(int argc, char** argv) {
  using namespace pawl;
  std::string program =
      os::environment("PAWL_CELGO").value_or(os::environment("HOME").value_or("") + "/.cache/pawl/go/bin/celgo");
  if (!os::exists(program)) {
    std::printf("skipped: %s is absent (build it from tests/cel/celgo)\n", program.c_str());
    return 77;
  }
  std::string first = argc > 1 ? argv[1] : "4000";
  if (first.find_first_not_of("0123456789") != std::string::npos)
    return compare(program, lines_of(os::read_file(first).value()));
  std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  return compare(program, generated(std::strtoul(first.c_str(), nullptr, 10), seed));
}
