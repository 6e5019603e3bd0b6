#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"

namespace pawl::policy {

// What was found, for programs that read reports: in whichever way policies were asked.

// A validation of a policy, and what it is about.
struct ReportedRule {
  std::string policy;
  std::size_t validation = 0;
  std::string summary;  // one line
  std::string expression;
};

struct ReportedFinding {
  enum class Level : std::uint8_t { kError, kWarning, kNote };
  std::string policy;
  std::optional<std::size_t> validation;  // none: the policy itself could not be applied
  Level level = Level::kError;
  std::string message;
  std::string object;  // "apps/v1 Deployment shop/web"
  std::string file;    // "": not of a file
  Position at;
};

// One thing that was judged, with what was wrong.
struct ReportedCase {
  std::string suite;  // a file, a policy
  std::string name;
  std::string file;
  Position at;
  std::vector<std::string> failures;
};

// SARIF 2.1.0 (OASIS): one rule a validation, "replicas/validations[0]"; one result a finding. `version` is the
// program's. Same input, same bytes.
std::string sarif(std::span<const ReportedRule> rules, std::span<const ReportedFinding> findings,
                  std::string_view version);

// JUnit's XML as CI servers read it: a testsuite a suite, in the order in which they come; characters that XML cannot
// hold become U+FFFD.
std::string junit(std::span<const ReportedCase> cases, std::string_view name);

}  // namespace pawl::policy
