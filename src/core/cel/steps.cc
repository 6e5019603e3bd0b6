#include "core/cel/steps.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/cel/arithmetic.h"
#include "core/cel/lib/go_regex.h"
#include "core/cel/map_builder.h"
#include "core/cel/text.h"

namespace pawl::cel::steps {

namespace {

using Kind = Value::Kind;

Value no_such_overload() { return Value::error(kNoSuchOverload); }

Value error(Frame& frame, std::string_view a, std::string_view b, std::string_view c = {}) {
  std::string message(a);
  message.append(b).append(c);
  return Value::error(frame.arena, message);
}

constexpr double kTraversal = 0.1;

}  // namespace

std::uint64_t scan_cost(std::uint64_t size) {
  // In floating point, as the original: 30 * 0.1 is a little more than 3.
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(size) * kTraversal));
}

Value constant(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  return node.value;
}

Value variable(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  const Value& value = frame.variables[node.slot];
  if (value.is_absent()) return error(frame, "no such attribute(s): ", node.value.text());
  return value;
}

Value local(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  return frame.locals[node.slot];
}

Value accumulator(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value& value = frame.locals[node.slot];
  if (value.is_absent()) value = (*node.parts[0])(frame);
  return value;
}

Value block(const Node& node, Frame& frame) {
  std::fill_n(&frame.locals[node.slot], node.cost, Value::absent());
  return (*node.parts[0])(frame);
}

Value conditional(const Node& node, Frame& frame) {
  Value condition = (*node.parts[0])(frame);
  if (condition.is_bool()) return (*node.parts[condition.as_bool() ? 1 : 2])(frame);
  return condition.is_error() ? condition : no_such_overload();
}

namespace {

// The first error of two operands of which none decides.
Value undecided(const Value& a, const Value& b, bool neutral) {
  if (!a.is_bool()) return a.is_error() ? a : no_such_overload();
  if (!b.is_bool()) return b.is_error() ? b : no_such_overload();
  return Value::boolean(neutral);
}

Value logic(const Node& node, Frame& frame, bool deciding) {
  Value a = (*node.parts[0])(frame);
  if (a.is_bool() && a.as_bool() == deciding) return a;
  Value b = (*node.parts[1])(frame);
  if (b.is_bool() && b.as_bool() == deciding) return b;
  return undecided(a, b, !deciding);
}

}  // namespace

Value both(const Node& node, Frame& frame) { return logic(node, frame, false); }
Value either(const Node& node, Frame& frame) { return logic(node, frame, true); }

Value logical_not(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value value = (*node.parts[0])(frame);
  if (value.is_bool()) return Value::boolean(!value.as_bool());
  return value.is_error() ? value : no_such_overload();
}

Value not_strictly_false(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value value = (*node.parts[0])(frame);
  return value.is_bool() ? value : Value::boolean(true);
}

Value equals(const Node& node, Frame& frame) {
  Value a = (*node.parts[0])(frame);
  Value b = (*node.parts[1])(frame);
  // Kubernetes' estimator takes its own types for small, but knows `==` only.
  bool is_small = node.option == 0 && a.is(Kind::kOpaque);
  frame.cost += is_small ? 1 : scan_cost(std::min(cost_size(a), cost_size(b)));
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  return Value::boolean(equal(a, b) != (node.option == 1));
}

Value relation(const Node& node, Frame& frame) {
  Value a = (*node.parts[0])(frame);
  Value b = (*node.parts[1])(frame);
  frame.cost += node.value.is_true() ? scan_cost(std::min(cost_size(a), cost_size(b))) : 1;
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  return relate(static_cast<Relation>(node.option), a, b);
}

Value arithmetic(const Node& node, Frame& frame) {
  Value a = (*node.parts[0])(frame);
  Value b = (*node.parts[1])(frame);
  frame.cost += node.value.is_true() ? scan_cost(cost_size(a) + cost_size(b)) : 1;
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  return calculate(static_cast<Arithmetic>(node.option), a, b, frame.arena);
}

Value negative(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value value = (*node.parts[0])(frame);
  return value.is_error() ? value : negate(value);
}

