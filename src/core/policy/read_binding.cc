#include <algorithm>

#include "base/text.h"
#include "core/policy/names.h"
#include "core/policy/read.h"
#include "core/policy/read_match.h"

namespace pawl::policy {

std::string_view name_of(Action action) {
  switch (action) {
    case Action::kDeny:
      return "Deny";
    case Action::kWarn:
      return "Warn";
    case Action::kAudit:
      return "Audit";
  }
  return "";
}

std::optional<Action> action_named(std::string_view word) {
  for (Action action : {Action::kDeny, Action::kWarn, Action::kAudit})
    if (word == name_of(action)) return action;
  return std::nullopt;
}

namespace {

std::vector<Action> read_actions(Fields& fields, const At& spec) {
  std::vector<Action> actions;
  At list = fields.child(spec, "validationActions");
  for (const At& at : fields.items(list)) {
    std::string_view word = at.value->string_or_empty();
    std::optional<Action> action = action_named(word);
    if (!action) {
      fields.unsupported(at, word, {"Audit", "Deny", "Warn"});
      continue;
    }
    if (std::ranges::find(actions, *action) != actions.end()) fields.duplicate(at, word);
    actions.push_back(*action);
  }
  auto has = [&](Action action) { return std::ranges::find(actions, action) != actions.end(); };
  if (has(Action::kDeny) && has(Action::kWarn))
    fields.invalid_json(list,
                        "must not contain both Deny and Warn (repeating the same validation failure information in the "
                        "API response and headers serves no purpose)");
  if (!list || list.value->empty())
    fields.required(spec, "validationActions", "at least one validation action is required");
  return actions;
}

bool read_not_found_action(Fields& fields, const At& at) {
  std::string word = fields.text(at, "parameterNotFoundAction");
  At action = fields.child(at, "parameterNotFoundAction");
  if (word.empty())
    fields.required(at, "parameterNotFoundAction");
  else if (word != "Deny" && word != "Allow")
    fields.unsupported(action, word, {"Deny", "Allow"});
  return word != "Allow";
}

std::optional<ParamRef> read_param_ref(Fields& fields, const At& at) {
  if (!at || !fields.open(at, {"name", "namespace", "parameterNotFoundAction", "selector"})) return std::nullopt;
  ParamRef made;
  made.name = fields.text(at, "name");
  made.space = fields.text(at, "namespace");
  for (const std::string& fault : faults_of_path_segment(made.name))
    fields.invalid(fields.child(at, "name"), made.name, fault);
  if (At selector = fields.child(at, "selector")) made.selector = read_selector(fields, selector);
  if (!made.name.empty() && made.selector)
    for (std::string_view field : {"name", "selector"})
      fields.forbidden(fields.child(at, field), "name and selector are mutually exclusive");
  if (made.name.empty() && !made.selector) fields.required(at, "", "one of name or selector must be specified");
  made.deny_if_not_found = read_not_found_action(fields, at);
  return made;
}

// "tier=production,region=eu", as kubectl writes labels that must be equal.
std::map<std::string, std::string> read_environments(Fields& fields, const At& object) {
  constexpr std::string_view kAnnotation = "pawl.dev/environments";
  std::map<std::string, std::string> made;
  At at = fields.child(fields.child(fields.child(object, "metadata"), "annotations"), kAnnotation);
  if (!at) return made;
  for (std::string_view label : split(at.value->string_or_empty(), ',')) {
    std::size_t equals = label.find('=');
    bool whole = equals != std::string_view::npos && equals > 0 &&
                 made.emplace(label.substr(0, equals), label.substr(equals + 1)).second;
    if (!whole)
      fields.note(at, "selector", "pawl.dev/environments is not a list of labels: " + std::string(label),
                  "write pawl.dev/environments: tier=production,region=eu");
  }
  return made;
}

Binding read(Fields& fields, const At& object) {
  Binding made;
  fields.open(object, {"apiVersion", "kind", "metadata", "spec"});
  made.name = read_metadata(fields, object);
  made.environments = read_environments(fields, object);
  At spec = fields.child(object, "spec");
  if (!spec) {
    fields.required(object, "spec");
    return made;
  }
  if (!fields.open(spec, {"matchResources", "paramRef", "policyName", "validationActions"})) return made;
  made.policy = fields.text(spec, "policyName");
  if (made.policy.empty()) fields.required(spec, "policyName");
  if (!made.policy.empty())
    for (const std::string& fault : faults_of_subdomain(made.policy))
      fields.invalid(fields.child(spec, "policyName"), made.policy, fault);
  made.params = read_param_ref(fields, fields.child(spec, "paramRef"));
  if (At resources = fields.child(spec, "matchResources")) made.resources = read_match_resources(fields, resources);
  made.actions = read_actions(fields, spec);
  return made;
}

}  // namespace

Result<Binding> read_binding(const format::Value& document, const ReadOptions& options) {
  Fields fields(options.file, options.text);
  Binding made = read(fields, {&document, "", document.at()});
  if (fields.failed()) return invalid_files(fields.take());
  return made;
}

}  // namespace pawl::policy
