#include "core/render/read_fields.h"

#include <fmt/format.h>

#include "base/text.h"
#include "format/yaml_scalar.h"

namespace pawl::render {

using format::Member;
using format::Value;

namespace {

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
           return lower(x) == lower(y);
         });
}

bool is_text(const Value& value) { return is_string(value) && !old_bool_of(value); }

}  // namespace

std::string Where::text() const {
  if (outer_ == nullptr) return {};
  std::string out = outer_->text();
  if (element_) return out + "[" + std::to_string(*element_) + "]";
  return (out.empty() ? "" : out + ".") + std::string(field_);
}

const Value* FieldReader::take(std::string_view name) {
  std::size_t found = map_.size();
  for (std::size_t i = 0; i < map_.size(); ++i) {
    std::string_view key = map_.members()[i].key;
    if (!same_ignoring_case(key, name)) continue;
    used_[i] = true;
    if (found == map_.size() || key == name) found = i;
  }
  if (found == map_.size() || is_null(map_.members()[found].value)) return nullptr;
  return &map_.members()[found].value;
}

void FieldReader::finish() {
  if (rules_.unknown) return;
  for (std::size_t i = 0; i < map_.size(); ++i) {
    if (used_[i]) continue;
    const Member& member = map_.members()[i];
    std::string near = nearest(member.key, names_);
    wrong_.push_back({.file = rules_.file,
                      .at = member.key_at,
                      .length = static_cast<std::uint32_t>(std::max<std::size_t>(1, member.key.size())),
                      .code = "unknown-field",
                      .summary = fmt::format("unknown field \"{}\"", Where(where_, member.key.substr(0, 64)).text()),
                      .suggestion = near.empty() ? "" : fmt::format("did you mean \"{}\"?", near)});
  }
}

void FieldReader::fail(const Value& at, std::string summary) {
  wrong_.push_back({.file = rules_.file, .at = at.at(), .code = "fields", .summary = std::move(summary)});
}

std::string FieldReader::expected(const Where& where, std::string_view what) const {
  return fmt::format("{} must be {}", where.text(), what);
}

void FieldReader::read(const Value& value, std::string_view& out, const Where& where) {
  bool fits = value.is_string() && (rules_.numbers || is_text(value));
  if (!fits) return fail(value, expected(where, "a string"));
  out = value.as_string();
}

void FieldReader::read(const Value& value, bool& out, const Where& where) {
  std::optional<bool> read = old_bool_of(value);
  if (!read) return fail(value, expected(where, "true or false"));
  out = *read;
}

void FieldReader::read(const Value& value, std::int64_t& out, const Where& where) {
  format::Arena scratch;
  Value number = value.is_string() && !value.quoted()
                     ? format::resolve_plain(scratch, value.as_string(), format::YamlSchema::kKubernetes)
                     : Value::null();
  if (number.kind() != format::Kind::kInt) return fail(value, expected(where, "a whole number"));
  out = number.as_int();
}

void FieldReader::read(const Value& value, Pairs& out, const Where& where) {
  if (!value.is_map()) return fail(value, expected(where, "a map"));
  for (const Member& member : value.members()) {
    std::string_view text;
    if (!is_null(member.value)) read(member.value, text, Where(where, member.key.substr(0, 64)));
    out.emplace(member.key, text);
  }
}

}  // namespace pawl::render