Value membership(const Node& node, Frame& frame) {
  Value a = (*node.parts[0])(frame);
  Value b = (*node.parts[1])(frame);
  switch (static_cast<ContainerCost>(node.option)) {
    case ContainerCost::kOne:
      frame.cost += 1;
      break;
    case ContainerCost::kSize:
      frame.cost += cost_size(b);
      break;
    case ContainerCost::kNothing:
      break;
  }
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  if (b.is_map() && !b.is_lazy()) return Value::boolean(!frame.find(b, a).is_absent());
  frame.steps += b.is_list() ? b.size() : 0;
  return is_in(a, b);
}

Value size(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value value = (*node.parts[0])(frame);
  return value.is_error() ? value : size_of(value);
}

Value type(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value value = (*node.parts[0])(frame);
  return value.is_error() ? value : Value::type(type_name(value));
}

Value same(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  return (*node.parts[0])(frame);
}

namespace {

bool text_fits(TextTest test, std::string_view text, std::string_view part) {
  switch (test) {
    case TextTest::kStartsWith:
      return text.starts_with(part);
    case TextTest::kEndsWith:
      return text.ends_with(part);
    case TextTest::kContains:
      return text.find(part) != std::string_view::npos;
  }
  return false;
}

}  // namespace

Value text_test(const Node& node, Frame& frame) {
  Value text = (*node.parts[0])(frame);
  Value part = (*node.parts[1])(frame);
  auto test = static_cast<TextTest>(node.option);
  std::uint64_t cost = scan_cost(cost_size(text));
  frame.cost += test == TextTest::kContains ? cost * scan_cost(cost_size(part)) : cost;
  if (text.is_error()) return text;
  if (part.is_error()) return part;
  if (!text.is_string() || !part.is_string()) return no_such_overload();
  return Value::boolean(text_fits(test, text.text(), part.text()));
}

Value matches(const Node& node, Frame& frame) {
  const auto& detail = *static_cast<const CallDetail*>(node.detail);
  Value text = (*node.parts[0])(frame);
  // With a pattern that was compiled before, an error leaves the call uncounted.
  if (text.is_error() && detail.prepared != nullptr) return text;
  Value pattern = (*node.parts[1])(frame);
  if (node.option == 1)
    frame.cost += static_cast<std::uint64_t>(std::ceil((1.0 + static_cast<double>(cost_size(text))) * kTraversal)) *
                  static_cast<std::uint64_t>(std::ceil(static_cast<double>(cost_size(pattern)) * 0.25));
  else
    frame.cost += 1;
  if (text.is_error()) return text;
  if (pattern.is_error()) return pattern;
  if (!text.is_string()) {
    bool takes_calls = detail.prepared != nullptr || text.is(Kind::kDuration) || text.is(Kind::kTimestamp);
    return Value::error(takes_calls ? kNoSuchOverload : "no such overload: matches");
  }
  if (!pattern.is_string()) return no_such_overload();
  if (const auto* regex = static_cast<const lib::GoRegex*>(detail.prepared.get()))
    return Value::boolean(regex->matches(text.text()));
  Result<lib::GoRegex> regex = lib::GoRegex::compile(pattern.text());
  if (!regex) return Value::error(frame.arena, regex.error().message);
  return Value::boolean(regex->matches(text.text()));
}

Value optional_or(const Node& node, Frame& frame) {
  Value value = (*node.parts[0])(frame);
  if (!value.is(Kind::kOptional)) return value;
  if (value.has_value()) return node.option == 1 ? value.optional_value() : value;
  return (*node.parts[1])(frame);
}

