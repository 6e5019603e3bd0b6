#include "core/cel/lib/declare.h"
#include "core/cel/lib/kubernetes.h"

namespace pawl::cel::lib {

namespace {

bool is_kind_without_order(const Value& value) { return !is_ordered(value, value); }

Value is_sorted(Call&, Arguments arguments) {
  const Value& list = arguments[0];
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (is_kind_without_order(list.item(i))) return no_such_overload();
    if (i > 0 && compare(list.item(i - 1), list.item(i)) == Order::kGreater) return Value::boolean(false);
  }
  return Value::boolean(true);
}

// The first of the items that no other is better than. Where there is no order, the first stays.
Value extreme(Call& call, const Value& list, std::string_view name, Order worse) {
  if (list.size() == 0) return fault(call, std::string(name) + " called on empty list");
  Value best = list.item(0);
  for (std::size_t i = 0; i < list.size(); ++i) {
    Value item = list.item(i);
    if (is_kind_without_order(item)) return no_such_overload();
    if (compare(best, item) == worse) best = item;
  }
  return best;
}
Value max(Call& call, Arguments arguments) { return extreme(call, arguments[0], "max", Order::kLess); }
Value min(Call& call, Arguments arguments) { return extreme(call, arguments[0], "min", Order::kGreater); }

Value overflow(std::string_view what) {
  return Value::error(what == "duration" ? "duration overflow"
                      : what == "uint"   ? "unsigned integer overflow"
                                         : "integer overflow");
}

// Adds up the numbers that `number_in` finds in values of `kind`.
template <class Number, class Read, class Make>
Value sum_of(const Value& list, Value::Kind kind, Read number_in, Make value_of, std::string_view what) {
  Number sum = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    Value item = list.item(i);
    if (!item.is(kind)) return no_such_overload();
    if constexpr (std::is_integral_v<Number>) {
      if (__builtin_add_overflow(sum, number_in(item), &sum)) return overflow(what);
    } else {
      sum += number_in(item);
    }
  }
  return value_of(sum);
}

Value sum_ints(Call&, Arguments arguments) {
  return sum_of<std::int64_t>(
      arguments[0], Value::Kind::kInt, [](const Value& v) { return v.as_int(); },
      [](std::int64_t n) { return Value::integer(n); }, "int");
}
Value sum_uints(Call&, Arguments arguments) {
  return sum_of<std::uint64_t>(
      arguments[0], Value::Kind::kUint, [](const Value& v) { return v.as_uint(); },
      [](std::uint64_t n) { return Value::uinteger(n); }, "uint");
}
Value sum_doubles(Call&, Arguments arguments) {
  return sum_of<double>(
      arguments[0], Value::Kind::kDouble, [](const Value& v) { return v.as_double(); },
      [](double n) { return Value::number(n); }, "double");
}
Value sum_durations(Call&, Arguments arguments) {
  return sum_of<std::int64_t>(
      arguments[0], Value::Kind::kDuration, [](const Value& v) { return v.duration_nanos(); },
      [](std::int64_t n) { return Value::duration(n); }, "duration");
}

Value index_of(Call&, Arguments arguments) {
  for (std::size_t i = 0; i < arguments[0].size(); ++i) {
    if (equal(arguments[0].item(i), arguments[1])) return Value::integer(static_cast<std::int64_t>(i));
  }
  return Value::integer(std::int64_t{-1});
}
Value last_index_of(Call&, Arguments arguments) {
  for (std::size_t i = arguments[0].size(); i > 0; --i) {
    if (equal(arguments[0].item(i - 1), arguments[1])) return Value::integer(static_cast<std::int64_t>(i - 1));
  }
  return Value::integer(std::int64_t{-1});
}

// A tenth for each byte of text, rounded down for each text; 1 for all else that is no list and no map.
std::uint64_t traversal_cost(const Value& value) {
  constexpr double kPerByte = 0.1;
  if (value.is_string() || value.is_bytes())
    return static_cast<std::uint64_t>(static_cast<double>(value.text().size()) * kPerByte);
  if (!value.is_list() && !value.is_map()) return 1;
  std::uint64_t cost = 0;
  for (std::size_t i = 0; i < value.size(); ++i)
    cost +=
        value.is_list() ? traversal_cost(value.item(i)) : traversal_cost(value.key(i)) + traversal_cost(value.entry(i));
  return cost;
}
std::optional<std::uint64_t> cost_of_traversal(Arguments arguments, const Value&) {
  return traversal_cost(arguments[0]);
}

void add_sums(Registry& registry) {
  auto add = [&](const std::string& name, const Type& type, Implementation run) {
    registry.add("sum", method("list_" + name + "_sum_" + name, {Type::list(type)}, type, run));
  };
  add("int", int_type(), sum_ints);
  add("uint", uint_type(), sum_uints);
  add("double", double_type(), sum_doubles);
  add("duration", Type::simple(Type::Kind::kDuration), sum_durations);
}

}  // namespace

void add_kubernetes_lists(Registry& registry) {
  for (const NamedType& of : comparable_types()) {
    std::string name(of.name);
    Type list = Type::list(of.type);
    registry.add("isSorted", method("list_" + name + "_is_sorted_bool", {list}, bool_type(), is_sorted));
    registry.add("max", method("list_" + name + "_max_" + name, {list}, of.type, max));
    registry.add("min", method("list_" + name + "_min_" + name, {list}, of.type, min));
  }
  add_sums(registry);
  Type item = Type::parameter("A");
  registry.add("indexOf", method("list_a_index_of_int", {Type::list(item), item}, int_type(), index_of));
  registry.add("lastIndexOf", method("list_a_last_index_of_int", {Type::list(item), item}, int_type(), last_index_of));
  for (std::string_view name : {"isSorted", "sum", "max", "min", "indexOf", "lastIndexOf"})
    registry.set_cost(name, cost_of_traversal);
}

}  // namespace pawl::cel::lib
