#include "core/policy/params.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "core/model/parameter_schema.h"

namespace pawl::policy {

namespace {

using format::Member;
using format::Value;
using model::SchemaProblem;

// Fills in what is not set, in maps that are there: the defaults of a map that is absent do not make it.
Value with_defaults(format::Arena& arena, const Value& value, const Value& schema) {
  if (value.is_list()) {
    const Value* items = schema.find("items");
    if (items == nullptr) return value;
    std::vector<Value> made;
    for (const Value& item : value.items()) made.push_back(with_defaults(arena, item, *items));
    Value list = Value::list(arena, made);
    list.set_at(value.at());
    return list;
  }
  const Value* properties = schema.find("properties");
  if (!value.is_map() || properties == nullptr) return value;
  std::vector<Member> made(value.members().begin(), value.members().end());
  for (const Member& property : properties->members()) {
    auto given = std::ranges::find(made, property.key, &Member::key);
    const Value* standard = property.value.find("default");
    if (given != made.end())
      given->value = with_defaults(arena, given->value, property.value);
    else if (standard != nullptr)
      made.push_back({property.key, *standard, {}});
  }
  Value map = Value::map(arena, made);
  map.set_at(value.at());
  return map;
}

// What a structural schema refuses beside what model::violations() knows.
class StructuralCheck {
 public:
  void check(const Value& value, const Value& schema, const std::string& where) {
    if (value.is_list()) check_items(value, schema, where);
    if (value.is_map()) check_members(value, schema, where);
    if (value.is_string() && schema.string_at("format") == "date-time" && !parse_time(value.as_string()))
      problems_.push_back({value.at(),
                           value.as_string().size() + (value.quoted() ? 2 : 0),
                           where + " is no moment (2026-12-24T18:00:00Z)",
                           {},
                           {}});
  }
  std::vector<SchemaProblem> take() { return std::move(problems_); }

 private:
  void check_items(const Value& value, const Value& schema, const std::string& where) {
    const Value* least = schema.find("minItems");
    if (least != nullptr && least->is_int() && static_cast<std::int64_t>(value.size()) < least->as_int())
      problems_.push_back({value.at(),
                           1,
                           where + " must have at least " + std::to_string(least->as_int()) +
                               (least->as_int() == 1 ? " item" : " items"),
                           {},
                           {}});
    const Value* items = schema.find("items");
    for (std::size_t i = 0; items != nullptr && i < value.size(); ++i)
      check(value.items()[i], *items, where + "[" + std::to_string(i) + "]");
  }

  void check_members(const Value& value, const Value& schema, const std::string& where) {
    const Value* properties = schema.find("properties");
    const Value* others = schema.find("additionalProperties");
    const Value* keeps = schema.find("x-kubernetes-preserve-unknown-fields");
    bool open = (keeps != nullptr && keeps->is_bool() && keeps->as_bool()) ||
                (others != nullptr && !(others->is_bool() && !others->as_bool()));
    for (const Member& member : value.members()) {
      const Value* known = properties != nullptr ? properties->find(member.key) : nullptr;
      if (known == nullptr && others != nullptr && others->is_map()) known = others;
      if (known != nullptr)
        check(member.value, *known, where + "." + std::string(member.key));
      else if (!open)
        unknown(member, properties, where);
    }
  }

  void unknown(const Member& member, const Value* properties, const std::string& where) {
    std::vector<std::string_view> known;
    std::string words;
    for (const Member& property : properties != nullptr ? properties->members() : std::span<const Member>()) {
      known.push_back(property.key);
      words += (words.empty() ? "" : ", ") + std::string(property.key);
    }
    std::string near = nearest(member.key, known);
    problems_.push_back(
        {member.key_at, member.key.size(), "unknown field \"" + where + "." + std::string(member.key) + "\"",
         words.empty() ? "there are none" : "one of: " + words, near.empty() ? "" : "did you mean \"" + near + "\"?"});
  }

  std::vector<SchemaProblem> problems_;
};

Diagnostic diagnostic_of(SchemaProblem problem, const Value& spec, const ReadOptions& options) {
  Diagnostic made;
  made.file = options.file;
  made.at = problem.at.line != 0 ? problem.at : spec.at();
  made.length = static_cast<std::uint32_t>(problem.length);
  made.code = "invalid-params";
  made.summary = std::move(problem.summary);
  made.snippet = line_of(options.text, made.at.line);
  made.suggestion = std::move(problem.suggestion);
  made.help = std::move(problem.help);
  return made;
}

Status check(const Value& filled, const Value& spec, const Value& schema, const ReadOptions& options) {
  StructuralCheck structure;
  structure.check(filled, schema, "params");
  std::vector<Diagnostic> faults;
  for (std::vector<SchemaProblem> problems : {model::violations(filled, schema, "params"), structure.take()})
    for (SchemaProblem& problem : problems) faults.push_back(diagnostic_of(std::move(problem), spec, options));
  sort_unique(faults);
  if (!faults.empty()) return invalid_files(std::move(faults));
  return {};
}

}  // namespace

const Value* find_definition(std::span<const Value> documents, const Kind& kind) {
  for (const Value& document : documents) {
    if (document.string_at("kind") != "CustomResourceDefinition") continue;
    const Value* spec = document.find("spec");
    const Value* named = document.at_path({"spec", "names", "kind"});
    if (spec != nullptr && spec->string_at("group") == kind.group && named != nullptr &&
        named->string_or_empty() == kind.kind)
      return &document;
  }
  return nullptr;
}

const Value* spec_schema(const Value& definition, std::string_view version) {
  const Value* versions = definition.at_path({"spec", "versions"});
  if (versions == nullptr) return nullptr;
  for (const Value& known : versions->items())
    if (known.string_at("name") == version) return known.at_path({"schema", "openAPIV3Schema", "properties", "spec"});
  return nullptr;
}

Result<Value> make_params(format::Arena& arena, const Value* definition, const Kind& kind, std::string_view name,
                          const Value& spec, const ReadOptions& options) {
  Value filled = spec.is_null() ? Value::map() : spec;
  const Value* schema = definition != nullptr ? spec_schema(*definition, kind.version) : nullptr;
  if (schema != nullptr) {
    filled = with_defaults(arena, filled, *schema);
    PAWL_TRY(check(filled, spec, *schema, options));
  }
  Value metadata = Value::map();
  metadata.set(arena, "name", name);
  Value made = Value::map();
  made.set(arena, "apiVersion", kind.group.empty() ? kind.version : kind.group + "/" + kind.version);
  made.set(arena, "kind", kind.kind);
  made.set(arena, "metadata", metadata);
  made.set(arena, "spec", filled);
  return made;
}

}  // namespace pawl::policy
