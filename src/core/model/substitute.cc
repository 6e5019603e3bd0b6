#include "core/model/substitute.h"

#include "base/text.h"
#include "core/model/content.h"
#include "format/json.h"

namespace pawl::model {

namespace {

using format::Value;

constexpr std::string_view kEnvironment = "environment";
constexpr std::string_view kParameters = "parameters.";
constexpr std::string_view kSources = "sources.";

struct Piece {
  std::string_view before;  // literal text in front of the variable
  std::string_view name;    // "environment", "parameters.x", "sources.x"; empty at the end
  std::string_view rest;
};

bool is_variable(std::string_view name) { return name == kEnvironment || name.starts_with(kParameters) || name.starts_with(kSources); }

// Finds the next variable in `text`.
Piece next_variable(std::string_view text) {
  std::size_t from = 0;
  for (;;) {
    std::size_t open = text.find("$(", from);
    if (open == std::string_view::npos) return {text, {}, {}};
    std::size_t close = text.find(')', open);
    if (close == std::string_view::npos) return {text, {}, {}};
    std::string_view name = text.substr(open + 2, close - open - 2);
    bool escaped = open > 0 && text[open - 1] == '$';
    if (!escaped && is_variable(name)) return {text.substr(0, open), name, text.substr(close + 1)};
    from = open + 2;
  }
}

Result<Value> folder_of_source(format::Arena& arena, const std::string& name, const Variables& variables) {
  if (variables.sources.contains(name)) return Value::string(arena, std::string(kSourcesFolder) + "/" + name);
  std::vector<std::string_view> known(variables.sources.begin(), variables.sources.end());
  std::string near = nearest(name, known);
  return Error(ErrorCode::kInvalid, "there is no source \"" + escape_terminal(name.substr(0, 64)) + "\" that has files",
               near.empty() ? "add it under sources: (pawl explain sources)" : "did you mean $(sources." + near + ")?");
}

Result<Value> look_up(format::Arena& arena, std::string_view name, const Variables& variables) {
  if (name == kEnvironment) return Value::string_ref(variables.environment);
  if (name.starts_with(kSources)) return folder_of_source(arena, std::string(name.substr(kSources.size())), variables);
  std::string_view path = name.substr(kParameters.size());
  const Value* at = &variables.parameters;
  for (std::string_view part : split(path, '.')) {
    at = at->find(part);
    if (at == nullptr) {
      return Error(
          ErrorCode::kInvalid,
          "there is no parameter \"" + std::string(path.substr(0, 64)) + "\" in environment " + variables.environment,
          "add it under parameters:, of the project or of the environment");
    }
  }
  if (variables.used != nullptr) variables.used->insert(std::string(split(path, '.')[0]));
  return *at;
}

Result<std::string> scalar_text(const Value& value, std::string_view name) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_scalar()) return format::render_json(value);
  return Error(ErrorCode::kInvalid, "$(" + std::string(name) + ") is " + std::string(format::name_of(value.kind())) +
                                        " and cannot stand inside text");
}

}  // namespace

Result<std::string> substitute_text(std::string_view text, const Variables& variables) {
  format::Arena arena;
  std::string out;
  for (;;) {
    Piece piece = next_variable(text);
    out += piece.before;
    if (piece.name.empty()) return out;
    PAWL_ASSIGN(Value value, look_up(arena, piece.name, variables));
    PAWL_ASSIGN(std::string replaced, scalar_text(value, piece.name));
    out += replaced;
    text = piece.rest;
  }
}

namespace {

Result<Value> substitute_string(format::Arena& arena, const Value& value, const Variables& variables) {
  std::string_view text = value.as_string();
  Piece piece = next_variable(text);
  if (piece.name.empty()) return value.clone(arena);
  bool nothing_else = piece.before.empty() && piece.rest.empty();
  if (nothing_else) {
    PAWL_ASSIGN(Value whole, look_up(arena, piece.name, variables));
    Value out = whole.clone(arena);
    out.set_at(value.at());
    return out;
  }
  PAWL_ASSIGN(std::string replaced, substitute_text(text, variables));
  Value out = Value::string(arena, replaced);
  out.set_at(value.at());
  return out;
}

}  // namespace

Result<Value> substitute(format::Arena& arena, const Value& value, const Variables& variables) {
  if (value.is_string()) {
    Result<Value> out = substitute_string(arena, value, variables);
    if (out) return out;
    Error error = std::move(out).error();
    error.diagnostics.push_back({.at = value.at(),
                                 .length = static_cast<std::uint32_t>(value.as_string().size()),
                                 .code = "parameter",
                                 .summary = error.message,
                                 .help = error.hint});
    return error;
  }
  Value out = value;
  if (value.is_list()) {
    out = Value::list();
    for (const Value& item : value.items()) {
      PAWL_ASSIGN(Value replaced, substitute(arena, item, variables));
      out.push_back(arena, replaced);
    }
  } else if (value.is_map()) {
    out = Value::map();
    for (const format::Member& member : value.members()) {
      PAWL_ASSIGN(Value replaced, substitute(arena, member.value, variables));
      out.append_member(arena, arena.copy(member.key), replaced, member.key_at);
    }
  }
  out.set_at(value.at());
  return out;
}

bool has_variables(const Value& value) {
  if (value.is_string()) return !next_variable(value.as_string()).name.empty();
  for (const Value& item : value.items()) {
    if (has_variables(item)) return true;
  }
  for (const format::Member& member : value.members()) {
    if (has_variables(member.value)) return true;
  }
  return false;
}

}  // namespace pawl::model
