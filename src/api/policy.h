#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pawl::api {

// What the local verbs on policies are asked and answer. They need no store.

// `policy test`.
struct PolicyTestRequest {
  std::vector<std::string> paths;  // tables, and folders of them
  std::uint64_t coverage_min = 0;  // percent
  std::string junit;               // files to write; "": none
  std::string sarif;
};

struct PolicyCaseView {
  std::string file;
  std::uint64_t line = 0;
  std::string name;
  bool passed = false;
  std::string expected;
  std::string found;
};

struct UntriedRuleView {
  std::string policy;
  std::string rule;  // "validations[1]"
  std::string lack;  // "never said no"
};

struct PolicyTestResponse {
  std::vector<PolicyCaseView> cases;
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  std::uint64_t rules = 0;     // validations, conditions and messages
  std::uint64_t tried = 0;     // of them, both ways
  std::uint64_t coverage = 0;  // percent, rounded down
  std::vector<UntriedRuleView> untried;
  // Reports in the forms that other programs read; not part of the response's JSON.
  std::string junit;
  std::string sarif;
};

// `policy check`.
struct PolicyCheckRequest {
  std::vector<std::string> paths;     // manifests, and folders of them; "-": standard input
  std::vector<std::string> policies;  // files, folders, library/NAME
  std::vector<std::string> params;    // files and folders with objects of the policies' paramKind
  std::string old;                    // what is there already; "": nothing
  std::string junit;
  std::string sarif;
};

struct PolicyFindingView {
  std::string file;
  std::uint64_t line = 0;
  std::string object;  // "Deployment/web"
  std::string policy;
  std::string rule;   // "validations[0]"; "" where the policy could not be applied
  std::string level;  // denied, warned, noted
  std::string message;
};

struct PolicyCheckResponse {
  std::vector<PolicyFindingView> findings;
  std::uint64_t objects = 0;
  std::uint64_t denied = 0;     // objects
  std::uint64_t evaluated = 0;  // validations
  std::uint64_t policies = 0;
  std::vector<std::string> notes;
  std::string junit;
  std::string sarif;
};

// `policy explain`.
struct PolicyExplainRequest {
  std::string name;                   // "": all, in a line each
  std::vector<std::string> policies;  // beside the library: files and folders
};

struct PolicyParameterView {
  std::string name;  // "registries"
  std::string type;  // "list of string"
  bool required = false;
  std::string standard;  // its default as JSON; "" without
  std::string summary;
};

struct PolicyRuleView {
  std::string expression;
  std::string message;
};

struct PolicyView {
  std::string name;
  std::string summary;
  std::string description;
  std::string file;  // "" of the library
  std::vector<PolicyParameterView> parameters;
  std::vector<PolicyRuleView> conditions;  // a condition's message is its name, a variable's likewise
  std::vector<PolicyRuleView> variables;
  std::vector<PolicyRuleView> rules;
  std::string binding;  // how a project binds it
};

struct PolicyExplainResponse {
  std::vector<PolicyView> policies;
};

}  // namespace pawl::api
