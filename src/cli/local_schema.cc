#include <fmt/format.h>

#include <memory>

#include "base/text.h"
#include "cli/local_commands.h"
#include "cli/session.h"
#include "core/model/project.h"
#include "format/codec.h"
#include "format/json.h"

// What pawl.yaml may say: `explain` and `schema`. And `version`.

namespace pawl::model {

template <class V>
void fields(V& v, FieldHelp& x) {
  v("path", x.path);
  v("type", x.type);
  v("required", x.required);
  v("summary", x.summary);
  v("example", x.example);
  v("default", x.fallback);
  v("words", x.words);
  v("fields", x.fields);
}

}  // namespace pawl::model

namespace pawl::cli {

namespace {

std::string last_part(const std::string& path) { return path.substr(path.rfind('.') + 1); }

std::string print_field(const model::FieldHelp& help) {
  std::string head = help.path.empty() ? "pawl.yaml" : help.path;
  std::string text = fmt::format("{}  ({}{})\n{}\n", head, help.type, help.required ? ", required" : "", help.summary);
  if (!help.words.empty()) text += "one of: " + join(help.words, ", ") + "\n";
  if (!help.fallback.empty()) text += "default: " + help.fallback + "\n";
  if (!help.example.empty()) text += "example: " + help.example + "\n";
  std::vector<Row> rows;
  for (const model::FieldHelp& field : help.fields)
    rows.push_back({"  " + last_part(field.path), field.type, field.summary});
  return text + (rows.empty() ? "" : "\n" + table(rows));
}

int explain(Session& session, const std::string& path) {
  Result<model::FieldHelp> help = model::explain_field(path);
  if (!help) return session.fail(help.error());
  std::string names;
  for (const model::FieldHelp& field : help->fields) names += field.path + "\n";
  if (names.empty()) names = help->path + "\n";
  return session.show({.text = print_field(*help), .names = names, .value = [&](format::Arena& arena) {
                         return format::to_value(arena, *help);
                       }});
}

int schema(Session& session) {
  std::string text = model::project_schema();
  return session.show({.text = text, .names = "pawl.yaml\n", .value = [&](format::Arena& arena) {
                         Result<format::Value> value = format::parse_json(arena, text);
                         return value ? *value : format::Value::null();
                       }});
}

int version(Session& session) {
  const std::string& number = session.host().version;
  return session.show({.text = "pawl " + number + "\n", .names = number + "\n", .value = [&](format::Arena& arena) {
                         format::Value value = format::Value::map();
                         value.set(arena, "version", number);
                         return value;
                       }});
}

}  // namespace

Command explain_command() {
  auto path = std::make_shared<std::string>();
  Command command{{"explain", api::Group::kConfigure, api::Effect::kLooks, "what a field of pawl.yaml means",
                   "pawl explain environments.gates\npawl explain environments.gates.approval"},
                  {},
                  [path](Session& session) { return explain(session, *path); }};
  Binder(command.slots)(*path, {.name = "field", .summary = "a path; the top where none is given", .positional = true});
  return command;
}

Command schema_command() {
  return {{"schema", api::Group::kConfigure, api::Effect::kLooks, "the JSON Schema of pawl.yaml",
           "pawl schema > pawl.schema.json"},
          {},
          schema};
}

Command version_command() {
  return {{"version", api::Group::kConfigure, api::Effect::kLooks, "the version", "pawl version"}, {}, version};
}

}  // namespace pawl::cli
