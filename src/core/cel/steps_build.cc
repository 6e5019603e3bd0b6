#include <algorithm>

#include "core/cel/map_builder.h"
#include "core/cel/steps.h"
#include "core/cel/text.h"

// Lists and maps: written out, and grown by loops.

namespace pawl::cel::steps {

namespace {

using Kind = Value::Kind;

Value made_list(std::span<const Value> items) {
  Value made = Value::list(items);
  return made.nodes() > Value::kMostNodes ? Value::error(kTooMuchMemory) : made;
}

}  // namespace

Value list(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  std::size_t count = node.parts.size();
  Value* items = frame.arena.allocate_array<Value>(count);
  for (std::size_t i = 0; i < count; ++i) {
    items[i] = (*node.parts[i])(frame);
    if (items[i].is_error()) return items[i];
  }
  return made_list({items, count});
}

Value optional_list(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  const auto& optional = *static_cast<const std::vector<bool>*>(node.detail);
  Value* items = frame.arena.allocate_array<Value>(node.parts.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    Value item = (*node.parts[i])(frame);
    if (item.is_error()) return item;
    if (optional[i]) {
      if (!item.is(Kind::kOptional))
        return error(frame, "cannot initialize optional list element from non-optional value ", display(item));
      if (!item.has_value()) continue;
      item = item.optional_value();
    }
    items[count++] = item;
  }
  return made_list({items, count});
}

namespace {

bool may_be_key(const Value& value, MapRules rules) {
  if (value.is_bool() || value.is_int() || value.is_uint() || value.is_string()) return true;
  return rules == MapRules::kLenient && !value.is_bytes();
}

}  // namespace

Value map(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  const auto& optional = *static_cast<const std::vector<bool>*>(node.detail);
  auto rules = static_cast<MapRules>(node.option);
  MapBuilder* builder = MapBuilder::make(frame.arena);
  for (std::size_t i = 0; i < node.parts.size(); i += 2) {
    Value key = (*node.parts[i])(frame);
    if (key.is_error()) return key;
    Value value = (*node.parts[i + 1])(frame);
    if (value.is_error()) return value;
    if (!may_be_key(key, rules)) return error(frame, "unsupported key type: ", type_name(key));
    if (i / 2 < optional.size() && optional[i / 2]) {
      if (!value.is(Kind::kOptional))
        return error(frame, "cannot initialize optional entry '" + display(key), "' from non-optional value ",
                     display(value));
      if (!value.has_value()) {
        builder->remove(frame.arena, key);
        continue;
      }
      value = value.optional_value();
    }
    MapBuilder::Added added =
        rules == MapRules::kLenient ? builder->put(frame.arena, key, value) : builder->add(frame.arena, key, value);
    if (added == MapBuilder::Added::kRepeated) return error(frame, "Failed with repeated key: ", display(key));
    if (added == MapBuilder::Added::kTooLarge) return Value::error(kTooMuchMemory);
  }
  return builder->build(frame.arena);
}

namespace {

// A list that grows in place. Lists that were given out before see only the items they had.
struct ListBuilder {
  Value* items = nullptr;
  std::size_t size = 0;
  std::size_t capacity = 0;
  double nodes = 1;
};

ListBuilder& list_builder(Frame& frame, std::size_t slot) {
  void*& place = frame.builders[slot];
  if (place == nullptr) place = frame.arena.make<ListBuilder>();
  return *static_cast<ListBuilder*>(place);
}

MapBuilder& map_builder(Frame& frame, std::size_t slot) {
  void*& place = frame.builders[slot];
  if (place == nullptr) place = MapBuilder::make(frame.arena);
  return *static_cast<MapBuilder*>(place);
}

Value grown(ListBuilder& builder, const Value& item, Arena& arena) {
  if (builder.size == builder.capacity) {
    std::size_t capacity = std::max<std::size_t>(4, 2 * builder.capacity);
    if (!arena.has_room(capacity * sizeof(Value))) return Value::error(kTooMuchMemory);
    Value* items = arena.allocate_array<Value>(capacity);
    std::copy_n(builder.items, builder.size, items);
    builder.items = items;
    builder.capacity = capacity;
  }
  builder.items[builder.size++] = item;
  builder.nodes += item.nodes();
  if (builder.nodes > Value::kMostNodes) return Value::error(kTooMuchMemory);
  return Value::list({builder.items, builder.size}, builder.nodes);
}

}  // namespace

Value append(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value accumulated = (*node.parts[0])(frame);
  Value item = (*node.parts[1])(frame);
  if (accumulated.is_error()) return accumulated;
  if (item.is_error()) return item;
  return grown(list_builder(frame, node.slot), item, frame.arena);
}

namespace {

Value inserted(MapBuilder& builder, const Value& key, const Value& value, Frame& frame) {
  switch (builder.add(frame.arena, key, value)) {
    case MapBuilder::Added::kYes:
      return Value::null();
    case MapBuilder::Added::kRepeated:
      return error(frame, "insert failed: key ", display(key), " already exists");
    case MapBuilder::Added::kTooLarge:
      break;
  }
  return Value::error(kTooMuchMemory);
}

Value insert_entries(MapBuilder& builder, const Value& entries, Frame& frame) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Value done = inserted(builder, entries.key(i), entries.entry(i), frame);
    if (done.is_error()) return done;
  }
  return Value::null();
}

}  // namespace

Value insert(const Node& node, Frame& frame) {
  Value accumulated = (*node.parts[0])(frame);
  bool has_key = node.parts.size() == 3;
  // Three arguments are read one by one; two are read whatever the first is.
  if (accumulated.is_error() && has_key) return accumulated;
  Value first = (*node.parts[1])(frame);
  if (first.is_error() && has_key) return first;
  Value value = has_key ? (*node.parts[2])(frame) : Value::null();
  frame.cost += node.cost;
  if (accumulated.is_error()) return accumulated;
  if (first.is_error()) return first;
  if (value.is_error()) return value;
  MapBuilder& builder = map_builder(frame, node.slot);
  if (!has_key && !first.is_map()) {
    return error(frame, "no such overload: cel.@mapInsert(map, ", type_name(first), ")");
  }
  Value done = has_key ? inserted(builder, first, value, frame) : insert_entries(builder, first, frame);
  return done.is_error() ? done : builder.build(frame.arena);
}

}  // namespace pawl::cel::steps
