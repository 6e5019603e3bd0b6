#include "core/render/path.h"

#include <charconv>
#include <optional>

#include "base/text.h"
#include "core/render/field_spec.h"
#include "core/render/scalar.h"
#include "format/regex.h"

namespace pawl::render {

using format::Arena;
using format::Value;

namespace {

// A whole number as Go's Atoi reads it, not negative.
std::optional<std::size_t> index_of(std::string_view part) {
  if (part.starts_with('+')) part.remove_prefix(1);
  std::size_t index = 0;
  auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (part.empty() || error != std::errc() || end != part.data() + part.size()) return std::nullopt;
  return index;
}

bool is_element(std::string_view part) { return part.starts_with('[') && part.ends_with(']'); }

struct ElementMatch {
  std::string_view field;  // "" for elements that are scalars
  std::string_view value;
};
Result<ElementMatch> element_match(std::string_view part) {
  if (part.ends_with(']')) part.remove_suffix(1);
  if (part.starts_with('[')) part.remove_prefix(1);
  std::size_t equal = part.find('=');
  if (equal == std::string_view::npos)
    return Error(ErrorCode::kInvalid, "\"" + std::string(part) + "\": an element is named [field=value]");
  return ElementMatch{part.substr(0, equal), part.substr(equal + 1)};
}

Error does_not_fit(std::string_view part, std::string_view what) {
  return Error(ErrorCode::kInvalid,
               "\"" + escape_terminal(part.substr(0, 60)) + "\" is looked for in what is no " + std::string(what));
}

NodeKind kind_before(std::string_view next, NodeKind last) {
  if (is_element(next) || index_of(next)) return NodeKind::kList;
  return next.empty() ? last : NodeKind::kMap;
}

Value empty_of(Arena& arena, NodeKind kind, bool untagged) {
  if (kind == NodeKind::kMap) return Value::map();
  if (kind == NodeKind::kList) return Value::list();
  return untagged ? Value::null() : plain_value(arena, "");
}

Value element_of(Arena& arena, const ElementMatch& match) {
  Value text = plain_value(arena, match.value);
  if (match.field.empty()) return text;
  Value map = Value::map();
  map.set(arena, match.field, text);
  return map;
}

Value* find_element(Value& list, const ElementMatch& match) {
  for (Value& element : list.items()) {
    if (match.field.empty()) {
      if (element.string_or_empty() == match.value) return &element;
      continue;
    }
    const Value* field = element.find(match.field);
    if (field != nullptr && field->string_or_empty() == match.value) return &element;
  }
  return nullptr;
}

// Follows a path to one value.
class Lookup {
 public:
  explicit Lookup(Arena* maker) : maker_(maker) {}

  Result<Value*> go(Value& object, const std::vector<std::string>& path) {
    Value* at = &object;
    for (std::size_t i = 0; i < path.size() && at != nullptr; ++i) {
      std::string_view part = trim(path[i]);
      if (part.empty()) continue;
      PAWL_ASSIGN(at, step(*at, part, i + 1 < path.size() ? trim(path[i + 1]) : std::string_view()));
    }
    return at;
  }

 private:
  Result<Value*> step(Value& at, std::string_view part, std::string_view next) {
    if (part == "*") return Error(ErrorCode::kInvalid, "\"*\" is for many values, and one is looked for");
    if (is_null(at) && !at.is_null()) return nullptr;
    if (part == "-" || index_of(part)) return element_at(at, part);
    if (is_element(part)) return matching_element(at, part);
    if (!at.is_map()) return does_not_fit(part, "map");
    Value* field = at.find(part);
    if (field == nullptr && maker_ != nullptr)
      field = &at.set(*maker_, part, empty_of(*maker_, kind_before(next, NodeKind::kScalar), false));
    return field;
  }

  Result<Value*> element_at(Value& at, std::string_view part) {
    if (!at.is_list()) return does_not_fit(part, "list");
    std::size_t index = part == "-" ? at.size() - 1 : *index_of(part);
    return index < at.size() ? &at.items()[index] : nullptr;
  }

  Result<Value*> matching_element(Value& at, std::string_view part) {
    if (!at.is_list()) return does_not_fit(part, "list");
    PAWL_ASSIGN(ElementMatch match, element_match(part));
    Value* found = find_element(at, match);
    if (found == nullptr && maker_ != nullptr) found = &at.push_back(*maker_, element_of(*maker_, match));
    return found;
  }

  Arena* maker_;
};

}  // namespace

std::vector<std::string> split_field_path(std::string_view path) {
  std::vector<std::string> parts = split_path(path, '.');
  std::vector<std::string> out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string part = parts[i];
    bool opens = part.starts_with('[') && !part.ends_with(']');
    while (opens && i + 1 < parts.size()) {
      part += "." + parts[++i];
      if (part.ends_with(']')) break;
    }
    if (opens && part.find('=') == std::string::npos) {
      part.erase(0, part.find_first_not_of("[]"));
      part.erase(part.find_last_not_of("[]") + 1);
    }
    out.push_back(std::move(part));
  }
  return out;
}

