#include <map>

#include "core/policy/report.h"
#include "format/json.h"
#include "format/value.h"

namespace pawl::policy {

namespace {

using format::Arena;
using format::Value;

std::string rule_id(const std::string& policy, const std::optional<std::size_t>& validation) {
  return validation ? policy + "/validations[" + std::to_string(*validation) + "]" : policy;
}

std::string_view level_name(ReportedFinding::Level level) {
  switch (level) {
    case ReportedFinding::Level::kError:
      return "error";
    case ReportedFinding::Level::kWarning:
      return "warning";
    case ReportedFinding::Level::kNote:
      return "note";
  }
  return "none";
}

Value text_value(Arena& arena, std::string_view text) {
  Value made = Value::map();
  made.set(arena, "text", text);
  return made;
}

Value list_of(Arena& arena, Value item) {
  Value made = Value::list();
  made.push_back(arena, item);
  return made;
}

// As a relative URI reference: what is no path character is percent-encoded.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=@";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string made;
  for (char c : path) {
    auto byte = static_cast<unsigned char>(c);
    bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                 kPlain.find(c) != std::string_view::npos;
    if (plain)
      made += c;
    else
      made += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return made;
}

Value rule_value(Arena& arena, const ReportedRule& rule) {
  Value made = Value::map();
  made.set(arena, "id", rule_id(rule.policy, rule.validation));
  made.set(arena, "shortDescription", text_value(arena, rule.summary));
  made.set(arena, "fullDescription", text_value(arena, rule.expression));
  return made;
}

Value location_value(Arena& arena, const ReportedFinding& finding) {
  Value made = Value::map();
  if (!finding.file.empty()) {
    Value artifact = Value::map();
    artifact.set(arena, "uri", uri_of(finding.file));
    Value physical = Value::map();
    physical.set(arena, "artifactLocation", artifact);
    if (finding.at.line != 0) {
      Value region = Value::map();
      region.set(arena, "startLine", Value::integer(static_cast<std::int64_t>(finding.at.line)));
      if (finding.at.column != 0)
        region.set(arena, "startColumn", Value::integer(static_cast<std::int64_t>(finding.at.column)));
      physical.set(arena, "region", region);
    }
    made.set(arena, "physicalLocation", physical);
  }
  Value logical = Value::map();
  logical.set(arena, "fullyQualifiedName", finding.object);
  made.set(arena, "logicalLocations", list_of(arena, logical));
  return made;
}

Value result_value(Arena& arena, const ReportedFinding& finding, const std::map<std::string, std::size_t>& indices) {
  std::string id = rule_id(finding.policy, finding.validation);
  Value made = Value::map();
  made.set(arena, "ruleId", id);
  if (auto known = indices.find(id); known != indices.end())
    made.set(arena, "ruleIndex", Value::integer(static_cast<std::int64_t>(known->second)));
  made.set(arena, "level", level_name(finding.level));
  made.set(arena, "message", text_value(arena, finding.message));
  made.set(arena, "locations", list_of(arena, location_value(arena, finding)));
  return made;
}

}  // namespace

std::string sarif(std::span<const ReportedRule> rules, std::span<const ReportedFinding> findings,
                  std::string_view version) {
  Arena arena;
  std::map<std::string, std::size_t> indices;
  Value rule_list = Value::list(), results = Value::list();
  for (const ReportedRule& rule : rules) {
    indices.emplace(rule_id(rule.policy, rule.validation), rule_list.size());
    rule_list.push_back(arena, rule_value(arena, rule));
  }
  for (const ReportedFinding& finding : findings) results.push_back(arena, result_value(arena, finding, indices));
  Value driver = Value::map();
  driver.set(arena, "name", "pawl");
  driver.set(arena, "version", version);
  driver.set(arena, "rules", rule_list);
  Value tool = Value::map();
  tool.set(arena, "driver", driver);
  Value run = Value::map();
  run.set(arena, "tool", tool);
  run.set(arena, "results", results);
  Value made = Value::map();
  made.set(arena, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  made.set(arena, "version", "2.1.0");
  made.set(arena, "runs", list_of(arena, run));
  return format::render_json_pretty(made);
}

}  // namespace pawl::policy
