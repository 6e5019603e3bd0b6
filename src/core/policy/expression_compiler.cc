#include "core/policy/expression_compiler.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "core/policy/admission_types.h"

namespace pawl::policy {

namespace {

using cel::Type;

// Lists and maps by their parts, what the type system of variables has no name for as dyn.
Type type_of_variable(const Type& type) {
  switch (type.kind()) {
    case Type::Kind::kBool:
    case Type::Kind::kBytes:
    case Type::Kind::kDouble:
    case Type::Kind::kDuration:
    case Type::Kind::kInt:
    case Type::Kind::kNull:
    case Type::Kind::kString:
    case Type::Kind::kTimestamp:
    case Type::Kind::kUint:
      return type;
    case Type::Kind::kList:
      return Type::list(type_of_variable(type.parameters()[0]));
    case Type::Kind::kMap:
      return Type::map(type_of_variable(type.parameters()[0]), type_of_variable(type.parameters()[1]));
    case Type::Kind::kDyn:
    case Type::Kind::kType:
    case Type::Kind::kOptional:
    case Type::Kind::kOpaque:
    case Type::Kind::kRecord:
    case Type::Kind::kParameter:
    case Type::Kind::kError:
      break;
  }
  return Type::dyn();
}

// One diagnostic a fault: the compiler's text is "ERROR: ...", the line and a caret, for each.
void note_faults(Fields& fields, const At& at, const std::string& message) {
  std::string prefix = "compilation failed: ";
  for (std::string_view line : split(message, '\n')) {
    if (line.starts_with(" | ")) continue;
    fields.invalid(at, at.value->as_string(), prefix + std::string(line));
  }
}

std::optional<cel::Program> compiled(Fields& fields, const At& at, const cel::Environment& environment) {
  Result<cel::Program> made = cel::Program::compile(environment, at.value->as_string());
  if (made) return *made;
  note_faults(fields, at, made.error().message);
  return std::nullopt;
}

// A type as Go prints cel-go's types, which is not how the compiler's own messages name them.
std::string go_name(const Type& type) {
  std::string made(type.runtime_name());
  std::string parts;
  for (const Type& parameter : type.parameters()) parts += (parts.empty() ? "" : ", ") + go_name(parameter);
  return parts.empty() ? made : made + "(" + parts + ")";
}

// As above, of an expression that must be of one of these types.
std::optional<cel::Program> compiled(Fields& fields, const At& at, const cel::Environment& environment,
                                     std::span<const Type> types) {
  std::optional<cel::Program> made = compiled(fields, at, environment);
  if (!made || std::ranges::find(types, made->type()) != types.end()) return made;
  std::string wanted;
  for (const Type& type : types) wanted += (wanted.empty() ? "" : " ") + go_name(type);
  if (types.size() > 1) wanted = "one of [" + wanted + "]";
  fields.invalid(at, at.value->as_string(), "must evaluate to " + wanted + " but got " + go_name(made->type()));
  return std::nullopt;
}

const std::array kBool = {Type::simple(Type::Kind::kBool)};
const std::array kText = {Type::simple(Type::Kind::kString)};
const std::array kTextOrNull = {Type::simple(Type::Kind::kString), Type::simple(Type::Kind::kNull)};

cel::Environment environment_of(bool has_params, const cel::TimeZones* zones) {
  cel::Environment made(cel::Dialect::kKubernetes);
  if (zones != nullptr) made.set_time_zones(*zones);
  made.declare("object", Type::dyn()).declare("oldObject", Type::dyn());
  made.declare("namespaceObject", namespace_type()).declare("request", request_type());
  if (has_params) made.declare("params", Type::dyn());
  return made;
}

void declare_authorizer(cel::Environment& environment) {
  environment.declare("authorizer", Type::opaque("kubernetes.authorization.Authorizer"));
  environment.declare("authorizer.requestResource", Type::opaque("kubernetes.authorization.ResourceCheck"));
}

}  // namespace

ExpressionCompiler::ExpressionCompiler(bool has_params, const cel::TimeZones* zones)
    : conditions_(environment_of(has_params, zones)), expressions_(conditions_), messages_(conditions_) {
  declare_authorizer(conditions_);
  declare_authorizer(expressions_);
}

void ExpressionCompiler::declare_variables() {
  auto record = std::make_shared<cel::RecordType>(cel::RecordType{"kubernetes.variables", variables_});
  for (cel::Environment* environment : {&expressions_, &messages_})
    environment->declare("variables", Type::record(record));
}

std::optional<cel::Program> ExpressionCompiler::condition(Fields& fields, const At& at) {
  return compiled(fields, at, conditions_, kBool);
}

std::optional<cel::Program> ExpressionCompiler::variable(Fields& fields, const At& at, const std::string& name) {
  if (variables_.empty()) declare_variables();
  std::optional<cel::Program> made = compiled(fields, at, expressions_);
  Type type = made ? type_of_variable(made->type()) : Type::dyn();
  auto known = std::ranges::find(variables_, name, &cel::RecordType::Field::name);
  if (known != variables_.end())
    known->type = type;
  else
    variables_.push_back({name, type});
  declare_variables();
  return made;
}

std::optional<cel::Program> ExpressionCompiler::validation(Fields& fields, const At& at) {
  return compiled(fields, at, expressions_, kBool);
}

std::optional<cel::Program> ExpressionCompiler::message(Fields& fields, const At& at) {
  return compiled(fields, at, messages_, kText);
}

std::optional<cel::Program> ExpressionCompiler::annotation(Fields& fields, const At& at) {
  return compiled(fields, at, expressions_, kTextOrNull);
}

}  // namespace pawl::policy
