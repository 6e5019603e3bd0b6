#include "core/model/parameter_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "format/json.h"
#include "format/regex.h"

namespace pawl::model {

using format::Member;
using format::Value;

namespace {

constexpr std::array<std::string_view, 10> kKeywords = {"type",  "enum",       "minimum",  "maximum", "pattern",
                                                        "items", "properties", "required", "default", "description"};
constexpr std::array<std::string_view, 7> kTypes = {"string", "integer", "number", "boolean",
                                                    "array",  "object",  "null"};

std::size_t length_of(const Value& value) {
  return value.is_string() ? std::max<std::size_t>(1, value.as_string().size() + (value.quoted() ? 2 : 0)) : 1;
}

// JSON has no words for infinity and NaN, which YAML has.
std::string shown(const Value& value) {
  bool sayable = value.is_scalar() && (value.kind() != format::Kind::kFloat || std::isfinite(value.as_double()));
  return sayable ? format::render_json(value).substr(0, 80) : std::string(format::name_of(value.kind()));
}

bool has_type(const Value& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_int();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_bool();
  if (type == "array") return value.is_list();
  if (type == "object") return value.is_map();
  return value.is_null();
}

// As draft-07 has it, a pattern may match anywhere.
std::string anywhere(std::string_view pattern) { return "(?s:.*)(?:" + std::string(pattern) + ")(?s:.*)"; }

// Judges schemas.
class SchemaCheck {
 public:
  void check(const Value& schema, const std::string& where) {
    if (!schema.is_map()) return note(schema, fmt::format("{} is {}; a schema is a map", where, shown(schema)));
    for (const Member& member : schema.members()) check_keyword(schema, member, where);
  }
  std::vector<SchemaProblem> take() { return std::move(problems_); }

 private:
  void note(const Value& at, std::string summary, std::string help = "pawl explain parameterSchema") {
    problems_.push_back({at.at(), length_of(at), std::move(summary), std::move(help), {}});
  }

  void check_keyword(const Value& schema, const Member& member, const std::string& where) {
    std::string_view key = member.key;
    const Value& value = member.value;
    std::string at = where + "." + std::string(key);
    if (key == "type") return check_type(value, at);
    if (key == "pattern") return check_pattern(value, at);
    if (key == "items") return check(value, at);
    if (key == "properties") return check_properties(value, at);
    if (key == "default") return check_default(schema, value, at);
    if (key == "minimum" || key == "maximum") return expect(value.is_number(), value, at, "a number");
    if (key == "enum") return expect(value.is_list() && !value.empty(), value, at, "a list of values");
    if (key == "description") return expect(value.is_string(), value, at, "a string");
    if (key == "required") return expect(is_names(value), value, at, "a list of names");
    unknown(member, where);
  }

  void unknown(const Member& member, const std::string& where) {
    std::string near = nearest(member.key, kKeywords);
    problems_.push_back({member.key_at, member.key.size(),
                         fmt::format("{} has \"{}\", which is not read", where, member.key.substr(0, 80)),
                         "one of: type, enum, minimum, maximum, pattern, items, properties, required, default, "
                         "description",
                         near.empty() ? "" : fmt::format("did you mean \"{}\"?", near)});
  }

  void expect(bool fits, const Value& value, const std::string& where, std::string_view what) {
    if (!fits) note(value, fmt::format("{} is {}; {} is expected", where, shown(value), what));
  }
  static bool is_names(const Value& value) {
    return value.is_list() &&
           std::all_of(value.items().begin(), value.items().end(), [](const Value& item) { return item.is_string(); });
  }

  void check_type(const Value& value, const std::string& where) {
    bool known = std::find(kTypes.begin(), kTypes.end(), value.string_or_empty()) != kTypes.end();
    if (!known)
      note(value, fmt::format("{} cannot be {}", where, shown(value)),
           "one of: string, integer, number, boolean, array, object, null");
  }

  void check_pattern(const Value& value, const std::string& where) {
    bool good = value.is_string() && format::regex_match(value.as_string(), "").ok();
    expect(good, value, where, "a regular expression (RE2)");
  }

  void check_properties(const Value& value, const std::string& where) {
    expect(value.is_map(), value, where, "a map from names to schemas");
    for (const Member& member : value.members()) check(member.value, where + "." + std::string(member.key));
  }

  void check_default(const Value& schema, const Value& value, const std::string& where) {
    for (SchemaProblem& problem : violations(value, schema, where)) problems_.push_back(std::move(problem));
  }

