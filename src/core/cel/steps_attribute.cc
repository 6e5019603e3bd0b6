#include "core/cel/arithmetic.h"
#include "core/cel/map_table.h"
#include "core/cel/steps.h"
#include "core/cel/text.h"

namespace pawl::cel {

Value Frame::find(const Value& map, const Value& key) {
  if (!map.is_data() || map.size() <= DataIndexes::kSmall || !key.is_string()) return map.find(key);
  if (indexes == nullptr) indexes = arena.make<DataIndexes>();
  const format::Value* found = indexes->find(map.data(), key.text(), arena, steps);
  return found == nullptr ? Value::absent() : Value::of(*found);
}

}  // namespace pawl::cel

namespace pawl::cel::steps {

namespace {

Value missing_key(const Value& key, Frame& frame) { return Value::error(frame.arena, "no such key: " + display(key)); }

// The part of a list, absent where the index is outside of it.
Value item_at(const Value& list, const Value& key, Frame& frame) {
  Value index = canonical_key(key);
  if (!key.is_number()) {
    std::string type(type_name(key));
    return Value::error(frame.arena, "unsupported index type '" + type + "' in list");
  }
  if (!index.is_int()) return Value::error(frame.arena, "unsupported index value " + display(key) + " in list");
  bool inside = index.as_int() >= 0 && static_cast<std::uint64_t>(index.as_int()) < list.size();
  return inside ? list.item(static_cast<std::size_t>(index.as_int())) : Value::absent();
}

Value lazy_field(const Value& object, const Value& key, Frame& frame) {
  if (!key.is_string()) return Value::absent();
  Computed field = object.lazy_fields().read(key.text(), frame.arena);
  frame.cost += field.cost;
  return field.value;
}

bool may_be_key(const Value& key) { return key.is_string() || key.is_number() || key.is_bool(); }

Value bad_key(const Qualifier& step, const Value& key, Frame& frame) {
  // A loop's variable has become a value of cel-go; what was selected from data is still Go's own.
  bool is_local = step.index != nullptr && step.index->run == local;
  std::string type = key.is_map() && is_local    ? "*types.baseMap"
                     : key.is_list() && is_local ? "*types.baseList"
                                                 : go_type(key);
  return Value::error(frame.arena, "invalid qualifier type: " + type);
}

// Absent where there is no such part; an error where there could be none.
Value part_of(const Value& object, const Value& key, Frame& frame) {
  if (object.is_map()) return object.is_lazy() ? lazy_field(object, key, frame) : frame.find(object, key);
  if (object.is_list()) return item_at(object, key, frame);
  return Value::absent();
}

Value missing(const Value& object, const Value& key, Frame& frame) {
  if (object.is_list()) return Value::error(frame.arena, "index out of bounds: " + display(key));
  return missing_key(key, frame);
}

}  // namespace

Value attribute(const Node& node, Frame& frame) {
  const auto& attribute = *static_cast<const Attribute*>(node.detail);
  frame.cost += node.cost;
  Value object = (*attribute.base)(frame);
  if (object.is_error()) return object;
  bool optional = object.is(Value::Kind::kOptional);
  if (optional) {
    if (!object.has_value()) return attribute.tests_presence ? Value::boolean(false) : object;
    object = object.optional_value();
  }
  std::size_t count = attribute.path.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Qualifier& step = attribute.path[i];
    Value key = step.index == nullptr ? step.key : (*step.index)(frame);
    optional = optional || step.optional;
    bool tests = attribute.tests_presence && i + 1 == count;
    Value part = key.is_error() ? key : may_be_key(key) ? part_of(object, key, frame) : bad_key(step, key, frame);
    if (part.is_absent()) {
      // What could have no parts at all is not merely without this one, says cel-spec; Kubernetes does not mind.
      bool may_be_asked = node.option == 0 || object.is_map() || object.is_list() || object.is(Value::Kind::kOptional);
      if (tests && may_be_asked) {
        frame.cost += 1u - node.slot;
        return Value::boolean(false);
      }
      if (optional && may_be_asked) return attribute.tests_presence ? Value::boolean(false) : Value::none();
      part = missing(object, key, frame);
    }
    // A step that may find nothing counts only where it found something.
    if (!part.is_error() || !optional || tests) frame.cost += 1;
    if (part.is_error()) return part;
    object = part;
  }
  if (attribute.tests_presence) {
    frame.cost -= node.slot;
    return Value::boolean(true);
  }
  return optional ? Value::optional(frame.arena, object) : object;
}

}  // namespace pawl::cel::steps
