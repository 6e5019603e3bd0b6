#include "core/policy/annotations.h"

#include <algorithm>

#include "base/text.h"
#include "format/json.h"

namespace pawl::policy {

namespace {

constexpr std::size_t kLongestValue = 10 * 1024;

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// Go's JSON keeps text out of the hands of browsers.
std::string go_json(std::string_view text) {
  std::string made = format::render_json(format::Value::string_ref(text));
  replace_all(made, "<", "\\u003c");
  replace_all(made, ">", "\\u003e");
  replace_all(made, "&", "\\u0026");
  replace_all(made, "\u2028", "\\u2028");
  replace_all(made, "\u2029", "\\u2029");
  return made;
}

}  // namespace

std::string failure_annotation(const Finding& finding, const Binding& binding) {
  std::string actions;
  for (Action action : binding.actions) actions += (actions.empty() ? "" : ",") + go_json(name_of(action));
  return "[{\"message\":" + go_json(finding.message) + ",\"policy\":" + go_json(binding.policy) +
         ",\"binding\":" + go_json(binding.name) + ",\"expressionIndex\":" + std::to_string(finding.index) +
         ",\"validationActions\":[" + actions + "]}]";
}

void annotate(Verdict& verdict, std::string key, std::string value) {
  if (std::ranges::find(verdict.annotations, key, &std::pair<std::string, std::string>::first) ==
      verdict.annotations.end())
    verdict.annotations.emplace_back(std::move(key), std::move(value));
}

void AnnotationCollector::add(const std::string& key, std::string value) {
  if (value.size() > kLongestValue) value.resize(kLongestValue);
  auto known = std::ranges::find(values_, key, &std::pair<std::string, std::vector<std::string>>::first);
  if (known == values_.end()) {
    values_.push_back({key, {std::move(value)}});
  } else if (std::ranges::find(known->second, value) == known->second.end()) {
    known->second.push_back(std::move(value));
  }
}

void AnnotationCollector::publish(const std::string& policy, Verdict& verdict) const {
  for (const auto& [key, values] : values_) annotate(verdict, policy + "/" + key, join(values, ", "));
}

}  // namespace pawl::policy
