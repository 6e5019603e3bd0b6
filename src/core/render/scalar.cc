#include "core/render/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "format/json.h"
#include "format/yaml.h"
#include "format/yaml_scalar.h"
#include "format/yaml_string.h"

namespace pawl::render {

using format::Arena;
using format::Kind;
using format::Member;
using format::Value;

namespace {

// Whether plain `text` can be read as anything but a string: most text is not, and need not be looked at twice.
bool may_be_data(std::string_view text) {
  if (text.empty()) return true;
  switch (text[0]) {
    case 't':
    case 'T':
    case 'f':
    case 'F':
    case 'n':
    case 'N':
      return text.size() <= 5;
    case '-':
    case '+':
    case '.':
    case '~':
      return true;
    default:
      return text[0] >= '0' && text[0] <= '9';
  }
}

Value read_plain(Arena& arena, std::string_view text) {
  return format::resolve_plain(arena, text, format::YamlSchema::kKubernetes);
}

Tag tag_of_kind(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return Tag::kNull;
    case Kind::kBool:
      return Tag::kBool;
    case Kind::kInt:
    case Kind::kUint:
      return Tag::kInt;
    case Kind::kFloat:
      return Tag::kFloat;
    case Kind::kString:
    case Kind::kList:
    case Kind::kMap:
      break;
  }
  return Tag::kString;
}

// As Go prints a float64 with its 'g' format: an exponent below 1e-4 and from 1e21 on (1e6 and whole: as an integer).
std::string text_of_double(double value) {
  std::array<char, 512> buffer{};
  bool whole = value == std::trunc(value) && std::abs(value) < 1e21;
  auto end = whole ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 0)
                   : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end.ptr};
}

std::string text_of_data(const Value& scalar) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  switch (scalar.kind()) {
    case Kind::kBool:
      return scalar.as_bool() ? "true" : "false";
    case Kind::kInt:
      if (scalar.as_int() > kExact || scalar.as_int() < -kExact) return text_of_double(scalar.as_double());
      return std::to_string(scalar.as_int());
    case Kind::kUint:
      return text_of_double(scalar.as_double());
    case Kind::kFloat:
      return text_of_double(scalar.as_double());
    case Kind::kNull:
    case Kind::kString:
    case Kind::kList:
    case Kind::kMap:
      break;
  }
  return "null";
}

}  // namespace

Tag tag_of(const Value& scalar) {
  if (!scalar.is_string()) return tag_of_kind(scalar.kind());
  if (scalar.quoted() || !may_be_data(scalar.as_string())) return Tag::kString;
  Arena scratch;
  return tag_of_kind(read_plain(scratch, scalar.as_string()).kind());
}

bool is_null(const Value& value) {
  return value.is_null() || (value.is_string() && !value.quoted() && format::is_null_word(value.as_string()));
}
bool is_null(const Value* value) { return value == nullptr || is_null(*value); }

bool is_string(const Value& value) { return value.is_string() && tag_of(value) == Tag::kString; }

bool is_blank(const Value* value) { return is_null(value) || (!value->is_scalar() && value->empty()); }

std::string_view text_of(const Value* value) { return is_null(value) ? std::string_view() : value->string_or_empty(); }

std::string_view text_at(const Value& map, std::string_view key) { return text_of(map.find(key)); }

namespace {

// As string_value, of text that lives long enough.
Value string_of(Arena& arena, std::string_view text) {
  Value out = Value::string_ref(text);
  if (may_be_data(text)) {
    Value read = read_plain(arena, text);
    out.set_quoted(!read.is_string() || read.as_string() != text);  // a date is read as another string
  }
  return out;
}

}  // namespace

Value string_value(Arena& arena, std::string_view text) { return string_of(arena, arena.copy(text)); }

Value plain_value(Arena& arena, std::string_view text) { return Value::string(arena, text); }

void set_text(Arena& arena, Value& at, std::string_view text) {
  Value out = Value::string(arena, text);
  out.set_quoted(at.quoted());
  out.set_unstyled(at.unstyled());
  out.set_at(at.at());
  at = out;
}

namespace {

// Returns the first scalar that cannot be read, which stays as it is; nullptr where all could.
const Value* read_tree(Arena& arena, Value& tree) {
  if (tree.is_string()) {
    if (tree.quoted() || !may_be_data(tree.as_string())) return nullptr;
    Value read = read_plain(arena, tree.as_string());
    if (read.kind() == Kind::kFloat && !std::isfinite(read.as_double())) return &tree;
    read.set_at(tree.at());
    tree = read;
    return nullptr;
  }
  for (Value& item : tree.items()) {
    if (const Value* wrong = read_tree(arena, item)) return wrong;
  }
  for (Member& member : tree.members()) {
    if (const Value* wrong = read_tree(arena, member.value)) return wrong;
  }
  return nullptr;
}

}  // namespace

Status read_scalars(Arena& arena, Value& tree) {
  if (const Value* wrong = read_tree(arena, tree))
    return Error(ErrorCode::kInvalid, "\"" + std::string(wrong->as_string()) + "\" is no number that JSON has");
  return {};
}

std::optional<bool> old_bool_of(const Value& scalar) {
  static constexpr auto kTrue =
      std::to_array<std::string_view>({"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"});
  static constexpr auto kFalse =
      std::to_array<std::string_view>({"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"});
  constexpr std::size_t kLongest = 5;
  if (!scalar.is_string() || scalar.quoted() || scalar.as_string().size() > kLongest) return std::nullopt;
  if (std::find(kTrue.begin(), kTrue.end(), scalar.as_string()) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), scalar.as_string()) != kFalse.end()) return false;
  return std::nullopt;
}

Status read_old_scalars(Arena& arena, Value& tree) {
  for (Value& item : tree.items()) PAWL_TRY(read_old_scalars(arena, item));
  for (Member& member : tree.members()) PAWL_TRY(read_old_scalars(arena, member.value));
  if (!tree.is_string()) return {};
  if (std::optional<bool> word = old_bool_of(tree)) {
    tree = Value::boolean(*word);
  } else if (tag_of(tree) != Tag::kString) {
    return read_scalars(arena, tree);
  }
  return {};
}

namespace {

bool is_printed_plain(std::string_view text) {
  if (format::stands_plain(text)) return true;
  std::string printed;
  format::append_yaml_string(printed, text, 0, false);
  return printed.find_first_of("\"'|") != 0;
}

}  // namespace

void write_scalars(Arena& arena, Value& tree) {
  for (Value& item : tree.items()) write_scalars(arena, item);
  for (Member& member : tree.members()) write_scalars(arena, member.value);
  if (!tree.is_scalar()) return;
  Value text = tree.is_string() ? tree : plain_value(arena, text_of_data(tree));
  if (tree.is_string()) {
    text.set_quoted(!is_printed_plain(tree.as_string()));
    text.set_unstyled(false);
  }
  text.set_at(tree.at().line == 0 ? Position{1, 1} : tree.at());  // as if it had been printed and read again
  tree = text;
}

Result<std::vector<Value>> parse_text(Arena& arena, std::string_view bytes, const std::string& file, bool last_wins) {
  format::YamlOptions options{.schema = format::YamlSchema::kText, .file = file, .last_wins = last_wins};
  PAWL_ASSIGN(std::vector<Value> documents, format::parse_yaml(arena, std::string(bytes), options));
  std::erase_if(documents, [](const Value& document) { return is_null(document); });
  return documents;
}

}  // namespace pawl::render
