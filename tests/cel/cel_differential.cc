// Compares with cel-go on expressions that a seed decides: cel_differential COUNT [SEED]. The other program is built
// from tests/cel/celgo and named by PAWL_CELGO; where it is absent the comparison is skipped (77).
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>
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

int compare(const std::string& program, std::size_t count, std::uint64_t seed) {
  std::string dialect = "kubernetes";
  cel_testing::Generator generator(seed);
  std::vector<std::string> expressions;
  std::string requests;
  for (std::size_t i = 0; i < count; ++i) {
    expressions.push_back(generator.expression());
    requests += request(dialect, expressions.back()) + "\n";
  }
  std::string file = os::environment("TMPDIR").value_or("/tmp") + "/pawl_cel_" + std::to_string(seed) + ".jsonl";
  if (!os::write_file(file, requests).ok()) return 2;
  os::Command command;
  command.argv = {program, "check", file};
  command.environment = os::inherited_environment();
  command.max_output = 256u << 20;
  Result<os::CommandResult> ran = os::run(Context{}, command);
  if (!ran || ran->exit_status != 0) {
    std::printf("%s failed: %s\n", program.c_str(), ran ? ran->errors.c_str() : ran.error().text().c_str());
    return 2;
  }
  Ours ours(cel::Dialect::kKubernetes);
  std::size_t differ = 0, values = 0, errors = 0, refused = 0, broken = 0;
  std::size_t begin = 0;
  for (const std::string& expression : expressions) {
    std::size_t end = ran->output.find('\n', begin);
    Answer b = theirs(ran->output.substr(begin, end - begin));
    begin = end + 1;
    // Its own mistakes are nobody's model.
    if (b.error.starts_with("panic: ") || b.error.starts_with("internal error: ")) {
      ++broken;
      continue;
    }
    Answer a = ours.evaluate(expression);
    ++(!b.compile.empty() ? refused : !b.error.empty() ? errors : values);
    std::vector<std::string> lines;
    auto line = [&](const char* what, const std::string& x, const std::string& y) {
      if (x != y) lines.push_back(std::string("  ") + what + "\n    ours   " + x + "\n    theirs " + y);
    };
    line("compile", a.compile, b.compile);
    if (a.compile.empty() && b.compile.empty()) {
      line("type", a.type, b.type);
      line("value", a.value, b.value);
      line("error", a.error, b.error);
      line("cost", std::to_string(a.cost), std::to_string(b.cost));
    }
    if (lines.empty()) continue;
    ++differ;
    std::printf("DIFFERS %s\n", expression.c_str());
    for (const std::string& text : lines) std::printf("%s\n", text.c_str());
  }
  std::printf("%zu compared (%zu values, %zu errors, %zu refused; %zu broke cel-go), %zu differ\n", count, values, errors, refused, broken,
              differ);
  return differ == 0 ? 0 : 1;
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
  std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 4000;
  std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  return compare(program, count, seed);
}
