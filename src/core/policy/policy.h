#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cel/program.h"
#include "core/policy/match_resources.h"
#include "core/policy/resource.h"

namespace pawl::policy {

enum class FailurePolicy : std::uint8_t { kFail, kIgnore };

// Why a request is refused, as the apiserver's answer says it.
enum class Reason : std::uint8_t { kInvalid, kForbidden, kRequestEntityTooLarge, kUnauthorized };
std::string_view name_of(Reason reason);  // "RequestEntityTooLarge"
int http_status_of(Reason reason);

// A value that expressions read as variables.NAME; computed when first read.
struct Variable {
  std::string name;
  cel::Program program;
};

struct MatchCondition {
  std::string name;
  cel::Program program;
};

struct Validation {
  cel::Program program;
  std::string message;  // as written; "" where there is none
  std::optional<cel::Program> message_program;
  Reason reason = Reason::kInvalid;
};

struct AuditAnnotation {
  std::string key;
  cel::Program program;
};

// What the expressions of a policy may name. Programs are compiled in, and evaluated with activations of, these.
struct Environments {
  cel::Environment conditions;   // of matchConditions: no `variables`
  cel::Environment expressions;  // of validations, variables, audit annotations
  cel::Environment messages;     // of messageExpressions: no `authorizer`
};

// A ValidatingAdmissionPolicy, with its expressions compiled. Immutable once read; evaluated from any thread.
struct Policy {
  std::string name;
  FailurePolicy failure_policy = FailurePolicy::kFail;
  std::optional<Kind> param_kind;
  MatchResources constraints;
  std::vector<MatchCondition> conditions;
  std::vector<Variable> variables;
  std::vector<Validation> validations;
  std::vector<AuditAnnotation> annotations;
  Environments environments;
  // Whether any expression reads these; they are not made where none does.
  bool reads_request = false;
  bool reads_namespace = false;
};

}  // namespace pawl::policy
