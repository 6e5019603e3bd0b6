#include "core/policy/read_match.h"

#include <algorithm>
#include <set>

#include "core/policy/names.h"

namespace pawl::policy {

namespace {

using Operator = Requirement::Operator;

bool has_wildcard(const std::vector<std::string>& words) { return std::ranges::find(words, "*") != words.end(); }

Operator read_operator(Fields& fields, const At& requirement) {
  std::string word = fields.text(requirement, "operator");
  if (word == "In") return Operator::kIn;
  if (word == "NotIn") return Operator::kNotIn;
  if (word == "DoesNotExist") return Operator::kDoesNotExist;
  if (word != "Exists") {
    At at = fields.child(requirement, "operator");
    fields.invalid(at, word, "not a valid selector operator");
  }
  return Operator::kExists;
}

void read_requirement(Fields& fields, const At& at, LabelSelector& into) {
  if (!fields.open(at, {"key", "operator", "values"})) return;
  Requirement made;
  made.key = fields.text(at, "key");
  made.op = read_operator(fields, at);
  made.values = fields.texts(at, "values");
  bool lists = made.op == Operator::kIn || made.op == Operator::kNotIn;
  if (lists && made.values.empty())
    fields.required(at, "values", "must be specified when `operator` is 'In' or 'NotIn'");
  if (!lists && !made.values.empty())
    fields.forbidden(fields.child(at, "values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  for (const std::string& fault : faults_of_qualified_name(made.key))
    fields.invalid(fields.child(at, "key"), made.key, fault);
  for (const At& value : fields.items(fields.child(at, "values")))
    for (const std::string& fault : faults_of_label_value(value.value->string_or_empty()))
      fields.invalid(value, value.value->string_or_empty(), fault);
  into.requirements.push_back(std::move(made));
}

void read_match_labels(Fields& fields, const At& at, LabelSelector& into) {
  if (!at) return;
  if (!at.value->is_map()) return fields.note(at, "wrong-type", at.path + " must be a map");
  for (const format::Member* member : format::members_by_key(*at.value)) {
    if (!member->value.is_string()) fields.note(at, "wrong-type", at.path + " must be a map of strings");
    for (const std::string& fault : faults_of_qualified_name(member->key)) fields.invalid(at, member->key, fault);
    for (const std::string& fault : faults_of_label_value(member->value.string_or_empty()))
      fields.invalid(at, member->value.string_or_empty(), fault);
    into.requirements.push_back(
        {std::string(member->key), Operator::kIn, {std::string(member->value.string_or_empty())}});
  }
}

void check_operations(Fields& fields, const At& rule, const std::vector<std::string>& operations) {
  if (operations.empty()) fields.required(rule, "operations");
  At list = fields.child(rule, "operations");
  if (operations.size() > 1 && has_wildcard(operations))
    fields.invalid_json(list, "if '*' is present, must not specify other operations");
  for (const At& at : fields.items(list)) {
    std::string_view word = at.value->string_or_empty();
    if (word != "*" && word != "CREATE" && word != "UPDATE" && word != "DELETE" && word != "CONNECT")
      fields.unsupported(at, word, {"*", "CONNECT", "CREATE", "DELETE", "UPDATE"});
  }
}

void check_groups(Fields& fields, const At& rule, const ResourceRule& made) {
  if (made.groups.empty()) fields.required(rule, "apiGroups");
  if (made.groups.size() > 1 && has_wildcard(made.groups))
    fields.invalid_json(fields.child(rule, "apiGroups"), "if '*' is present, must not specify other API groups");
  if (made.versions.empty()) fields.required(rule, "apiVersions");
  At versions = fields.child(rule, "apiVersions");
  if (made.versions.size() > 1 && has_wildcard(made.versions))
    fields.invalid_json(versions, "if '*' is present, must not specify other API versions");
  for (const At& at : fields.items(versions))
    if (at.value->string_or_empty().empty()) fields.required(at, "");
}

// What of a list of resources another entry already says is refused, as it would say nothing.
void check_resources(Fields& fields, const At& rule, const std::vector<std::string>& resources) {
  if (resources.empty()) return fields.required(rule, "resources");
  At list = fields.child(rule, "resources");
  std::set<std::string> any_sub, any_resource;
  bool everything = false, any = false, without_sub = false;
  for (const At& at : fields.items(list)) {
    std::string word(at.value->string_or_empty());
    if (word.empty()) {
      fields.required(at, "");
      continue;
    }
    everything |= word == "*/*";
    any |= word == "*";
    std::size_t slash = word.find('/');
    if (slash == std::string::npos) {
      without_sub = word != "*";
      continue;
    }
    std::string resource = word.substr(0, slash), sub = word.substr(slash + 1);
    if (any_sub.contains(resource))
      fields.invalid(at, word, "if '" + resource + "/*' is present, must not specify " + word);
    if (any_resource.contains(sub)) fields.invalid(at, word, "if '*/" + sub + "' is present, must not specify " + word);
    if (sub == "*") any_sub.insert(resource);
    if (resource == "*") any_resource.insert(sub);
  }
  if (resources.size() > 1 && everything)
    fields.invalid_json(list, "if '*/*' is present, must not specify other resources");
  if (any && without_sub)
    fields.invalid_json(list, "if '*' is present, must not specify other resources without subresources");
}

ResourceRule::Scope read_scope(Fields& fields, const At& rule) {
  std::string word = fields.text(rule, "scope");
  if (word == "Cluster") return ResourceRule::Scope::kCluster;
  if (word == "Namespaced") return ResourceRule::Scope::kNamespaced;
  if (At at = fields.child(rule, "scope"); at && word != "*")
    fields.unsupported(at, word, {"*", "Cluster", "Namespaced"});
  return ResourceRule::Scope::kAll;
}

void check_names(Fields& fields, const At& rule) {
  std::set<std::string_view> seen;
  for (const At& at : fields.items(fields.child(rule, "resourceNames"))) {
    std::string_view name = at.value->string_or_empty();
    for (const std::string& fault : faults_of_path_segment(name)) fields.invalid(at, name, fault);
    if (!seen.insert(name).second) fields.duplicate(at, name);
  }
}

std::vector<ResourceRule> read_rules(Fields& fields, const At& list) {
  std::vector<ResourceRule> rules;
  for (const At& at : fields.items(list)) {
    if (!fields.open(at, {"apiGroups", "apiVersions", "operations", "resourceNames", "resources", "scope"})) continue;
    ResourceRule made;
    made.operations = fields.texts(at, "operations");
    made.groups = fields.texts(at, "apiGroups");
    made.versions = fields.texts(at, "apiVersions");
    made.resources = fields.texts(at, "resources");
    made.names = fields.texts(at, "resourceNames");
    check_names(fields, at);
    check_operations(fields, at, made.operations);
    check_groups(fields, at, made);
    check_resources(fields, at, made.resources);
    made.scope = read_scope(fields, at);
    rules.push_back(std::move(made));
  }
  return rules;
}

}  // namespace

LabelSelector read_selector(Fields& fields, const At& at) {
  LabelSelector made;
  if (!at || !fields.open(at, {"matchLabels", "matchExpressions"})) return made;
  read_match_labels(fields, fields.child(at, "matchLabels"), made);
  for (const At& requirement : fields.items(fields.child(at, "matchExpressions")))
    read_requirement(fields, requirement, made);
  return made;
}

MatchResources read_match_resources(Fields& fields, const At& at) {
  MatchResources made;
  if (!fields.open(at, {"excludeResourceRules", "matchPolicy", "namespaceSelector", "objectSelector", "resourceRules"}))
    return made;
  std::string policy = fields.text(at, "matchPolicy");
  made.equivalent = policy != "Exact";
  if (At word = fields.child(at, "matchPolicy"); word && policy != "Exact" && policy != "Equivalent")
    fields.unsupported(word, policy, {"Equivalent", "Exact"});
  made.namespace_selector = read_selector(fields, fields.child(at, "namespaceSelector"));
  made.object_selector = read_selector(fields, fields.child(at, "objectSelector"));
  made.rules = read_rules(fields, fields.child(at, "resourceRules"));
  made.excludes = read_rules(fields, fields.child(at, "excludeResourceRules"));
  return made;
}

std::string read_metadata(Fields& fields, const At& object) {
  At at = fields.child(object, "metadata");
  if (!at) {
    fields.required(object, "metadata.name", "name or generateName is required");
    return {};
  }
  if (!fields.open(at, {"annotations", "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp",
                        "finalizers", "generateName", "generation", "labels", "managedFields", "name", "namespace",
                        "ownerReferences", "resourceVersion", "selfLink", "uid"}))
    return {};
  std::string name = fields.text(at, "name");
  if (name.empty()) fields.required(at, "name", "name or generateName is required");
  if (!name.empty())
    for (const std::string& fault : faults_of_subdomain(name)) fields.invalid(fields.child(at, "name"), name, fault);
  if (!fields.text(at, "namespace").empty())
    fields.forbidden(fields.child(at, "namespace"), "not allowed on this type");
  return name;
}

}  // namespace pawl::policy