namespace {

bool fits(const Type& type, const Value& value);

bool first_fits(const Type& type, const Value& container) {
  const std::vector<Type>& inner = type.parameters();
  if (container.is_lazy() || container.size() == 0) return true;
  if (container.is_list()) return fits(inner[0], container.item(0));
  return fits(inner[0], container.key(0)) && fits(inner[1], container.entry(0));
}

// Whether a value may be given where `type` is declared: containers are judged by their first entry.
bool fits(const Type& type, const Value& value) {
  switch (type.kind()) {
    case Type::Kind::kDyn:
    case Type::Kind::kParameter:
    case Type::Kind::kError:
      return true;
    case Type::Kind::kNull:
      return value.is_null();
    case Type::Kind::kBool:
      return value.is_bool();
    case Type::Kind::kInt:
      return value.is_int();
    case Type::Kind::kUint:
      return value.is_uint();
    case Type::Kind::kDouble:
      return value.is_double();
    case Type::Kind::kString:
      return value.is_string();
    case Type::Kind::kBytes:
      return value.is_bytes();
    case Type::Kind::kDuration:
      return value.is(Kind::kDuration);
    case Type::Kind::kTimestamp:
      return value.is(Kind::kTimestamp);
    case Type::Kind::kType:
      return value.is(Kind::kType);
    case Type::Kind::kList:
      return value.is_list() && first_fits(type, value);
    case Type::Kind::kMap:
      return value.is_map() && first_fits(type, value);
    case Type::Kind::kRecord:
      return value.is_map();
    case Type::Kind::kOptional:
      return value.is(Kind::kOptional) && (!value.has_value() || fits(type.parameters()[0], value.optional_value()));
    case Type::Kind::kOpaque:
      return value.is(Kind::kOpaque) && value.as<Opaque>().of->type_name == type.name();
  }
  return false;
}

bool fits(const Overload& overload, std::span<const Value> arguments) {
  if (overload.arguments.size() != arguments.size()) return false;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (!fits(overload.arguments[i], arguments[i])) return false;
  return true;
}

Value no_overload_for(const CallDetail& detail, std::span<const Value> arguments, Frame& frame) {
  if (detail.function->is_single) {
    bool takes_calls = arguments[0].is_string() || arguments[0].is_list() || arguments[0].is(Kind::kDuration) ||
                       arguments[0].is(Kind::kTimestamp);
    return takes_calls ? no_such_overload() : error(frame, "no such overload: ", detail.name);
  }
  std::string message = "no such overload: " + detail.name + "(";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    message += i == 0 ? "" : ", ";
    message += type_name(arguments[i]);
  }
  return Value::error(frame.arena, message + ")");
}

Value dispatch(const CallDetail& detail, std::span<const Value> arguments, Frame& frame) {
  Call call{frame.arena, detail.prepared.get(), frame.zones};
  for (const Overload* overload : detail.candidates) {
    if (overload->run == nullptr) continue;
    if (detail.is_checked || fits(*overload, arguments)) return overload->run(call, arguments);
  }
  // What was prepared for a constant is called without looking at overloads.
  return detail.prepared != nullptr ? no_such_overload() : no_overload_for(detail, arguments, frame);
}

std::uint64_t call_cost(const CallDetail& detail, std::span<const Value> arguments, const Value& result) {
  std::optional<std::uint64_t> cost;
  if (detail.function->cost != nullptr) cost = detail.function->cost(arguments, result);
  if (!cost && detail.is_resolved && detail.candidates[0]->cost != nullptr)
    cost = detail.candidates[0]->cost(arguments, result);
  return cost.value_or(1);
}

Value finish_call(const CallDetail& detail, std::span<const Value> arguments, Frame& frame) {
  Value result;
  auto erred = std::find_if(arguments.begin(), arguments.end(), [](const Value& v) { return v.is_error(); });
  if (erred != arguments.end())
    result = *erred;
  else
    result = dispatch(detail, arguments, frame);
  frame.cost += call_cost(detail, arguments, result);
  return result;
}

constexpr std::size_t kInline = 4;

}  // namespace

Value strict_call(const Node& node, Frame& frame) {
  std::array<Value, 2> arguments;
  for (std::size_t i = 0; i < node.parts.size(); ++i) arguments[i] = (*node.parts[i])(frame);
  return finish_call(*static_cast<const CallDetail*>(node.detail), {arguments.data(), node.parts.size()}, frame);
}

Value call(const Node& node, Frame& frame) {
  std::array<Value, kInline> few;
  std::size_t count = node.parts.size();
  Value* arguments = count <= kInline ? few.data() : frame.arena.allocate_array<Value>(count);
  for (std::size_t i = 0; i < count; ++i) {
    arguments[i] = (*node.parts[i])(frame);
    // An argument that errs leaves the rest unread and the call uncounted, unless it is the last.
    if (arguments[i].is_error() && i + 1 < count) return arguments[i];
  }
  return finish_call(*static_cast<const CallDetail*>(node.detail), {arguments, count}, frame);
}

namespace {

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
