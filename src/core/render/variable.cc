#include "core/render/variable.h"

#include <algorithm>

#include "base/text.h"
#include "core/render/path.h"
#include "core/render/scalar.h"

namespace pawl::render {

using format::Arena;
using format::Value;

namespace {

std::string name_of(const Variable& variable) { return "$(" + escape_terminal(variable.name.substr(0, 100)) + ")"; }

ResId target_of(Schema& schema, const VariableTarget& target) {
  Gvk gvk = target.gvk;
  if (!target.api_version.empty()) {
    std::size_t slashes =
        static_cast<std::size_t>(std::count(target.api_version.begin(), target.api_version.end(), '/'));
    if (slashes == 1) gvk.group = group_of(target.api_version);
    if (slashes <= 1) gvk.version = version_of(target.api_version);
  }
  ResId id = make_id(schema, gvk, target.name, target.space);
  id.cluster_scoped = false;
  return id;
}

// Objects one of whose identities the variable means; without a namespace, in any.
std::vector<std::size_t> meant(Schema& schema, ResMap& map, const VariableTarget& target) {
  ResId wanted = target_of(schema, target);
  std::vector<std::size_t> out;
  for (std::size_t i : map.named(wanted.name)) {
    std::vector<ResId> ids = map.items()[i].ids(schema);
    bool matches = std::any_of(ids.begin(), ids.end(), [&](const ResId& id) {
      bool space = wanted.space.empty() || id.effective_space() == wanted.effective_space();
      return id.name == wanted.name && id.gvk == wanted.gvk && space;
    });
    if (matches) out.push_back(i);
  }
  return out;
}

// "$(NAME)" in text, as kubelets read it: "$$" is a dollar sign.
class Expander {
 public:
  Expander(Arena& arena, const std::unordered_map<std::string_view, Value>& values) : arena_(arena), values_(values) {}

  void expand(Value& at) const {
    std::string_view text = at.string_or_empty();
    if (text.find('$') == std::string_view::npos) return;
    if (const Value* whole = value_of_whole(text)) {
      at = *whole;
      return;
    }
    at = string_value(arena_, expanded(text));
  }

 private:
  // The value where the text is one variable and nothing else: then it keeps its type.
  const Value* value_of_whole(std::string_view text) const {
    bool whole = text.starts_with("$(") && text.find(')') == text.size() - 1;
    return whole ? find(text.substr(2, text.size() - 3)) : nullptr;
  }

  const Value* find(std::string_view name) const {
    auto found = values_.find(name);
    return found == values_.end() || !found->second.is_scalar() ? nullptr : &found->second;
  }

  std::string expanded(std::string_view text) const {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '$' || i + 1 == text.size()) {
        out += text[i];
        continue;
      }
      char next = text[i + 1];
      std::size_t close = next == '(' ? text.find(')', i + 1) : std::string_view::npos;
      if (next == '$') {
        out += '$';
        ++i;
      } else if (close != std::string_view::npos) {
        std::string_view name = text.substr(i + 2, close - i - 2);
        const Value* value = find(name);
        out += value != nullptr ? std::string(value->string_or_empty()) : "$(" + std::string(name) + ")";
        i = close;
      } else {
        out += '$';
        out += next;
        ++i;
      }
    }
    return out;
  }

  Arena& arena_;
  const std::unordered_map<std::string_view, Value>& values_;
};

Status expand_at(const Expander& expander, Value& at) {
  if (is_null(at)) return {};
  if (at.is_scalar()) {
    if (is_string(at)) expander.expand(at);
    return {};
  }
  for (format::Member& member : at.members()) {
    if (member.value.is_scalar() && is_string(member.value)) expander.expand(member.value);
  }
  for (Value& item : at.items()) {
    if (!item.is_scalar() || !is_string(item))
      return Error(ErrorCode::kInvalid, "a list in which variables are replaced holds text");
    expander.expand(item);
  }
  return {};
}

Result<Value> value_of(ResMap& map, const Variable& variable) {
  for (Item& item : map.items()) {
    if (std::find(item.variables.begin(), item.variables.end(), variable.name) == item.variables.end()) continue;
    std::string_view path = variable.field.path.empty() ? "metadata.name" : variable.field.path;
    PAWL_ASSIGN(Value * value, look_up(item.object, split_variable_path(path)));
    if (value == nullptr)
      return about(item, "it has no field " + std::string(path) + ", which " + name_of(variable) + " stands for");
    return *value;
  }
  return Error(ErrorCode::kInvalid, name_of(variable) + " stands for a field of an object that is not there");
}

}  // namespace

Status add_variables(World& world, ResMap& map, std::vector<Variable>& known, std::span<const Variable> variables) {
  for (const Variable& variable : variables) {
    std::vector<std::size_t> found = meant(world.schema, map, variable.target);
    if (found.size() > 1)
      return Error(ErrorCode::kInvalid,
                   name_of(variable) + " could stand for a field of " + std::to_string(found.size()) + " objects");
    if (found.size() == 1) map.items()[found[0]].variables.push_back(variable.name);
  }
  for (const Variable& variable : variables) {
    bool twice = std::any_of(known.begin(), known.end(), [&](const Variable& v) { return v.name == variable.name; });
    if (twice) return Error(ErrorCode::kInvalid, name_of(variable) + " is defined twice");
    known.push_back(variable);
  }
  return {};
}

Status replace_variables(World& world, ResMap& map, std::span<const Variable> variables,
                         std::span<const FieldSpec> specs) {
  std::unordered_map<std::string_view, Value> values;
  for (const Variable& variable : variables) {
    PAWL_ASSIGN(Value value, value_of(map, variable));
    values.emplace(variable.name, value);
  }
  if (values.empty()) return {};
  Expander expander(world.arena, values);
  std::vector<FieldPath> paths = field_paths(specs);
  for (Item& item : map.items()) {
    Status status = apply_all(paths, world.arena, item.object, Create::kNothing,
                              [&](Value& at) { return expand_at(expander, at); });
    if (!status) return about(item, status.error().message);
  }
  map.changed();
  return {};
}

}  // namespace pawl::render
