#include <charconv>
#include <optional>

#include "base/text.h"
#include "core/render/patch.h"

namespace pawl::render {

using format::Value;

namespace {

// RFC 6901: parts of a pointer, "~1" and "~0" read back.
Result<std::vector<std::string>> parse_pointer(std::string_view text) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  if (text[0] != '/')
    return Error(ErrorCode::kInvalid, "the path \"" + std::string(text.substr(0, 100)) + "\" does not begin with /");
  for (std::string_view part : split(text.substr(1), '/')) {
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
      bool escape = part[i] == '~' && i + 1 < part.size();
      if (escape && part[i + 1] == '1')
        out += '/', ++i;
      else if (escape && part[i + 1] == '0')
        out += '~', ++i;
      else
        out += part[i];
    }
    parts.push_back(std::move(out));
  }
  return parts;
}

std::optional<std::size_t> list_index(std::string_view text, std::size_t size) {
  std::size_t index = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size() || index >= size) return std::nullopt;
  return index;
}

Value* step(Value& at, const std::string& part) {
  if (at.is_map()) return at.find(part);
  std::optional<std::size_t> index = list_index(part, at.size());
  return at.is_list() && index ? &at.items()[*index] : nullptr;
}

// One operation at work.
struct Operation {
  format::Arena& arena;
  Value& root;
  std::string name;
  std::string path;

  Error fail(std::string why) const { return Error(ErrorCode::kInvalid, name + " " + path + ": " + std::move(why)); }

  Result<Value*> parent(const std::vector<std::string>& parts) const {
    Value* at = &root;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      at = step(*at, parts[i]);
      if (at == nullptr) return fail("there is nothing at \"" + parts[i] + "\"");
    }
    return at;
  }

  Status add(const std::vector<std::string>& parts, const Value& value) {
    if (parts.empty()) {
      root = value;
      return {};
    }
    PAWL_ASSIGN(Value * at, parent(parts));
    const std::string& last = parts.back();
    if (at->is_map()) {
      at->set(arena, last, value);
      return {};
    }
    if (!at->is_list()) return fail("what it stands in is neither a map nor a list");
    if (last == "-") {
      at->push_back(arena, value);
      return {};
    }
    std::optional<std::size_t> index = list_index(last, at->size() + 1);
    if (!index) return fail("there is no place \"" + last + "\" in the list");
    at->insert(arena, *index, value);
    return {};
  }

  Result<Value> remove(const std::vector<std::string>& parts) {
    if (parts.empty()) return fail("the whole object cannot be removed");
    PAWL_ASSIGN(Value * at, parent(parts));
    Value* old = step(*at, parts.back());
    if (old == nullptr) return fail("there is nothing");
    Value removed = *old;
    if (at->is_map())
      at->erase(parts.back());
    else
      at->erase_at(*list_index(parts.back(), at->size()));
    return removed;
  }

  Result<Value*> find(const std::vector<std::string>& parts) const {
    if (parts.empty()) return &root;
    PAWL_ASSIGN(Value * at, parent(parts));
    Value* found = step(*at, parts.back());
    if (found == nullptr) return fail("there is nothing");
    return found;
  }
};

Status apply_one(format::Arena& arena, Value& root, const Value& entry) {
  Operation op{arena, root, std::string(entry.string_at("op")), std::string(entry.string_at("path"))};
  const Value* value = entry.find("value");
  bool needs_value = op.name == "add" || op.name == "replace" || op.name == "test";
  if (needs_value && value == nullptr) return op.fail("it has no value");
  PAWL_ASSIGN(std::vector<std::string> parts, parse_pointer(op.path));
  Value own = value == nullptr ? Value::null() : value->clone(arena);
  if (op.name == "add") return op.add(parts, own);
  if (op.name == "remove") {
    PAWL_TRY(op.remove(parts));
    return {};
  }
  if (op.name == "replace") {
    PAWL_ASSIGN(Value * at, op.find(parts));
    *at = own;
    return {};
  }
  if (op.name == "test") {
    PAWL_ASSIGN(Value * at, op.find(parts));
    if (!equal(*at, own)) return op.fail("the value is another");
    return {};
  }
  PAWL_ASSIGN(std::vector<std::string> from, parse_pointer(entry.string_at("from")));
  if (op.name == "copy") {
    PAWL_ASSIGN(Value * at, op.find(from));
    return op.add(parts, at->clone(arena));
  }
  if (op.name == "move") {
    PAWL_ASSIGN(Value moved, op.remove(from));
    return op.add(parts, moved);
  }
  return op.fail("no such operation");
}

}  // namespace

Status apply_json_patch(format::Arena& arena, Value& object, const Value& operations) {
  if (!operations.is_list()) return Error(ErrorCode::kInvalid, "a JSON patch is a list of operations");
  for (const Value& entry : operations.items()) PAWL_TRY(apply_one(arena, object, entry));
  const Value* metadata = object.find("metadata");
  bool is_object = metadata != nullptr && metadata->is_map();
  if (!is_object) return Error(ErrorCode::kInvalid, "the JSON patch leaves no object with metadata");
  return {};
}

}  // namespace pawl::render