std::vector<std::string> split_variable_path(std::string_view path) {
  std::vector<std::string> out;
  for (std::string& part : split_field_path(path)) {
    std::size_t open = part.rfind('[');
    bool indexed = part.ends_with(']') && open != std::string::npos &&
                   index_of(std::string_view(part).substr(open + 1, part.size() - open - 2));
    if (!indexed) {
      out.push_back(std::move(part));
      continue;
    }
    if (open != 0) out.push_back(part.substr(0, open));
    out.push_back(part.substr(open + 1, part.size() - open - 2));
  }
  return out;
}

Result<Value*> look_up(Value& object, const std::vector<std::string>& path) { return Lookup(nullptr).go(object, path); }

Result<Value*> look_up_or_make(Arena& arena, Value& object, const std::vector<std::string>& path) {
  return Lookup(&arena).go(object, path);
}

NodeKind node_kind(const Value& value) {
  if (value.is_map()) return NodeKind::kMap;
  return value.is_list() ? NodeKind::kList : NodeKind::kScalar;
}

namespace {

class PathMatch {
 public:
  PathMatch(Arena& arena, const std::vector<std::string>& path, NodeKind make)
      : arena_(arena), path_(path), make_(make) {}

  Status go(Value& at, std::size_t depth) {
    if (depth == path_.size()) {
      found_.push_back(&at);
      return {};
    }
    std::string_view part = path_[depth];
    if (index_of(part)) return at_index(at, depth);
    if (is_element(part)) return at_elements(at, depth, make_ != NodeKind::kNone);
    if (part == "*") return at_every(at, depth);
    return at_field(at, depth);
  }
  std::vector<Value*> take() { return std::move(found_); }

 private:
  std::string_view next(std::size_t depth) const {
    return depth + 1 < path_.size() ? std::string_view(path_[depth + 1]) : std::string_view();
  }

  Status at_field(Value& at, std::size_t depth) {
    const std::string& name = path_[depth];
    if (!is_null(at) && !at.is_map()) return does_not_fit(name, "map");
    Value* field = at.is_map() ? at.find(name) : nullptr;
    if (field == nullptr && make_ == NodeKind::kNone) return {};
    if (field == nullptr) {
      Value made = empty_of(arena_, kind_before(next(depth), make_), true);
      // What is put into a null is lost, as it is in kustomize.
      field = at.is_map() ? &at.set(arena_, name, made) : new (arena_.allocate_array<Value>(1)) Value(made);
    }
    if (field->is_scalar() && depth + 1 < path_.size()) return inside_text(*field, depth + 1);
    return go(*field, depth + 1);
  }

  Status inside_text(const Value& text, std::size_t depth) {
    PAWL_ASSIGN(std::vector<Value> documents, parse_text(arena_, text.string_or_empty(), ""));
    if (documents.empty()) return {};
    Value* copy = new (arena_.allocate_array<Value>(1)) Value(documents[0]);
    return go(*copy, depth);
  }

  Status at_index(Value& at, std::size_t depth) {
    std::size_t index = *index_of(path_[depth]);
    if (!at.is_list() && !is_null(at)) return does_not_fit(path_[depth], "list");
    if (index == at.size() && make_ != NodeKind::kNone && at.is_list())
      at.push_back(arena_, empty_of(arena_, kind_before(next(depth), make_), true));
    if (index >= at.size())
      return Error(ErrorCode::kInvalid,
                   "index " + path_[depth] + " is beyond the list's " + std::to_string(at.size()) + " elements");
    return go(at.items()[index], depth + 1);
  }

  Status at_every(Value& at, std::size_t depth) {
    if (!at.is_list() && !is_null(at)) return does_not_fit("*", "list");
    for (std::size_t i = 0; i < at.size(); ++i) PAWL_TRY(go(at.items()[i], depth + 1));
    return {};
  }

  static std::string printed(const Value& scalar) {
    std::string text(trim(scalar.string_or_empty()));
    return scalar.quoted() ? "\"" + text + "\"" : text;
  }

  Status at_elements(Value& at, std::size_t depth, bool may_make) {
    if (!at.is_list() && !is_null(at)) return does_not_fit(path_[depth], "list");
    PAWL_ASSIGN(ElementMatch match, element_match(path_[depth]));
    PAWL_ASSIGN(format::Regex pattern, format::Regex::compile(match.value));
    std::size_t before = found_.size();
    for (std::size_t i = 0; i < at.size(); ++i) {
      Value& element = at.items()[i];
      const Value* text = match.field.empty() ? &element : element.find(match.field);
      if (text == nullptr || !pattern.found_in(printed(*text))) continue;
      if (match.field.empty())
        found_.push_back(&element);
      else
        PAWL_TRY(go(element, depth + 1));
    }
    if (found_.size() != before || !may_make || !at.is_list()) return {};
    at.push_back(arena_, element_of(arena_, match));
    return at_elements(at, depth, false);
  }

  Arena& arena_;
  const std::vector<std::string>& path_;
  NodeKind make_;
  std::vector<Value*> found_;
};

}  // namespace

Result<std::vector<Value*>> match_path(Arena& arena, Value& object, const std::vector<std::string>& path,
                                       NodeKind make) {
  PathMatch match(arena, path, make);
  PAWL_TRY(match.go(object, 0));
  return match.take();
}

}  // namespace pawl::render
