#include "core/model/field_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/model/formats.h"
#include "core/model/substitute.h"

namespace pawl::model {

using format::Member;
using format::Value;

namespace {

// The most of a value that a message repeats.
std::string_view shown(std::string_view text) { return text.substr(0, 80); }

// "a, b, c" from "a|b|c".
std::string join_words(std::string_view words) {
  std::string out;
  for (std::string_view word : split(words, '|')) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
  std::string near = nearest(word, known);
  return near.empty() ? "" : fmt::format("did you mean \"{}\"?", near);
}

}  // namespace

void FieldReader::note(Diagnostic diagnostic) {
  constexpr std::size_t kMost = 500;
  if (diagnostic.at.line == 0) {
    diagnostic.at = stand_in_;
    diagnostic.length = 1;
  }
  // What stands in `defaults` is read once for every environment and is wrong once.
  if (noted_.size() >= kMost || !noted_.insert({diagnostic.at, diagnostic.code}).second) return;
  if (noted_.size() == kMost)
    diagnostic.help = fmt::format("more than {} mistakes; the rest of this file is not shown", kMost);
  diagnostic.file = file_;
  // A line that holds a secret is not shown again.
  if (diagnostic.code != kSecretCode) diagnostic.snippet = line_of(text_, diagnostic.at.line);
  std::size_t room =
      diagnostic.snippet.size() - std::min<std::size_t>(diagnostic.snippet.size(), diagnostic.at.column - 1);
  diagnostic.length =
      std::clamp<std::uint32_t>(diagnostic.length, 1, static_cast<std::uint32_t>(std::max<std::size_t>(room, 1)));
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

void FieldReader::error(const Value& value, std::string_view code, std::string summary, std::string help,
                        std::string suggestion) {
  error(value.at(), length_of(value), code, std::move(summary), std::move(suggestion), std::move(help));
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
  auto extend = [&](const std::string& path) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
  };
  return {node.value->find(name), extend(node.where), extend(node.schema)};
}

void FieldReader::unknown_field(const Node& node, const Member& member) {
  std::vector<std::string_view> known;
  for (const FieldDefinition* field : fields_below(node.schema)) known.push_back(leaf_of(field->path));
  std::string place = node.where.empty() ? "spec" : node.where;
  error(member.key_at, member.key.size(), "unknown-field",
        fmt::format("unknown field \"{}\" in {}", shown(member.key), place), did_you_mean(member.key, known),
        node.schema.empty() ? "pawl explain" : "pawl explain " + node.schema);
}

void FieldReader::unknown_key(const Node& node, const Member& member, std::string_view words) {
  error(member.key_at, member.key.size(), "unknown-field",
        fmt::format("unknown field \"{}\" in {}", shown(member.key), node.where),
        did_you_mean(member.key, split(words, '|')), "one of: " + join_words(words));
}

// The kinds that nobody reads further.
void FieldReader::check_shape(const Node& node, const FieldDefinition& definition) {
  Node at = child(node, leaf_of(definition.path));
  if (at.value == nullptr || (at.value->is_string() && has_variables(*at.value))) return;
  bool wrong_map = definition.type == FieldType::kFreeMap && !at.value->is_map();
  bool wrong_list = definition.type == FieldType::kFreeList && !at.value->is_list();
  if (!wrong_map && !wrong_list) return;
  error(
      *at.value, "type",
      fmt::format("{} is {}; {} is expected", at.where, format::name_of(at.value->kind()), words_for(definition.type)),
      "pawl explain " + at.schema);
}

bool FieldReader::open(const Node& node, const std::set<std::string_view>& optional_here) {
  if (!node.value->is_map()) {
    error(*node.value, "type",
          fmt::format("{} is {}; a map is expected", node.where, format::name_of(node.value->kind())));
    return false;
  }
  std::vector<const FieldDefinition*> fields = fields_below(node.schema);
  for (const Member& member : node.value->members()) {
    bool known =
        std::any_of(fields.begin(), fields.end(), [&](const auto* f) { return leaf_of(f->path) == member.key; });
    if (!known) unknown_field(node, member);
  }
  for (const FieldDefinition* field : fields) {
    check_shape(node, *field);
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
    error(*list.value, "type",
          fmt::format("{} is {}; a list is expected", list.where, format::name_of(list.value->kind())));
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
    error(*node.value, "one-key", fmt::format("{} must have exactly one key: {}", node.where, choices),
          "pawl explain " + node.schema);
    return std::nullopt;
  }
  const Member& member = node.value->members()[0];
  if (find_definition(node.schema + "." + std::string(member.key)) == nullptr) {
    unknown_field(node, member);
    return std::nullopt;
  }
  return std::pair(std::string(member.key), child(node, member.key));
}

bool FieldReader::check_word(const Value& value, const std::string& where, std::string_view words) {
  std::vector<std::string_view> known = split(words, '|');
  if (words.empty() || std::find(known.begin(), known.end(), value.as_string()) != known.end()) return true;
  error(value, "word", fmt::format("{} cannot be \"{}\"", where, shown(value.as_string())),
        "one of: " + join_words(words), did_you_mean(value.as_string(), known));
  return false;
}

bool FieldReader::check_format(const Value& value, const std::string& where, FieldType type) {
  std::string_view text = value.as_string();
  if (type == FieldType::kGitUrl && holds_password(text)) {
    error(value, kSecretCode, where + " holds a password",
          "leave it out; Git asks its credential helper or ssh's agent");
    return false;
  }
  std::string problem = problem_with(type, text);
  if (problem.empty()) return true;
  error(value, "value", fmt::format("{} cannot be \"{}\"", where, shown(text)), problem);
  return false;
}

std::string FieldReader::text(const Node& node, std::string_view name, std::string fallback) {
  Node at = child(node, name);
  if (at.value == nullptr) return fallback;
  if (!at.value->is_string()) {
    error(*at.value, "type", fmt::format("{} is {}; a string is expected", at.where, format::name_of(at.value->kind())),
          at.value->is_scalar() && !at.value->is_null() ? "put it in quotes" : "");
    return fallback;
  }
  if (const FieldDefinition* definition = find_definition(at.schema)) {
    bool fits =
        check_word(*at.value, at.where, definition->words) && check_format(*at.value, at.where, definition->type);
    if (!fits && !definition->words.empty()) return fallback;
  }
  return std::string(at.value->as_string());
}

std::vector<std::string> FieldReader::texts_of(const Value& value, const std::string& where) {
  if (value.is_string()) return {std::string(value.as_string())};
  std::vector<std::string> out;
  if (!value.is_list()) {
    error(value, "type", fmt::format("{} is {}; a list of strings is expected", where, format::name_of(value.kind())));
    return out;
  }
  for (const Value& item : value.items()) {
    if (item.is_string())
      out.emplace_back(item.as_string());
    else
      error(item, "type", fmt::format("{} holds {}; strings are expected", where, format::name_of(item.kind())));
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
  if (definition != nullptr) {
    if (at.value->is_string()) check_word(*at.value, at.where, definition->words);
    for (const Value& item : at.value->items()) {
      if (item.is_string()) check_word(item, at.where, definition->words);
    }
  }
  return texts_of(*at.value, at.where);
}

Duration FieldReader::duration(const Node& node, std::string_view name, Duration fallback) {
  Node at = child(node, name);
  if (at.value == nullptr) return fallback;
  Result<Duration> parsed = parse_duration(at.value->string_or_empty());
  if (parsed) return *parsed;
  std::string shown = at.value->is_string() ? "\"" + std::string(at.value->as_string().substr(0, 64)) + "\""
                                            : std::string(format::name_of(at.value->kind()));
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

bool FieldReader::flag(const Node& node, std::string_view name, bool fallback) {
  Node at = child(node, name);
  if (at.value == nullptr) return fallback;
  if (at.value->is_bool()) return at.value->as_bool();
  error(*at.value, "type",
        fmt::format("{} is {}; true or false is expected", at.where, format::name_of(at.value->kind())));
  return fallback;
}

std::map<std::string, std::string> FieldReader::strings(const Node& node, std::string_view name) {
  std::map<std::string, std::string> out;
  Node at = child(node, name);
  if (at.value == nullptr) return out;
  if (!at.value->is_map()) {
    error(*at.value, "type", fmt::format("{} is {}; a map is expected", at.where, format::name_of(at.value->kind())));
  }
  for (const Member& member : at.value->members()) {
    Node item = child(at, member.key);
    if (member.value.is_string()) {
      out.emplace(member.key, member.value.as_string());
    } else {
      error(member.value, "type",
            fmt::format("{} is {}; a string is expected", item.where, format::name_of(member.value.kind())),
            member.value.is_scalar() && !member.value.is_null() ? "put it in quotes" : "");
    }
  }
  return out;
}

std::map<std::string, std::vector<std::string>> FieldReader::lists(const Node& node, std::string_view name) {
  std::map<std::string, std::vector<std::string>> out;
  Node at = child(node, name);
  if (at.value == nullptr) return out;
  if (!at.value->is_map()) {
    error(*at.value, "type", fmt::format("{} is {}; a map is expected", at.where, format::name_of(at.value->kind())));
  }
  const FieldDefinition* definition = find_definition(at.schema);
  std::string_view words = definition == nullptr ? std::string_view() : definition->words;
  std::vector<std::string_view> known = split(words, '|');
  for (const Member& member : at.value->members()) {
    if (!words.empty() && std::find(known.begin(), known.end(), member.key) == known.end()) {
      unknown_key(at, member, words);
    } else {
      out.emplace(member.key, texts_of(member.value, child(at, member.key).where));
    }
  }
  return out;
}

}  // namespace pawl::model
