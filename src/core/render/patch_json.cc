#include <charconv>
#include <optional>

#include "base/text.h"
#include "core/render/patch.h"
#include "core/render/scalar.h"

namespace pawl::render {

using format::Value;

namespace {

std::string unescaped(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    bool escape = part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1');
    out += escape ? (part[++i] == '1' ? '/' : '~') : part[i];
  }
  return out;
}

// A place as an operation names it: what it stands in, and the key or index there.
struct Place {
  Value* in = nullptr;
  std::string key;
};

// One operation at work.
class Operation {
 public:
  Operation(format::Arena& arena, Value& root, const Value& entry)
      : arena_(arena), root_(root), entry_(entry), name_(entry.string_at("op")), path_(entry.string_at("path")) {}

  Status apply() {
    if (const Value* path = entry_.find("path"); path == nullptr || !path->is_string()) return fail("it has no path");
    if (name_ == "add") return add(path_, given());
    if (name_ == "remove") return remove(path_);
    if (name_ == "replace") return replace();
    if (name_ == "test") return test();
    bool moves = name_ == "move";
    if (!moves && name_ != "copy") return fail("there is no such operation");
    const Value* from = entry_.find("from");
    if (from == nullptr || !from->is_string()) return fail("it has no from");
    PAWL_ASSIGN(Place source, place(from->as_string()));
    PAWL_ASSIGN(const Value* old, get(source));
    Value value = old == nullptr ? Value::null() : old->clone(arena_);
    if (moves) PAWL_TRY(remove(from->as_string()));
    return add(path_, value);
  }

 private:
  Error fail(std::string why) const {
    return Error(ErrorCode::kInvalid,
                 escape_terminal(std::string(name_.substr(0, 20)) + " " + std::string(path_.substr(0, 200))) + ": " +
                     std::move(why));
  }

  Value given() const {
    const Value* value = entry_.find("value");
    return value == nullptr ? Value::null() : value->clone(arena_);
  }

  // An index, from the end when it is negative; `size` is one more for adding.
  Result<std::size_t> index(const std::string& key, std::size_t size) const {
    std::int64_t value = 0;
    const char* begin = key.data() + (key.starts_with('+') ? 1 : 0);
    auto [end, error] = std::from_chars(begin, key.data() + key.size(), value);
    bool number = error == std::errc() && end == key.data() + key.size();
    if (value < 0) value += static_cast<std::int64_t>(size);
    if (!number || value < 0 || static_cast<std::size_t>(value) >= size)
      return fail("there is no place \"" + key.substr(0, 60) + "\" in the list");
    return static_cast<std::size_t>(value);
  }

  // The value at a place; nullptr for a key that is not there. Errors: an index that is not there.
  Result<Value*> get(const Place& place) const {
    if (place.in->is_map()) return place.in->find(place.key);
    PAWL_ASSIGN(std::size_t at, index(place.key, place.in->size()));
    return &place.in->items()[at];
  }

  // What stands in front of the first slash is not looked at.
  Result<Place> place(std::string_view path) const {
    std::vector<std::string_view> parts = split(path, '/');
    if (parts.size() < 2) return fail("the whole object is no place in it");
    Place out{&root_, {}};
    for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
      out.key = unescaped(parts[i]);
      Result<Value*> next = get(out);
      if (!next || *next == nullptr || (*next)->is_scalar())
        return fail("there is nothing at \"" + out.key.substr(0, 60) + "\" to go into");
      out.in = *next;
    }
    out.key = unescaped(parts.back());
    return out;
  }

  Status add(std::string_view path, const Value& value) {
    PAWL_ASSIGN(Place to, place(path));
    if (to.in->is_map()) {
      to.in->set(arena_, to.key, value);
    } else if (to.key == "-") {
      to.in->push_back(arena_, value);
    } else {
      PAWL_ASSIGN(std::size_t at, index(to.key, to.in->size() + 1));
      to.in->insert(arena_, at, value);
    }
    return {};
  }

  Status remove(std::string_view path) {
    PAWL_ASSIGN(Place from, place(path));
    if (from.in->is_map()) {
      if (!from.in->erase(from.key)) return fail("there is nothing");
      return {};
    }
    PAWL_ASSIGN(std::size_t at, index(from.key, from.in->size()));
    from.in->erase_at(at);
    return {};
  }

  Status replace() {
    Value value = given();
    if (path_.empty()) {
      if (!value.is_map()) return fail("an object can be replaced by a map alone");
      root_ = value;
      return {};
    }
    PAWL_ASSIGN(Place at, place(path_));
    PAWL_ASSIGN(Value * old, get(at));
    if (old != nullptr)
      *old = value;
    else
      at.in->set(arena_, at.key, value);
    return {};
  }

  Status test() {
    Value wanted = given();
    const Value* found = &root_;
    if (!path_.empty()) {
      PAWL_ASSIGN(Place at, place(path_));
      PAWL_ASSIGN(found, get(at));
    }
    bool same = found == nullptr ? wanted.is_null() : equal(*found, wanted);
    if (!same) return fail("the value is another");
    return {};
  }

  format::Arena& arena_;
  Value& root_;
  const Value& entry_;
  std::string_view name_;
  std::string_view path_;
};

}  // namespace

Status apply_json_patch(format::Arena& arena, Value& object, const Value& operations) {
  PAWL_TRY(read_scalars(arena, object));
  for (const Value& entry : operations.items()) PAWL_TRY(Operation(arena, object, entry).apply());
  write_scalars(arena, object);
  return {};
}

}  // namespace pawl::render
