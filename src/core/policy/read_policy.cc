#include <algorithm>
#include <set>

#include "base/text.h"
#include "core/cel/lib/go_text.h"
#include "core/policy/expression_compiler.h"
#include "core/policy/names.h"
#include "core/policy/read.h"
#include "core/policy/read_match.h"

namespace pawl::policy {

namespace {

constexpr std::size_t kMostConditions = 64;
constexpr std::size_t kMostAnnotations = 20;
constexpr std::size_t kLongestAnnotation = 5 * 1024;

bool is_blank(std::string_view text) { return cel::lib::go_trim_space(text).empty(); }

std::optional<Kind> read_param_kind(Fields& fields, const At& at) {
  if (!at || !fields.open(at, {"apiVersion", "kind"})) return std::nullopt;
  std::string version = fields.text(at, "apiVersion");
  std::string kind = fields.text(at, "kind");
  Kind made = kind_of(version, kind);
  At version_at = fields.child(at, "apiVersion");
  if (version.empty())
    fields.required(at, "apiVersion");
  else if (std::ranges::count(version, '/') > 1)
    fields.invalid(version_at, version, "unexpected GroupVersion string: " + version);
  else {
    if (!made.group.empty())
      for (const std::string& fault : faults_of_subdomain(made.group)) fields.invalid(version_at, made.group, fault);
    if (made.version.empty())
      fields.invalid(version_at, version, "version must be specified");
    else
      for (const std::string& fault : faults_of_dns_label(made.version))
        fields.invalid(version_at, made.version, fault);
  }
  if (kind.empty()) fields.required(at, "kind");
  if (!kind.empty())
    for (const std::string& fault : faults_of_dns_label(to_lower(kind)))
      fields.invalid(fields.child(at, "kind"), kind, "may have mixed case, but should otherwise match: " + fault);
  return made;
}

FailurePolicy read_failure_policy(Fields& fields, const At& spec) {
  std::string word = fields.text(spec, "failurePolicy");
  if (At at = fields.child(spec, "failurePolicy"); at && word != "Fail" && word != "Ignore")
    fields.unsupported(at, word, {"Fail", "Ignore"});
  return word == "Ignore" ? FailurePolicy::kIgnore : FailurePolicy::kFail;
}

// One policy on its way from text to programs.
class PolicyReader {
 public:
  PolicyReader(Fields& fields, const ReadOptions& options) : fields_(fields), zones_(options.zones) {}

  std::optional<Policy> read(const At& object);

 private:
  MatchResources read_constraints(const At& spec);
  void read_conditions(const At& list);
  void read_variables(const At& list);
  void read_rules(const At& spec);
  void read_validations(const At& list);
  void read_validation(const At& at);
  void read_annotations(const At& list);
  void read_annotation(const At& at);
  Reason read_reason(const At& validation);
  std::optional<Policy> made_of(FailurePolicy failure_policy, std::optional<Kind> param_kind,
                                MatchResources constraints);
  // The expression's place, where there is one that is not blank; else it is noted as missing.
  At expression(const At& parent, std::string_view name, std::string_view detail);

