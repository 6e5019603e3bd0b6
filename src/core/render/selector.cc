#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/render/patch.h"
#include "format/regex.h"

namespace pawl::render {

using format::Value;

Result<Selector> read_selector(const Value& target) {
  static constexpr std::array<std::string_view, 7> kFields = {
      "group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"};
  if (!target.is_map()) return Error(ErrorCode::kInvalid, "a patch's target is a map");
  for (const format::Member& member : target.members()) {
    if (std::find(kFields.begin(), kFields.end(), member.key) == kFields.end()) {
      return Error(ErrorCode::kInvalid,
                   "a patch's target has no field \"" + std::string(member.key.substr(0, 64)) + "\"");
    }
  }
  auto text = [&](std::string_view key) { return std::string(target.string_at(key)); };
  return Selector{text("group"),         text("version"),           text("kind"), text("name"), text("namespace"),
                  text("labelSelector"), text("annotationSelector")};
}

namespace {

Result<bool> matches(const std::string& pattern, std::string_view text) {
  if (pattern.empty()) return true;
  if (pattern == text) return true;
  return format::regex_match(pattern, text);
}

Result<bool> identity_matches(const Selector& selector, const model::ObjectId& id) {
  PAWL_ASSIGN(bool name, matches(selector.name, id.name));
  PAWL_ASSIGN(bool space, matches(selector.space, id.space));
  PAWL_ASSIGN(bool kind, matches(selector.kind, id.kind));
  PAWL_ASSIGN(bool group, matches(selector.group, group_of(id.api_version)));
  PAWL_ASSIGN(bool version, matches(selector.version, version_of(id.api_version)));
  return name && space && kind && group && version;
}

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

Result<bool> labels_match(const std::string& selector, const Value* labels) {
  if (trim(selector).empty()) return true;
  for (std::string_view text : requirements(selector)) {
    PAWL_ASSIGN(bool holds, requirement_holds(text, labels));
    if (!holds) return false;
  }
  return true;
}

Result<bool> selects(const Selector& selector, const Item& item) {
  bool any = false;
  std::vector<model::ObjectId> ids = item.before;
  ids.push_back(item.id());
  for (const model::ObjectId& id : ids) {
    PAWL_ASSIGN(bool matched, identity_matches(selector, id));
    any |= matched;
  }
  if (!any) return false;
  PAWL_ASSIGN(bool labels, labels_match(selector.labels, item.object.at_path({"metadata", "labels"})));
  PAWL_ASSIGN(bool annotations, labels_match(selector.annotations, item.object.at_path({"metadata", "annotations"})));
  return labels && annotations;
}

}  // namespace pawl::render
