#include <algorithm>

#include "base/text.h"
#include "core/model/definitions.h"
#include "core/model/names.h"
#include "core/model/project.h"
#include "format/json.h"

namespace pawl::model {

namespace {

using format::Arena;
using format::Value;

Value schema_of(Arena& arena, const FieldDefinition& definition);

Value typed(Arena& arena, std::string_view type) {
  Value out = Value::map();
  out.set(arena, "type", type);
  return out;
}

Value list_of(Arena& arena, Value items) {
  Value out = typed(arena, "array");
  out.set(arena, "items", items);
  return out;
}

// A string, or one of `words`.
Value string_of(Arena& arena, std::string_view words) {
  Value out = typed(arena, "string");
  if (words.empty()) return out;
  Value choices = Value::list();
  for (std::string_view word : split(words, '|')) choices.push_back(arena, Value::string(arena, word));
  out.set(arena, "enum", choices);
  return out;
}

Value string_or_strings(Arena& arena, std::string_view words = {}) {
  Value choices = Value::list();
  choices.push_back(arena, string_of(arena, words));
  choices.push_back(arena, list_of(arena, string_of(arena, words)));
  Value out = Value::map();
  out.set(arena, "anyOf", choices);
  return out;
}

Value object_below(Arena& arena, std::string_view path, bool one_only) {
  Value properties = Value::map();
  Value required = Value::list();
  for (const FieldDefinition* field : fields_below(path)) {
    // What an environment needs may come from `defaults`.
    bool inherited = field->path == "environments.target";
    properties.set(arena, leaf_of(field->path), schema_of(arena, *field));
    bool needed = field->required && !inherited && !(path == "defaults");
    if (needed) required.push_back(arena, Value::string(arena, leaf_of(field->path)));
  }
  Value out = typed(arena, "object");
  out.set(arena, "properties", properties);
  if (!required.empty()) out.set(arena, "required", required);
  out.set(arena, "additionalProperties", Value::boolean(false));
  if (one_only) {
    out.set(arena, "minProperties", Value::integer(1));
    out.set(arena, "maxProperties", Value::integer(1));
  }
  return out;
}

Value named(Arena& arena, const FieldDefinition& definition) {
  Value entry = object_below(arena, definition.path, false);
  if (definition.type == FieldType::kPersons) {
    Value choices = string_or_strings(arena).find("anyOf")->clone(arena);
    choices.push_back(arena, entry);
    entry = Value::map();
    entry.set(arena, "anyOf", choices);
  }
  Value out = typed(arena, "object");
  out.set(arena, "additionalProperties", entry);
  return out;
}

Value map_of(Arena& arena, Value values) {
  Value out = typed(arena, "object");
  out.set(arena, "additionalProperties", values);
  return out;
}

Value lists(Arena& arena, const FieldDefinition& definition) {
  if (definition.words.empty()) return map_of(arena, string_or_strings(arena));
  Value out = map_of(arena, Value::boolean(false));
  Value properties = Value::map();
  for (std::string_view word : split(definition.words, '|')) properties.set(arena, word, string_or_strings(arena));
  out.set(arena, "properties", properties);
  return out;
}

// $(parameters.x) may stand for the whole.
Value or_variable(Arena& arena, Value schema) {
  Value variable = typed(arena, "string");
  variable.set(arena, "pattern", "^\\$\\(parameters\\..+\\)$");
  Value choices = Value::list();
  choices.push_back(arena, schema);
  choices.push_back(arena, variable);
  Value out = Value::map();
  out.set(arena, "anyOf", choices);
  return out;
}

Value bare_schema(Arena& arena, const FieldDefinition& definition) {
  switch (definition.type) {
    case FieldType::kString:
    case FieldType::kName:
    case FieldType::kPath:
    case FieldType::kVersion:
    case FieldType::kArgument:
    case FieldType::kGitUrl:
    case FieldType::kGitName:
    case FieldType::kCommit:
    case FieldType::kCron:
    case FieldType::kTimeZone:
      return string_of(arena, definition.words);
    case FieldType::kInteger:
      return typed(arena, "integer");
    case FieldType::kDuration: {
      Value out = typed(arena, "string");
      out.set(arena, "pattern", "^([0-9]+(ms|s|m|h|d))+$");
      return out;
    }
    case FieldType::kStrings:
      return list_of(arena, typed(arena, "string"));
    case FieldType::kStringOrStrings:
      return string_or_strings(arena, definition.words);
    case FieldType::kMap:
      return object_below(arena, definition.path, false);
    case FieldType::kMaps:
      return list_of(arena, object_below(arena, definition.path, false));
    case FieldType::kUnion:
      return object_below(arena, definition.path, true);
    case FieldType::kUnions:
      return list_of(arena, object_below(arena, definition.path, true));
    case FieldType::kNamed:
      return named(arena, definition);
    case FieldType::kPersons:
      return named(arena, definition);
    case FieldType::kStringMap:
      return map_of(arena, typed(arena, "string"));
    case FieldType::kStringLists:
      return lists(arena, definition);
    case FieldType::kFreeMap:
      return or_variable(arena, typed(arena, "object"));
    case FieldType::kFreeList:
      return or_variable(arena, typed(arena, "array"));
    case FieldType::kBoolean:
      return typed(arena, "boolean");
  }
  return Value::map();
}

Value default_of(Arena& arena, const FieldDefinition& definition) {
  if (definition.type == FieldType::kBoolean) return Value::boolean(definition.fallback == "true");
  if (definition.type == FieldType::kInteger) return Value::integer(definition.fallback[0] - '0');
  return Value::string(arena, definition.fallback);
}

Value schema_of(Arena& arena, const FieldDefinition& definition) {
  Value out = bare_schema(arena, definition);
  out.set(arena, "description", definition.summary);
  if (!definition.fallback.empty()) out.set(arena, "default", default_of(arena, definition));
  return out;
}

Value constant(Arena& arena, std::string_view text) {
  Value out = Value::map();
  out.set(arena, "const", text);
  return out;
}

Value document(Arena& arena, std::string_view kind, Value spec) {
  Value metadata = typed(arena, "object");
  Value name = Value::map();
  name.set(arena, "name", typed(arena, "string"));
  metadata.set(arena, "properties", name);
  Value named = Value::list();
  named.push_back(arena, Value::string_ref("name"));
  metadata.set(arena, "required", named);
  metadata.set(arena, "additionalProperties", Value::boolean(false));
  Value properties = Value::map();
  properties.set(arena, "apiVersion", constant(arena, kApiVersion));
  properties.set(arena, "kind", constant(arena, kind));
  properties.set(arena, "metadata", metadata);
  properties.set(arena, "spec", spec);
  Value out = typed(arena, "object");
  out.set(arena, "properties", properties);
  Value required = Value::list();
  for (std::string_view key : {"apiVersion", "kind", "metadata", "spec"})
    required.push_back(arena, Value::string_ref(key));
  out.set(arena, "required", required);
  out.set(arena, "additionalProperties", Value::boolean(false));
  return out;
}

}  // namespace

std::string project_schema() {
  Arena arena;
  Value kinds = Value::list();
  kinds.push_back(arena, document(arena, "Project", object_below(arena, "", false)));
  kinds.push_back(arena, document(arena, "Environment", object_below(arena, "defaults", false)));
  Value root = Value::map();
  root.set(arena, "$schema", "http://json-schema.org/draft-07/schema#");
  root.set(arena, "title", "Pawl project file");
  root.set(arena, "oneOf", kinds);
  return format::render_json_pretty(root);
}

}  // namespace pawl::model
