#include <algorithm>

#include "base/text.h"
#include "core/render/path.h"
#include "core/render/scalar.h"
#include "core/render/selector.h"
#include "core/render/trace.h"
#include "core/render/transform.h"

namespace pawl::render {

using format::Value;

namespace {

Status check_pairs(const Value& at) {
  if (!at.is_map()) return Error(ErrorCode::kInvalid, "labels and annotations are maps");
  return {};
}

}  // namespace

ItemChange add_labels(World& world, const Pairs& labels, std::span<const FieldSpec> specs) {
  if (labels.empty()) return [](Item&) { return Status(); };
  std::vector<std::pair<std::string_view, Value>> values;
  for (const auto& [key, text] : labels) values.emplace_back(key, world.shared.make(world.arena, text));
  return [&world, values = std::move(values), paths = field_paths(specs)](Item& item) -> Status {
    std::vector<std::pair<Value, Value>> replaced;
    auto put = [&](Value& at) -> Status {
      if (is_null(at)) return {};
      PAWL_TRY(check_pairs(at));
      for (const auto& [key, value] : values) {
        Value* old = at.find(key);
        if (old == nullptr)
          at.append_member(world.arena, key, value);
        else if (world.shared.holds(*old))
          replaced.emplace_back(*old, value);
        else
          *old = string_value(world.arena, value.as_string());
      }
      return {};
    };
    PAWL_TRY(apply_all(paths, world.arena, item.object, Create::kMap, std::ref(put)));
    for (const auto& [old, value] : replaced) {
      if (old.as_string() != value.as_string()) world.shared.replace(world.arena, item.object, old, value);
    }
    return {};
  };
}

ItemChange add_annotations(World& world, const Pairs& annotations, std::span<const FieldSpec> specs) {
  if (annotations.empty()) return [](Item&) { return Status(); };
  std::vector<std::pair<std::string_view, Value>> values;
  for (const auto& [key, text] : annotations) values.emplace_back(key, string_value(world.arena, text));
  Visit put = [&world, values = std::move(values)](Value& at) -> Status {
    if (is_null(at)) return {};
    PAWL_TRY(check_pairs(at));
    for (const auto& [key, value] : values) at.set(world.arena, key, value);
    return {};
  };
  return [&world, put = std::move(put), paths = field_paths(specs)](Item& item) {
    return apply_all(paths, world.arena, item.object, Create::kMap, put);
  };
}

Status set_replicas(World& world, ResMap& map, const Replica& replica, std::span<const FieldSpec> specs) {
  bool found = false;
  std::vector<std::size_t> named = map.named(replica.name);
  for (const FieldPath& path : field_paths(specs)) {
    for (std::size_t i : named) {
      Item& item = map.items()[i];
      std::vector<ResId> ids = item.ids(world.schema);
      bool meant = std::any_of(ids.begin(), ids.end(),
                               [&](const ResId& id) { return id.name == replica.name && path.is_for(id.gvk); });
      if (!meant) continue;
      found = true;
      if (!path.is_for(gvk_of(item.object))) continue;
      Status status = path.apply(world.arena, item.object, Create::kScalar, [&](Value& at) -> Status {
        if (!at.is_scalar()) return Error(ErrorCode::kInvalid, "replicas must be a number");
        set_text(world.arena, at, std::to_string(replica.count));  // in quotes it stays text
        return {};
      });
      if (!status) return about(item, status.error().message);
    }
  }
  if (!found && !is_excerpt(world))
    return Error(ErrorCode::kInvalid,
                 "nothing that has replicas is called \"" + escape_terminal(replica.name.substr(0, 100)) + "\"");
  return {};
}

namespace {

std::string inserted(std::string_view path, std::int64_t position, std::string_view part) {
  bool absolute = path.starts_with('/');
  std::vector<std::string_view> parts;
  for (std::string_view one : split(path, '/')) {
    if (!one.empty() && one != ".") parts.push_back(one);
  }
  std::size_t at = std::min(static_cast<std::size_t>(std::max<std::int64_t>(position, 0)), parts.size());
  parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(at), part);
  std::string out = absolute ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += '/';
    out += parts[i];
  }
  return out;
}

Status add_to_field(World& world, Item& item, std::string_view value, const ValueTarget& target) {
  PAWL_ASSIGN(Value * at, look_up_or_make(world.arena, item.object, split_path(target.path, '/')));
  if (at == nullptr) return {};
  if (!at->is_scalar()) return Error(ErrorCode::kInvalid, std::string(target.path) + " is no text");
  std::string text = target.position > 0 ? inserted(text_of(at), target.position - 1, value) : std::string(value);
  set_text(world.arena, *at, text);
  return {};
}

}  // namespace

Status add_value(World& world, ResMap& map, std::string_view value, const ValueTarget& target) {
  std::vector<std::size_t> chosen;
  if (target.selector) {
    PAWL_ASSIGN(chosen, select(world.schema, map.items(), *target.selector));
  } else {
    for (std::size_t i = 0; i < map.items().size(); ++i) chosen.push_back(i);
  }
  for (std::size_t i : chosen) {
    Item& item = map.items()[i];
    Status status = target.path == "metadata/namespace" ? set_item_namespace(world, item, {.space = value})
                                                        : add_to_field(world, item, value, target);
    if (!status) return about(item, status.error().message);
  }
  map.changed();
  return {};
}

}  // namespace pawl::render
