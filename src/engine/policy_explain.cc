#include "engine/policy_explain.h"

#include <cmath>

#include "base/text.h"
#include "core/policy/library.h"
#include "core/policy/params.h"
#include "format/json.h"
#include "format/yaml.h"

namespace pawl::engine {

namespace {

using format::Member;
using format::Value;

// In YAML's flow style, on one line.
std::string flow(const Value& value) {
  std::string made;
  if (value.is_map()) {
    for (const Member& member : value.members())
      made += (made.empty() ? "" : ", ") + std::string(member.key) + ": " + flow(member.value);
    return made.empty() ? "{}" : "{ " + made + " }";
  }
  if (value.is_list()) {
    for (const Value& item : value.items()) made += (made.empty() ? "" : ", ") + flow(item);
    return "[" + made + "]";
  }
  if (value.kind() == format::Kind::kFloat && !std::isfinite(value.as_double())) {
    return std::string(trim(format::render_yaml(value)));  // JSON has no words for these
  }
  bool plain = value.is_string() && !value.as_string().empty() &&
               value.as_string().find_first_of(" :#{}[],&*!|>'\"%@`") == std::string_view::npos;
  return plain ? std::string(value.as_string()) : format::render_json(value);
}

std::string type_of(const Value& schema) {
  std::string type(schema.string_at("type"));
  const Value* items = schema.find("items");
  if (type == "array") return items == nullptr ? "list" : "list of " + type_of(*items);
  if (const Value* words = schema.find("enum")) {
    std::string made;
    for (const Value& word : words->items()) made += (made.empty() ? "" : "|") + flow(word);
    return made;
  }
  return schema.string_at("format") == "date-time" ? "date-time" : type;
}

bool requires_field(const Value& schema, std::string_view name) {
  const Value* required = schema.find("required");
  if (required == nullptr) return false;
  for (const Value& one : required->items())
    if (one.string_or_empty() == name) return true;
  return false;
}

void add_parameters(const Value& schema, const std::string& prefix, std::vector<api::PolicyParameterView>& into) {
  const Value* properties = schema.find("properties");
  if (properties == nullptr) return;
  for (const Member& property : properties->members()) {
    const Value* standard = property.value.find("default");
    std::string name = prefix + std::string(property.key);
    into.push_back({name, type_of(property.value), requires_field(schema, property.key),
                    standard != nullptr ? flow(*standard) : "", std::string(property.value.string_at("description"))});
    add_parameters(property.value, name + ".", into);
  }
}

// The examples that a schema gives, of what must be set at least.
std::string example_of(const Value& schema) {
  std::string made;
  const Value* properties = schema.find("properties");
  for (const Member& property : properties != nullptr ? properties->members() : std::span<const Member>()) {
    const Value* example = property.value.find("example");
    if (example == nullptr) continue;
    made += (made.empty() ? "" : ", ") + std::string(property.key) + ": " + flow(*example);
  }
  return made.empty() ? "" : ", params: { " + made + " }";
}

std::string annotation_of(const Value* document, std::string_view key) {
  const Value* annotations = document == nullptr ? nullptr : document->at_path({"metadata", "annotations"});
  return annotations == nullptr ? "" : std::string(trim(annotations->string_at(key)));
}

const Value* document_of(const PolicyFile& file, const std::string& policy) {
  for (const Value& document : file.documents) {
    const Value* name = document.at_path({"metadata", "name"});
    if (policy::is_policy(document) && name != nullptr && name->string_or_empty() == policy) return &document;
  }
  return nullptr;
}

std::string message_of(const policy::Validation& validation) {
  return std::string(trim(validation.message_program ? validation.message_program->text() : validation.message));
}

api::PolicyView view_of(const PolicyFile& file, const policy::Policy& policy) {
  const Value* document = document_of(file, policy.name);
  api::PolicyView made;
  made.name = policy.name;
  made.summary = annotation_of(document, "pawl.dev/summary");
  made.description = annotation_of(document, "pawl.dev/description");
  made.file = is_library_path(file.path) ? "" : file.path;
  std::string example;
  const Value* definition = policy.param_kind ? policy::find_definition(file.read.others, *policy.param_kind) : nullptr;
  const Value* schema = definition == nullptr ? nullptr : policy::spec_schema(*definition, policy.param_kind->version);
  if (schema != nullptr) {
    add_parameters(*schema, "", made.parameters);
    example = example_of(*schema);
  }
  for (const policy::MatchCondition& condition : policy.conditions)
    made.conditions.push_back({std::string(trim(condition.program.text())), condition.name});
  for (const policy::Variable& variable : policy.variables)
    made.variables.push_back({std::string(trim(variable.program.text())), variable.name});
  for (const policy::Validation& validation : policy.validations)
    made.rules.push_back({std::string(trim(validation.program.text())), message_of(validation)});
  made.binding =
      "spec:\n  policyBindings:\n    - { policy: " + policy.name + example + ", environments: { tier: production } }\n";
  return made;
}

Error unknown(const std::string& name, const std::vector<api::PolicyView>& known) {
  std::vector<std::string_view> names;
  for (const api::PolicyView& one : known) names.push_back(one.name);
  std::string near = nearest(name, names);
  return Error(ErrorCode::kNotFound, "there is no policy \"" + name + "\"",
               near.empty() ? "pawl policy explain lists them" : "did you mean " + near + "?");
}

}  // namespace

Result<api::PolicyExplainResponse> explain_policies(const api::PolicyExplainRequest& request,
                                                    const PolicyFiles& files) {
  PolicyLoader loader(files);
  std::vector<std::string> paths;
  for (const policy::LibraryPolicy& one : policy::library()) paths.push_back("library/" + std::string(one.name));
  paths.insert(paths.end(), request.policies.begin(), request.policies.end());
  api::PolicyExplainResponse made;
  FileFaults faults;
  for (const std::string& path : paths) {
    Result<std::vector<const PolicyFile*>> loaded = loader.load(path);
    if (!loaded) {
      PAWL_TRY(faults.take(loaded.error()));
      continue;
    }
    for (const PolicyFile* file : *loaded)
      for (const policy::Policy& policy : file->read.policies) made.policies.push_back(view_of(*file, policy));
  }
  PAWL_TRY(faults.result());
  if (request.name.empty()) return made;
  std::string name = is_library_path(request.name) ? request.name.substr(request.name.find('/') + 1) : request.name;
  std::vector<api::PolicyView> all = std::exchange(made.policies, {});
  for (api::PolicyView& one : all)
    if (one.name == name) made.policies.push_back(std::move(one));
  if (made.policies.empty()) return unknown(name, all);
  return made;
}

}  // namespace pawl::engine