  std::vector<SchemaProblem> problems_;
};

// Judges values. A schema that is itself wrong says nothing here: it was noted where it stands.
class ValueCheck {
 public:
  void check(const Value& value, const Value& schema, const std::string& where) {
    if (!schema.is_map()) return;
    if (std::string_view type = schema.string_at("type"); !type.empty() && !has_type(value, type))
      return note(value, fmt::format("{} is {}; {} is expected", where, shown(value), type));
    check_enum(value, schema, where);
    check_bounds(value, schema, where);
    check_pattern(value, schema, where);
    check_items(value, schema, where);
    check_properties(value, schema, where);
  }
  std::vector<SchemaProblem> take() { return std::move(problems_); }

 private:
  void note(const Value& at, std::string summary, std::string help = {}) {
    problems_.push_back({at.at(), length_of(at), std::move(summary), std::move(help), {}});
  }

  void check_enum(const Value& value, const Value& schema, const std::string& where) {
    const Value* choices = schema.find("enum");
    if (choices == nullptr || !choices->is_list()) return;
    std::string words;
    for (const Value& choice : choices->items()) {
      if (format::equal(choice, value)) return;
      words += (words.empty() ? "" : ", ") + shown(choice);
    }
    note(value, fmt::format("{} cannot be {}", where, shown(value)), "one of: " + words);
  }

  void check_bounds(const Value& value, const Value& schema, const std::string& where) {
    if (!value.is_number()) return;
    const Value* least = schema.find("minimum");
    const Value* most = schema.find("maximum");
    if (least != nullptr && least->is_number() && value.as_double() < least->as_double())
      note(value, fmt::format("{} is {}; the least is {}", where, shown(value), shown(*least)));
    if (most != nullptr && most->is_number() && value.as_double() > most->as_double())
      note(value, fmt::format("{} is {}; the most is {}", where, shown(value), shown(*most)));
  }

  void check_pattern(const Value& value, const Value& schema, const std::string& where) {
    const Value* pattern = schema.find("pattern");
    if (pattern == nullptr || !pattern->is_string() || !value.is_string()) return;
    Result<bool> matched = format::regex_match(anywhere(pattern->as_string()), value.as_string());
    if (matched.ok() && !*matched)
      note(value, fmt::format("{} is {}, which does not match {}", where, shown(value), pattern->as_string()));
  }

  void check_items(const Value& value, const Value& schema, const std::string& where) {
    const Value* items = schema.find("items");
    if (items == nullptr) return;
    for (std::size_t i = 0; i < value.items().size(); ++i)
      check(value.items()[i], *items, fmt::format("{}[{}]", where, i));
  }

  void check_properties(const Value& value, const Value& schema, const std::string& where) {
    if (!value.is_map()) return;
    if (const Value* properties = schema.find("properties")) {
      for (const Member& property : properties->members()) {
        if (const Value* found = value.find(property.key))
          check(*found, property.value, where + "." + std::string(property.key));
      }
    }
    const Value* required = schema.find("required");
    if (required == nullptr) return;
    for (const Value& name : required->items()) {
      if (name.is_string() && value.find(name.as_string()) == nullptr)
        note(value, fmt::format("{} has no \"{}\"", where, name.as_string()));
    }
  }

  std::vector<SchemaProblem> problems_;
};

// Null where nothing below `schema` has a default.
Value default_of(format::Arena& arena, const Value& schema) {
  if (const Value* given = schema.find("default")) return *given;
  const Value* properties = schema.find("properties");
  return properties == nullptr ? Value::null() : schema_defaults(arena, *properties);
}

}  // namespace

std::vector<SchemaProblem> problems_of_schemas(const Value& schemas) {
  SchemaCheck check;
  for (const Member& member : schemas.members())
    check.check(member.value, "parameterSchema." + std::string(member.key));
  return check.take();
}

std::vector<SchemaProblem> violations(const Value& value, const Value& schema, const std::string& where) {
  ValueCheck check;
  check.check(value, schema, where);
  return check.take();
}

Value schema_defaults(format::Arena& arena, const Value& schemas) {
  Value out = Value::map();
  for (const Member& member : schemas.members()) {
    Value value = default_of(arena, member.value);
    if (!value.is_null()) out.append_member(arena, member.key, value);
  }
  return out.empty() ? Value::null() : out;
}

}  // namespace pawl::model
