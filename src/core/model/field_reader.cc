#include "core/model/field_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace pawl::model {

using format::Member;
using format::Value;

void FieldReader::note(Diagnostic diagnostic) {
  // What stands in `defaults` is read once for every environment and is wrong once.
  if (!noted_.insert({diagnostic.at, diagnostic.code}).second) return;
  diagnostic.file = file_;
  diagnostic.snippet = line_of(text_, diagnostic.at.line);
  diagnostics_.push_back(std::move(diagnostic));
}

void FieldReader::error(Position at, std::size_t length, std::string_view code, std::string summary,
                        std::string suggestion, std::string help) {
  note({.at = at,
        .length = static_cast<std::uint32_t>(length),
        .code = std::string(code),
        .summary = std::move(summary),
        .suggestion = std::move(suggestion),
        .help = std::move(help)});
}

namespace {

std::size_t length_of(const Value& value) {
  return value.is_string() ? value.as_string().size() + (value.quoted() ? 2 : 0) : 1;
}

}  // namespace

void FieldReader::error(const Value& value, std::string_view code, std::string summary, std::string help) {
  error(value.at(), length_of(value), code, std::move(summary), {}, std::move(help));
}

void FieldReader::warning(const Value& value, std::string_view code, std::string summary, std::string help) {
  note({.severity = Severity::kWarning,
        .at = value.at(),
        .length = static_cast<std::uint32_t>(length_of(value)),
        .code = std::string(code),
        .summary = std::move(summary),
        .help = std::move(help)});
}

Node FieldReader::child(const Node& node, std::string_view name) const {
  auto extend = [&](const std::string& path) { return path.empty() ? std::string(name) : path + "." + std::string(name); };
  return {node.value->find(name), extend(node.where), extend(node.schema)};
}

void FieldReader::unknown_field(const Node& node, const Member& member) {
  std::vector<std::string_view> known;
  for (const FieldDefinition* field : fields_below(node.schema)) known.push_back(leaf_of(field->path));
  std::string near = nearest(member.key, known);
  std::string place = node.where.empty() ? "spec" : node.where;
  error(member.key_at, member.key.size(), "unknown-field",
        fmt::format("unknown field \"{}\" in {}", member.key.substr(0, 64), place),
        near.empty() ? "" : fmt::format("did you mean \"{}\"?", near),
        node.schema.empty() ? "pawl explain" : "pawl explain " + node.schema);
}

bool FieldReader::open(const Node& node, const std::set<std::string_view>& optional_here) {
  if (!node.value->is_map()) {
    error(*node.value, "type", fmt::format("{} is {}; a map is expected", node.where, format::name_of(node.value->kind())));
    return false;
  }
  std::vector<const FieldDefinition*> fields = fields_below(node.schema);
  for (const Member& member : node.value->members()) {
    bool known = std::any_of(fields.begin(), fields.end(), [&](const auto* f) { return leaf_of(f->path) == member.key; });
    if (!known) unknown_field(node, member);
  }
  for (const FieldDefinition* field : fields) {
    std::string_view name = leaf_of(field->path);
    bool missing = field->required && node.value->find(name) == nullptr && !optional_here.contains(name);
    if (missing) {
      error(node.value->at(), 1, "missing-field:" + std::string(name),
            fmt::format("{} has no \"{}\"", node.where.empty() ? "spec" : node.where, name), {},
            fmt::format("write {}: {}", name, field->example));
    }
  }
  return true;
}

std::vector<Node> FieldReader::maps(const Node& node, std::string_view name) {
  std::vector<Node> out;
  Node list = child(node, name);
  if (list.value == nullptr) return out;
  if (!list.value->is_list()) {
    error(*list.value, "type", fmt::format("{} is {}; a list is expected", list.where, format::name_of(list.value->kind())));
    return out;
  }
  for (std::size_t i = 0; i < list.value->size(); ++i) {
    out.push_back({&list.value->items()[i], fmt::format("{}[{}]", list.where, i), list.schema});
  }
  return out;
}

