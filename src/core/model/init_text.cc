#include "core/model/init_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/model/init.h"
#include "format/json.h"
#include "format/yaml_scalar.h"

namespace pawl::model {

namespace {

constexpr std::array<std::string_view, 23> kUsualOrder = {
    "local",   "sandbox", "dev",         "devel", "development", "ci",         "test",    "testing",
    "qa",      "int",     "integration", "uat",   "stage",       "stg",        "staging", "preview",
    "preprod", "pre",     "canary",      "prod",  "prd",         "production", "live"};

// 0 for unknown names, so that they stand in front.
std::size_t usual_rank(std::string_view name) {
  auto found = std::find(kUsualOrder.begin(), kUsualOrder.end(), name);
  if (found != kUsualOrder.end()) return static_cast<std::size_t>(found - kUsualOrder.begin()) + 1;
  if (name.find('-') == std::string_view::npos) return 0;
  std::size_t rank = 0;
  for (std::string_view part : split(name, '-')) rank = std::max(rank, usual_rank(part));
  return rank;
}

bool is_exactly_usual(std::string_view name) {
  return std::find(kUsualOrder.begin(), kUsualOrder.end(), name) != kUsualOrder.end();
}

// `text` as a YAML scalar that reads back as this string, also inside a flow list.
std::string scalar(const std::string& text) {
  bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return alnum || c == '.' || c == '/' || c == '_' || c == '-' || c == '$' || c == '(' || c == ')';
  });
  bool starts_well = plain && text[0] != '-' && text[0] != '.';
  if (starts_well && !format::needs_quotes(text)) return text;
  return format::render_json(format::Value::string_ref(text));
}

std::string flow_list(const std::vector<std::string>& names) {
  std::vector<std::string> written;
  for (const std::string& name : names) written.push_back(scalar(name));
  return "[" + join(written, ", ") + "]";
}

}  // namespace

std::string fit_name(std::string_view text) {
  constexpr std::size_t kLongest = 63;
  std::string out;
  for (char c : to_lower(text)) {
    bool keep = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (keep)
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
    if (out.size() == kLongest) break;
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "project" : out;
}

void sort_by_usual_order(std::vector<std::string>& environments) {
  std::sort(environments.begin(), environments.end(), [](const std::string& a, const std::string& b) {
    return std::pair(usual_rank(a), std::string_view(a)) < std::pair(usual_rank(b), std::string_view(b));
  });
}

bool is_usual_environment(std::string_view name) { return usual_rank(name) != 0; }

std::vector<std::vector<std::string>> stages_of(const std::vector<std::string>& environments) {
  std::vector<std::vector<std::string>> stages;
  for (const std::string& name : environments) {
    bool together = !stages.empty() && usual_rank(name) != 0 && !is_exactly_usual(name) &&
                    usual_rank(stages.back().back()) == usual_rank(name) && !is_exactly_usual(stages.back().back());
    if (together)
      stages.back().push_back(name);
    else
      stages.push_back({name});
  }
  return stages;
}

std::string in_words(const GuessedProject& project) {
  std::vector<std::string> steps;
  for (const std::vector<std::string>& stage : stages_of(project.environments)) steps.push_back(join(stage, " and "));
  return join(steps, " -> ");
}

std::string render_project_file(const GuessedProject& project) {
  std::string out = fmt::format("apiVersion: {}\nkind: Project\n", kApiVersion);
  out += fmt::format("metadata: {{ name: {} }}\nspec:\n  layers:\n", scalar(project.name));
  for (const GuessedLayer& layer : project.layers) {
    out += fmt::format("    - name: {}\n      {}: {}\n", scalar(layer.name), layer.input, scalar(layer.path));
  }
  out +=
      fmt::format("\n  defaults:\n    target: {{ directory: {}/$(environment) }}\n\n  environments:\n", project.target);
  const std::vector<std::string>* before = nullptr;
  std::vector<std::vector<std::string>> stages = stages_of(project.environments);
  for (const std::vector<std::string>& stage : stages) {
    for (const std::string& name : stage) {
      out += fmt::format("    - name: {}\n", scalar(name));
      if (before != nullptr) out += fmt::format("      promotesFrom: {}\n", flow_list(*before));
    }
    before = &stage;
  }
  return out;
}

}  // namespace pawl::model
