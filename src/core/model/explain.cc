#include "base/text.h"
#include "core/model/definitions.h"
#include "core/model/project.h"

namespace pawl::model {

namespace {

FieldHelp help_of(const FieldDefinition& definition) {
  FieldHelp help{.path = std::string(definition.path), .type = std::string(words_for(definition.type))};
  help.summary = definition.summary;
  help.example = definition.example;
  help.required = definition.required;
  help.fallback = definition.fallback;
  if (definition.words.empty()) return help;
  for (std::string_view word : split(definition.words, '|')) help.words.emplace_back(word);
  return help;
}

// "spec.environments[1].gates" as messages say it: "environments.gates".
std::string table_path(std::string_view path) {
  std::string out;
  bool inside = false;
  for (char c : path) {
    if (c == '[') inside = true;
    if (!inside) out += c;
    if (c == ']') inside = false;
  }
  constexpr std::string_view kSpec = "spec";
  if (out == kSpec) return {};
  return out.starts_with("spec.") ? out.substr(kSpec.size() + 1) : out;
}

Error unknown_field(const std::string& path) {
  std::vector<std::string_view> known;
  for (const FieldDefinition& definition : definitions()) known.push_back(definition.path);
  std::string near = nearest(path, known);
  // A last word is often right where the way to it was left out: "approval".
  for (const FieldDefinition& definition : definitions()) {
    if (near.empty() && leaf_of(definition.path) == leaf_of(path)) near = definition.path;
  }
  return Error(ErrorCode::kNotFound, "there is no field \"" + path.substr(0, 80) + "\"",
               near.empty() ? "pawl explain lists all of them" : "did you mean \"" + near + "\"?");
}

}  // namespace

Result<FieldHelp> explain_field(const std::string& given) {
  std::string path = table_path(given);
  FieldHelp help{.path = "spec", .type = "a map", .summary = "What pawl.yaml says about a project."};
  if (!path.empty()) {
    const FieldDefinition* definition = find_definition(path);
    if (definition == nullptr) return unknown_field(given);
    help = help_of(*definition);
  }
  for (const FieldDefinition* field : fields_below(path)) help.fields.push_back(help_of(*field));
  return help;
}

}  // namespace pawl::model