std::optional<std::pair<std::string, Node>> FieldReader::union_member(const Node& node) {
  if (!node.value->is_map() || node.value->size() != 1) {
    std::string choices;
    for (const FieldDefinition* field : fields_below(node.schema)) {
      choices += (choices.empty() ? "" : ", ") + std::string(leaf_of(field->path));
    }
    error(*node.value, "one-key", fmt::format("{} must have exactly one key: {}", node.where, choices), "pawl explain " + node.schema);
    return std::nullopt;
  }
  const Member& member = node.value->members()[0];
  if (find_definition(node.schema + "." + std::string(member.key)) == nullptr) {
    unknown_field(node, member);
    return std::nullopt;
  }
  return std::pair(std::string(member.key), child(node, member.key));
}

std::string FieldReader::text(const Node& node, std::string_view name, std::string fallback) {
  Node at = child(node, name);
  if (at.value == nullptr) return fallback;
  const FieldDefinition* definition = find_definition(at.schema);
  std::string text(at.value->string_or_empty());
  bool yes_or_no = definition != nullptr && definition->words == "true|false";
  if (yes_or_no && at.value->is_bool()) return at.value->as_bool() ? "true" : "false";
  if (!at.value->is_string()) {
    error(*at.value, "type", fmt::format("{} is {}; a string is expected", at.where, format::name_of(at.value->kind())),
          at.value->is_scalar() ? "put it in quotes" : "");
    return fallback;
  }
  if (definition != nullptr && !definition->words.empty()) {
    std::vector<std::string_view> words = split(definition->words, '|');
    if (std::find(words.begin(), words.end(), text) == words.end()) {
      std::string near = nearest(text, words);
      error(at.value->at(), text.size(), "word", fmt::format("{} cannot be \"{}\"", at.where, text.substr(0, 64)),
            near.empty() ? "" : fmt::format("did you mean \"{}\"?", near), "one of: " + std::string(definition->words));
      return fallback;
    }
  }
  return text;
}

std::vector<std::string> FieldReader::texts_of(const Value& value, const std::string& where) {
  if (value.is_string()) return {std::string(value.as_string())};
  std::vector<std::string> out;
  if (!value.is_list()) {
    error(value, "type", fmt::format("{} is {}; a list of strings is expected", where, format::name_of(value.kind())));
    return out;
  }
  for (const Value& item : value.items()) {
    if (item.is_string()) out.emplace_back(item.as_string());
    else error(item, "type", fmt::format("{} holds {}; strings are expected", where, format::name_of(item.kind())));
  }
  return out;
}

std::vector<std::string> FieldReader::texts(const Node& node, std::string_view name) {
  Node at = child(node, name);
  if (at.value == nullptr) return {};
  const FieldDefinition* definition = find_definition(at.schema);
  bool list_only = definition != nullptr && definition->type == FieldType::kStrings;
  if (list_only && at.value->is_string()) {
    error(*at.value, "type", fmt::format("{} is a string; a list of strings is expected", at.where),
          "write [" + std::string(at.value->as_string()) + "]");
    return {};
  }
  return texts_of(*at.value, at.where);
}

Duration FieldReader::duration(const Node& node, std::string_view name, Duration fallback) {
  Node at = child(node, name);
  if (at.value == nullptr) return fallback;
  Result<Duration> parsed = parse_duration(at.value->string_or_empty());
  if (parsed) return *parsed;
  std::string shown = at.value->is_string() ? "\"" + std::string(at.value->as_string().substr(0, 64)) + "\"" : std::string(format::name_of(at.value->kind()));
  error(*at.value, "duration", fmt::format("{} is {}; a duration is expected", at.where, shown), parsed.error().hint);
  return fallback;
}

std::uint32_t FieldReader::count(const Node& node, std::string_view name, std::uint32_t fallback) {
  constexpr std::int64_t kMost = 1000;
  Node at = child(node, name);
  if (at.value == nullptr) return fallback;
  bool fits = at.value->kind() == format::Kind::kInt && at.value->as_int() >= 1 && at.value->as_int() <= kMost;
  if (fits) return static_cast<std::uint32_t>(at.value->as_int());
  error(*at.value, "count", fmt::format("{} must be a whole number from 1 to {}", at.where, kMost));
  return fallback;
}

}  // namespace pawl::model
