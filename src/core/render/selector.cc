#include "core/render/selector.h"

#include <algorithm>

#include "base/text.h"
#include "core/render/scalar.h"

namespace pawl::render {

using format::Value;

namespace {

std::string_view label(const Value* labels, std::string_view key) {
  return labels == nullptr ? std::string_view() : labels->string_at(key);
}
bool has_label(const Value* labels, std::string_view key) { return labels != nullptr && labels->find(key) != nullptr; }

// "key in (a, b)" and "key notin (a, b)".
std::optional<Result<bool>> set_requirement(std::string_view text, const Value* labels) {
  std::size_t open = text.find('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
  std::string_view head = trim(text.substr(0, open));
  std::size_t space = head.rfind(' ');
  if (space == std::string_view::npos) return Result<bool>(Error(ErrorCode::kInvalid, "malformed label selector"));
  std::string_view key = trim(head.substr(0, space));
  std::string_view word = head.substr(space + 1);
  bool found = false;
  for (std::string_view value : split(text.substr(open + 1, text.size() - open - 2), ','))
    found |= has_label(labels, key) && label(labels, key) == trim(value);
  if (word == "in") return Result<bool>(found);
  if (word == "notin") return Result<bool>(!found);
  return Result<bool>(Error(ErrorCode::kInvalid, "malformed label selector"));
}

Result<bool> requirement_holds(std::string_view text, const Value* labels) {
  if (auto set = set_requirement(text, labels)) return *set;
  if (text.starts_with('!')) return !has_label(labels, trim(text.substr(1)));
  if (std::size_t at = text.find("!="); at != std::string_view::npos) {
    return label(labels, trim(text.substr(0, at))) != trim(text.substr(at + 2));
  }
  std::size_t at = text.find('=');
  if (at == std::string_view::npos) return has_label(labels, text);
  std::string_view value = text.substr(at + 1);
  if (value.starts_with('=')) value.remove_prefix(1);
  std::string_view key = trim(text.substr(0, at));
  return has_label(labels, key) && label(labels, key) == trim(value);
}

// Commas outside of parentheses.
std::vector<std::string_view> requirements(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    bool end = i == text.size() || (text[i] == ',' && depth == 0);
    if (!end) continue;
    out.push_back(trim(text.substr(start, i - start)));
    start = i + 1;
  }
  return out;
}

}  // namespace

Result<bool> labels_match(std::string_view selector, const Value* labels) {
  if (trim(selector).empty()) return true;
  for (std::string_view text : requirements(selector)) {
    PAWL_ASSIGN(bool holds, requirement_holds(text, labels));
    if (!holds) return false;
  }
  return true;
}

Pattern::Pattern(std::string_view text, std::optional<format::Regex> regex) : text_(text), regex_(std::move(regex)) {}

Result<Pattern> Pattern::compile(std::string_view text) {
  bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (plain) return Pattern(text, std::nullopt);
  PAWL_ASSIGN(format::Regex regex, format::Regex::compile(text));
  return Pattern(text, std::move(regex));
}

bool Pattern::matches(std::string_view text) const {
  if (text_.empty()) return true;
  return regex_ ? regex_->matches(text) : text == text_;
}

Result<SelectorPattern> SelectorPattern::compile(const Selector& selector) {
  PAWL_ASSIGN(Pattern group, Pattern::compile(selector.gvk.group));
  PAWL_ASSIGN(Pattern version, Pattern::compile(selector.gvk.version));
  PAWL_ASSIGN(Pattern kind, Pattern::compile(selector.gvk.kind));
  PAWL_ASSIGN(Pattern name, Pattern::compile(selector.name));
  PAWL_ASSIGN(Pattern space, Pattern::compile(selector.space));
  return SelectorPattern(selector, std::move(group), std::move(version), std::move(kind), std::move(name),
                         std::move(space));
}

bool SelectorPattern::matches_gvk(const Gvk& gvk) const {
  return group_.matches(gvk.group) && version_.matches(gvk.version) && kind_.matches(gvk.kind);
}

Result<bool> SelectorPattern::matches_labels(const Value& object) const {
  PAWL_ASSIGN(bool labels, labels_match(selector_.labels, labels_of(object)));
  if (!labels) return false;
  return labels_match(selector_.annotations, annotations_of(object));
}

Result<std::vector<std::size_t>> select(Schema& schema, const std::vector<Item>& items, const Selector& selector) {
  PAWL_ASSIGN(SelectorPattern pattern, SelectorPattern::compile(selector));
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].gone) continue;
    if (!pattern.matches_gvk(items[i].gvk())) continue;
    ResId now = items[i].id(schema);
    ResId original = items[i].original(schema);
    bool named = pattern.matches_name(original.name) || pattern.matches_name(now.name);
    bool spaced = pattern.matches_space(original.effective_space()) || pattern.matches_space(now.effective_space());
    if (!named || !spaced) continue;
    PAWL_ASSIGN(bool labelled, pattern.matches_labels(items[i].object));
    if (labelled) out.push_back(i);
  }
  return out;
}

}  // namespace pawl::render
