#include "core/policy/trial.h"

#include <charconv>
#include <optional>

#include "base/diagnostic.h"
#include "base/text.h"
#include "core/cel/data.h"
#include "core/cel/program.h"

namespace pawl::policy {

namespace {

bool is_object(const format::Value& document) {
  return !document.string_at("apiVersion").empty() && !document.string_at("kind").empty();
}

// The bytes of a line before its `column`-th code point, from 1.
std::uint32_t byte_column(std::string_view line, std::uint32_t column) {
  std::uint32_t bytes = 0;
  for (char c : line) {
    bool begins = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (begins && --column == 0) break;
    ++bytes;
  }
  return bytes + 1;
}

bool read_number(std::string_view text, std::uint32_t& into) {
  return std::from_chars(text.data(), text.data() + text.size(), into).ec == std::errc();
}

// "ERROR: <input>:1:3: what is wrong", as cel-go has it, at its place in the expression.
std::optional<Diagnostic> diagnostic_of(std::string_view line, std::string_view expression) {
  constexpr std::string_view kHead = "ERROR: <input>:";
  if (!line.starts_with(kHead)) return std::nullopt;
  std::vector<std::string_view> parts = split(line.substr(kHead.size()), ':');
  Diagnostic out{.file = "expression", .code = "expression"};
  bool placed = parts.size() > 2 && read_number(parts[0], out.at.line) && read_number(parts[1], out.at.column);
  if (!placed) return std::nullopt;
  std::size_t rest = kHead.size() + parts[0].size() + parts[1].size() + 2;
  out.summary = trim(line.substr(rest));
  out.snippet = line_of(expression, out.at.line);
  out.at.column = byte_column(out.snippet, out.at.column);
  return out;
}

Error not_compiled(Error error, std::string_view expression) {
  std::vector<Diagnostic> found;
  for (std::string_view line : split(error.message, '\n')) {
    if (std::optional<Diagnostic> one = diagnostic_of(line, expression)) found.push_back(std::move(*one));
  }
  return found.empty() ? error : invalid_files(std::move(found));
}

}  // namespace

Result<Trial> try_out(format::Arena& arena, std::string_view expression, const format::Value& document) {
  if (!document.is_map() && !document.is_null())
    return Error(ErrorCode::kInvalid, "the file holds " + std::string(name_of(document.kind())) + ", and no map",
                 "give a Kubernetes object, or a map of variables: object, oldObject, params, request");
  format::Value variables = document;
  if (is_object(document)) {
    variables = format::Value::map();
    variables.set(arena, "object", document);
  }
  cel::Environment environment(cel::Dialect::kKubernetes);
  for (const format::Member& member : variables.members())
    environment.declare(std::string(member.key), cel::Type::dyn());
  Result<cel::Program> program = cel::Program::compile(environment, expression);
  if (!program) return not_compiled(std::move(program).error(), expression);
  cel::Activation activation(environment);
  for (const format::Member& member : variables.members()) activation.bind(member.key, member.value);
  cel::Arena memory;
  cel::Evaluation found = program->evaluate(activation, memory);
  Trial out{{}, std::string(found.value.error_text()), program->type().text(), found.cost};
  if (!found.value.is_error()) out.value = cel::to_data(found.value, arena).clone(arena);
  return out;
}

}  // namespace pawl::policy
