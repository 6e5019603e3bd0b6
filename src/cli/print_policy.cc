#include "cli/print_policy.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/print_parts.h"

namespace pawl::cli {

namespace {

constexpr std::size_t kShownUntried = 20;

std::string place(const std::string& file, std::uint64_t line) {
  return escape_terminal(file) + (line == 0 ? "" : ":" + std::to_string(line));
}

std::string case_line(const api::PolicyCaseView& one, const Terminal& t) {
  return fmt::format("{}: {}: {}: expected {}; found {}\n", place(one.file, one.line), bad(t, "failed"),
                     escape_terminal(one.name), escape_terminal(one.expected), escape_terminal(one.found));
}

std::string coverage_line(const api::PolicyTestResponse& r) {
  std::string out = fmt::format("rules: {} of {} tried both ways ({}%)", r.tried, r.rules, r.coverage);
  std::size_t shown = std::min(kShownUntried, r.untried.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const api::UntriedRuleView& one = r.untried[i];
    out += "\n  " + escape_terminal(one.policy + "/" + one.rule + " " + one.lack);
  }
  if (shown < r.untried.size()) out += fmt::format("\n  and {} more (-o json lists all)", r.untried.size() - shown);
  return out + "\n";
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  for (std::string_view line : split(text, '\n'))
    if (!line.empty()) out += std::string(indent) + escape_terminal(line) + "\n";
  return out;
}

// Expressions under the name that each has.
std::string named_lines(std::string_view title, const std::vector<api::PolicyRuleView>& rules) {
  std::string out = rules.empty() ? "" : "\n" + std::string(title) + "\n";
  for (const api::PolicyRuleView& one : rules)
    out += "  " + escape_terminal(one.message) + "\n" + indented(one.expression, "    ");
  return out;
}

std::string rule_lines(const std::vector<api::PolicyRuleView>& rules) {
  std::string out = "\nRules\n";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    out += fmt::format("  [{}]\n", i) + indented(rules[i].expression, "    ");
    if (!rules[i].message.empty()) out += "    says\n" + indented(rules[i].message, "      ");
  }
  return out;
}

}  // namespace

std::string print(const api::PolicyTestResponse& r, const Terminal& t) {
  std::string out;
  for (const api::PolicyCaseView& one : r.cases)
    if (!one.passed) out += case_line(one, t);
  if (r.cases.empty()) return "no cases: nothing was tried, which proves nothing\n";
  out += fmt::format("{}: {} passed, {} failed\n", counted(r.cases.size(), "case"), r.passed, r.failed);
  return out + coverage_line(r);
}

std::string print(const api::PolicyCheckResponse& r, const Terminal& t) {
  std::string out;
  for (const api::PolicyFindingView& one : r.findings)
    out += fmt::format("{}: {}: {}\n", place(one.file, one.line),
                       one.level == "denied" ? bad(t, one.level) : escape_terminal(one.level),
                       escape_terminal(one.message));
  return out + fmt::format("{}: {} denied; {} by {}\n", counted(r.objects, "object"), r.denied,
                           counted(r.evaluated, "evaluation"),
                           r.policies == 1 ? "1 policy" : fmt::format("{} policies", r.policies));
}

std::string print_list(const api::PolicyExplainResponse& r) {
  std::vector<Row> rows;
  for (const api::PolicyView& one : r.policies) rows.push_back({one.name, one.summary, one.file});
  return table(rows);
}

std::string print_one(const api::PolicyView& r, const Terminal& t) {
  std::string out = paint(t.out_colour, Paint::kBold, escape_terminal(r.name));
  out += r.summary.empty() ? "\n" : ": " + escape_terminal(r.summary) + "\n";
  if (!r.description.empty()) out += "\n" + escape_terminal(r.description) + "\n";
  if (!r.parameters.empty()) {
    std::vector<Row> rows;
    for (const api::PolicyParameterView& one : r.parameters)
      rows.push_back({"  " + one.name, one.type,
                      one.required           ? "required"
                      : one.standard.empty() ? "optional"
                                             : "default " + one.standard,
                      one.summary});
    out += "\nParams\n" + table(rows);
  }
  out += named_lines("Conditions", r.conditions) + named_lines("Variables", r.variables) + rule_lines(r.rules);
  return out + "\nBound in pawl.yaml\n" + indented(r.binding, "  ");
}

}  // namespace pawl::cli
