#include "core/policy/fields.h"

#include <algorithm>

#include "base/text.h"
#include "core/cel/lib/go_text.h"
#include "format/json.h"

namespace pawl::policy {

namespace {

std::string joined(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

std::string quoted_list(std::initializer_list<std::string_view> words) {
  std::string text;
  for (std::string_view word : words) text += (text.empty() ? "" : ", ") + cel::lib::go_quote(word);
  return text;
}

}  // namespace

At Fields::child(const At& parent, std::string_view name) const {
  const format::Value* found = parent ? parent.value->find(name) : nullptr;
  bool absent = found == nullptr || found->is_null();
  Position position = found != nullptr && found->at().line != 0 ? found->at() : parent.position;
  return {absent ? nullptr : found, joined(parent.path, name), position};
}

std::vector<At> Fields::items(const At& list) {
  std::vector<At> found;
  if (!list) return found;
  if (!list.value->is_list()) {
    note(list, "wrong-type", list.path + " must be a list, not " + std::string(format::name_of(list.value->kind())));
    return found;
  }
  for (const format::Value& item : list.value->items())
    found.push_back(
        {&item, list.path + "[" + std::to_string(found.size()) + "]", item.at().line != 0 ? item.at() : list.position});
  return found;
}

bool Fields::open(const At& map, std::initializer_list<std::string_view> known) {
  if (!map) return false;
  if (!map.value->is_map()) {
    note(map, "wrong-type", map.path + " must be a map, not " + std::string(format::name_of(map.value->kind())));
    return false;
  }
  for (const format::Member& member : map.value->members()) {
    if (std::ranges::find(known, member.key) != known.end()) continue;
    std::string nearest_word = nearest(member.key, std::span(known.begin(), known.size()));
    At at{&member.value, joined(map.path, member.key), member.key_at.line != 0 ? member.key_at : map.position};
    note(at, "unknown-field", "unknown field " + cel::lib::go_quote(joined(map.path, member.key)), {},
         nearest_word.empty() ? "" : "did you mean \"" + nearest_word + "\"?");
  }
  return true;
}

std::string Fields::text(const At& parent, std::string_view name) {
  At at = child(parent, name);
  if (!at) return {};
  if (at.value->is_string()) return std::string(at.value->as_string());
  note(at, "wrong-type", at.path + " must be a string, not " + std::string(format::name_of(at.value->kind())));
  return {};
}

std::optional<bool> Fields::flag(const At& parent, std::string_view name) {
  At at = child(parent, name);
  if (!at) return std::nullopt;
  if (at.value->is_bool()) return at.value->as_bool();
  note(at, "wrong-type", at.path + " must be true or false, not " + std::string(format::name_of(at.value->kind())));
  return std::nullopt;
}

std::vector<std::string> Fields::texts(const At& parent, std::string_view name) {
  std::vector<std::string> found;
  for (const At& at : items(child(parent, name))) {
    if (!at.value->is_string())
      note(at, "wrong-type", at.path + " must be a string, not " + std::string(format::name_of(at.value->kind())));
    found.emplace_back(at.value->string_or_empty());
  }
  return found;
}

void Fields::required(const At& at, std::string_view name, std::string_view detail) {
  std::string path = name.empty() ? at.path : joined(at.path, name);
  note(at, "required", path + ": Required value" + (detail.empty() ? "" : ": " + std::string(detail)));
}

void Fields::invalid(const At& at, std::string_view value, std::string_view detail) {
  note(at, "invalid-value", at.path + ": Invalid value: " + cel::lib::go_quote(value) + ": " + std::string(detail));
}

void Fields::invalid_json(const At& at, std::string_view detail) {
  // YAML has numbers that JSON has not.
  Result<std::string> json = format::canonical_json(*at.value);
  std::string shown = json ? *json : std::string(format::name_of(at.value->kind()));
  note(at, "invalid-value", at.path + ": Invalid value: " + shown + ": " + std::string(detail));
}

void Fields::unsupported(const At& at, std::string_view value, std::initializer_list<std::string_view> supported) {
  note(at, "invalid-value",
       at.path + ": Unsupported value: " + cel::lib::go_quote(value) + ": supported values: " + quoted_list(supported),
       {}, [&] {
         std::string word = nearest(value, std::span(supported.begin(), supported.size()));
         return word.empty() ? "" : "did you mean \"" + word + "\"?";
       }());
}

void Fields::duplicate(const At& at, std::string_view value) {
  note(at, "duplicate", at.path + ": Duplicate value: " + cel::lib::go_quote(value));
}

void Fields::forbidden(const At& at, std::string_view detail) {
  note(at, "forbidden", at.path + ": Forbidden: " + std::string(detail));
}

void Fields::note(const At& at, std::string_view code, std::string summary, std::string help, std::string suggestion) {
  Diagnostic made;
  made.file = file_;
  made.at = at.position;
  made.code = code;
  made.summary = std::move(summary);
  made.snippet = line_of(text_, at.position.line);
  made.suggestion = std::move(suggestion);
  made.help = std::move(help);
  diagnostics_.push_back(std::move(made));
}

}  // namespace pawl::policy
