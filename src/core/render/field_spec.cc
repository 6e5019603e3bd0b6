#include "core/render/field_spec.h"

#include "core/render/scalar.h"

namespace pawl::render {

using format::Arena;
using format::Value;

std::vector<std::string> split_path(std::string_view path, char separator) {
  if (path.size() > 1 && path[0] == separator) path.remove_prefix(1);
  std::vector<std::string> parts(1);
  for (char c : path) {
    if (c != separator)
      parts.back() += c;
    else if (parts.back().ends_with('\\'))
      parts.back().back() = separator;
    else
      parts.emplace_back();
  }
  return parts;
}

FieldPath::FieldPath(const FieldSpec& spec) : spec_(spec) {
  for (std::string& name : split_path(spec.path, '/')) {
    bool list = name.ends_with("[]");
    if (list) name.resize(name.size() - 2);
    parts_.push_back({std::move(name), list});
  }
}

struct FieldPath::Walk {
  Arena& arena;
  const FieldPath& path;
  Create create;
  const Visit& visit;

  Status go(Value& at, std::size_t depth) const {
    if (depth == path.parts_.size()) return visit(at);
    if (is_null(at)) return {};
    if (at.is_list()) {
      for (Value& item : at.items()) PAWL_TRY(go(item, depth));
      return {};
    }
    if (!at.is_map())
      return Error(ErrorCode::kInvalid, "the path " + std::string(path.spec_.path) + " meets \"" +
                                            std::string(text_of(&at).substr(0, 60)) + "\", which has no fields");
    return step(at, depth);
  }

  Status step(Value& map, std::size_t depth) const {
    const Part& part = path.parts_[depth];
    if (part.name.empty()) return Error(ErrorCode::kInvalid, "a path with an empty field name");
    bool last = depth + 1 == path.parts_.size();
    bool makes = path.spec_.create && create != Create::kNothing && !part.list;
    Value* next = map.find(part.name);
    if (next == nullptr) {
      if (!makes) return {};
      next = &map.set(arena, part.name, empty(last));
    } else if (is_null(*next) && (makes || part.list)) {
      *next = part.list ? Value::list() : empty(last);
    }
    return go(*next, depth + 1);
  }

  Value empty(bool last) const { return last && create == Create::kScalar ? plain_value(arena, "") : Value::map(); }
};

Status FieldPath::apply(Arena& arena, Value& object, Create create, const Visit& visit) const {
  return Walk{arena, *this, create, visit}.go(object, 0);
}

std::vector<FieldPath> field_paths(std::span<const FieldSpec> specs) {
  std::vector<FieldPath> out;
  out.reserve(specs.size());
  for (const FieldSpec& spec : specs) out.emplace_back(spec);
  return out;
}

Status apply_all(std::span<const FieldPath> paths, Arena& arena, Value& object, Create create, const Visit& visit) {
  Gvk gvk = gvk_of(object);
  for (const FieldPath& path : paths) {
    if (path.is_for(gvk)) PAWL_TRY(path.apply(arena, object, create, visit));
  }
  return {};
}

}  // namespace pawl::render