  Fields& fields_;
  const cel::TimeZones* zones_;
  std::optional<ExpressionCompiler> compiler_;
  std::string name_;
  std::vector<MatchCondition> conditions_;
  std::vector<Variable> variables_;
  std::vector<Validation> validations_;
  std::vector<AuditAnnotation> annotations_;
};

At PolicyReader::expression(const At& parent, std::string_view name, std::string_view detail) {
  std::string text = fields_.text(parent, name);
  At at = fields_.child(parent, name);
  if (at && !at.value->is_string()) return {};
  if (!is_blank(text)) return at;
  fields_.required(parent, name, detail);
  return {};
}

void PolicyReader::read_conditions(const At& list) {
  std::set<std::string> names;
  std::vector<At> items = fields_.items(list);
  if (items.size() > kMostConditions)
    fields_.note(list, "too-many",
                 list.path + ": Too many: " + std::to_string(items.size()) + ": must have at most " +
                     std::to_string(kMostConditions) + " items");
  for (const At& at : items) {
    if (!fields_.open(at, {"name", "expression"})) continue;
    std::string name = fields_.text(at, "name");
    std::optional<cel::Program> program;
    if (At text = expression(at, "expression", {})) program = compiler_->condition(fields_, text);
    if (name.empty()) fields_.required(at, "name");
    if (!name.empty())
      for (const std::string& fault : faults_of_qualified_name(name))
        fields_.invalid(fields_.child(at, "name"), name, fault);
    if (!name.empty() && !names.insert(name).second) fields_.duplicate(fields_.child(at, "name"), name);
    if (program) conditions_.push_back({name, *program});
  }
}

void PolicyReader::read_variables(const At& list) {
  for (const At& at : fields_.items(list)) {
    if (!fields_.open(at, {"name", "expression"})) continue;
    std::string name = fields_.text(at, "name");
    if (is_blank(name))
      fields_.required(at, "name", "name is not specified");
    else if (!is_identifier(name))
      fields_.invalid(fields_.child(at, "name"), name, "must be a valid CEL identifier");
    At text = expression(at, "expression", "expression is not specified");
    if (!text) continue;
    std::optional<cel::Program> program = compiler_->variable(fields_, text, name);
    if (!program) continue;
    // Kubernetes takes a name twice and lets the last one count, for all that read it.
    auto known = std::ranges::find(variables_, name, &Variable::name);
    if (known != variables_.end())
      known->program = *program;
    else
      variables_.push_back({name, *program});
  }
}

Reason PolicyReader::read_reason(const At& validation) {
  std::string word = fields_.text(validation, "reason");
  for (Reason reason : {Reason::kForbidden, Reason::kRequestEntityTooLarge})
    if (word == name_of(reason)) return reason;
  if (At at = fields_.child(validation, "reason"); at && word != "Invalid")
    fields_.unsupported(at, word, {"Forbidden", "Invalid", "RequestEntityTooLarge"});
  return Reason::kInvalid;
}

void PolicyReader::read_validation(const At& at) {
  if (!fields_.open(at, {"expression", "message", "messageExpression", "reason"})) return;
  std::optional<cel::Program> program, message_program;
  if (At text = expression(at, "expression", "expression is not specified"))
    program = compiler_->validation(fields_, text);
  std::string message_expression = fields_.text(at, "messageExpression");
  At message_at = fields_.child(at, "messageExpression");
  if (!message_expression.empty() && is_blank(message_expression))
    fields_.invalid(message_at, message_expression, "must be non-empty if specified");
  else if (!message_expression.empty())
    message_program = compiler_->message(fields_, message_at);
  std::string message = fields_.text(at, "message");
  if (!message.empty() && is_blank(message))
    fields_.invalid(fields_.child(at, "message"), message, "must be non-empty if specified");
  else if (cel::lib::go_trim_space(message).find_first_of("\r\n") != std::string_view::npos)
    fields_.invalid(fields_.child(at, "message"), message, "must not contain line breaks");
  Reason reason = read_reason(at);
  if (program) validations_.push_back({*program, std::move(message), std::move(message_program), reason});
}

void PolicyReader::read_validations(const At& list) {
  for (const At& at : fields_.items(list)) read_validation(at);
}

void PolicyReader::read_annotation(const At& at) {
  if (!fields_.open(at, {"key", "valueExpression"})) return;
  std::string key = fields_.text(at, "key");
  At key_at = fields_.child(at, "key");
  if (name_.empty())
    fields_.invalid(key_at, key, "requires metadata.name be non-empty");
  else
    for (const std::string& fault : faults_of_qualified_name(name_ + "/" + key))
      fields_.invalid(key_at, name_ + "/" + key, fault);
  At text = expression(at, "valueExpression", "valueExpression is not specified");
  if (!text) return;
  if (cel::lib::go_trim_space(text.value->as_string()).size() > kLongestAnnotation)
    return fields_.required(at, "valueExpression",
                            "must not exceed " + std::to_string(kLongestAnnotation) + " bytes in length");
  if (std::optional<cel::Program> program = compiler_->annotation(fields_, text))
    annotations_.push_back({key, *program});
}

void PolicyReader::read_annotations(const At& list) {
  std::vector<At> items = fields_.items(list);
  if (items.size() > kMostAnnotations)
    fields_.invalid_json(list, "must not have more than " + std::to_string(kMostAnnotations) + " auditAnnotations");
  std::set<std::string> keys;
  for (const At& at : items) {
    read_annotation(at);
    std::string key(at.value->string_at("key"));
    if (!keys.insert(key).second) fields_.duplicate(fields_.child(at, "key"), key);
  }
}

bool reads(const Policy& policy, std::string_view variable) {
  auto any = [&](const auto& list) {
    return std::ranges::any_of(list, [&](const auto& part) { return part.program.reads(variable); });
  };
  bool messages = std::ranges::any_of(policy.validations, [&](const Validation& validation) {
    return validation.message_program && validation.message_program->reads(variable);
  });
  return messages || any(policy.conditions) || any(policy.variables) || any(policy.validations) ||
         any(policy.annotations);
}

MatchResources PolicyReader::read_constraints(const At& spec) {
  At at = fields_.child(spec, "matchConstraints");
  if (!at) {
    fields_.required(spec, "matchConstraints");
    return {};
  }
  MatchResources made = read_match_resources(fields_, at);
  if (made.rules.empty()) fields_.required(at, "resourceRules");
  return made;
}

void PolicyReader::read_rules(const At& spec) {
  At validations = fields_.child(spec, "validations"), annotations = fields_.child(spec, "auditAnnotations");
  bool none = (!validations || validations.value->empty()) && (!annotations || annotations.value->empty());
  if (none)
    for (std::string_view field : {"validations", "auditAnnotations"})
      fields_.required(spec, field, "validations or auditAnnotations must contain at least one item");
  read_validations(validations);
  read_annotations(annotations);
}

std::optional<Policy> PolicyReader::made_of(FailurePolicy failure_policy, std::optional<Kind> param_kind,
                                            MatchResources constraints) {
  if (fields_.failed()) return std::nullopt;
  Policy made{name_,
              failure_policy,
              std::move(param_kind),
              std::move(constraints),
              std::move(conditions_),
              std::move(variables_),
              std::move(validations_),
              std::move(annotations_),
              compiler_->environments()};
  made.reads_request = reads(made, "request");
  made.reads_namespace = reads(made, "namespaceObject");
  return made;
}

std::optional<Policy> PolicyReader::read(const At& object) {
  fields_.open(object, {"apiVersion", "kind", "metadata", "spec", "status"});
  name_ = read_metadata(fields_, object);
  At spec = fields_.child(object, "spec");
  if (!spec) fields_.required(object, "spec");
  if (!fields_.open(spec, {"auditAnnotations", "failurePolicy", "matchConditions", "matchConstraints", "paramKind",
                           "validations", "variables"}))
    return std::nullopt;
  FailurePolicy failure_policy = read_failure_policy(fields_, spec);
  std::optional<Kind> param_kind = read_param_kind(fields_, fields_.child(spec, "paramKind"));
  compiler_.emplace(param_kind.has_value(), zones_);
  MatchResources constraints = read_constraints(spec);
  read_conditions(fields_.child(spec, "matchConditions"));
  read_variables(fields_.child(spec, "variables"));
  read_rules(spec);
  return made_of(failure_policy, std::move(param_kind), std::move(constraints));
}

}  // namespace

Result<Policy> read_policy(const format::Value& document, const ReadOptions& options) {
  Fields fields(options.file, options.text);
  PolicyReader reader(fields, options);
  std::optional<Policy> made = reader.read({&document, "", document.at()});
  if (!made) return invalid_files(fields.take());
  return std::move(*made);
}

}  // namespace pawl::policy
