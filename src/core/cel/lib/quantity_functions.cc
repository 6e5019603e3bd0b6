#include "core/cel/lib/declare.h"
#include "core/cel/lib/kubernetes.h"
#include "core/cel/lib/quantity.h"

namespace pawl::cel::lib {

namespace {

struct QuantityValue : Opaque {
  static const OpaqueClass kClass;
  Quantity::Parts parts;
  bool is_sum = false;
};

// In Kubernetes, what add() and sub() return is a pointer to what quantity() returns, and on the right of "==" equals
// nothing. (There it is an error, "no such overload"; here it is false, which a policy denies just the same.)
bool are_equal(const Opaque& a, const Opaque& b) {
  const auto& left = static_cast<const QuantityValue&>(a);
  const auto& right = static_cast<const QuantityValue&>(b);
  return !right.is_sum && Quantity::from(left.parts) == Quantity::from(right.parts);
}

Type quantity_type() { return Type::opaque("kubernetes.Quantity"); }

Quantity quantity_in(const Value& value) { return Quantity::from(value.as<QuantityValue>().parts); }

Value value_of(Call& call, const Quantity& quantity, bool is_sum) {
  Quantity::Parts parts = quantity.parts();
  parts.digits = call.arena.copy(parts.digits);
  return Value::opaque(call.arena.make<QuantityValue>(Opaque{&QuantityValue::kClass}, parts, is_sum));
}

Value value_or_fault(Call& call, const Result<Quantity>& quantity, bool is_sum) {
  return quantity ? value_of(call, *quantity, is_sum) : fault(call, quantity.error().message);
}

Value to_quantity(Call& call, Arguments arguments) {
  return value_or_fault(call, Quantity::parse(arguments[0].text()), false);
}
Value is_quantity(Call&, Arguments arguments) { return Value::boolean(Quantity::parse(arguments[0].text()).ok()); }

Value sign(Call&, Arguments arguments) { return Value::integer(std::int64_t{quantity_in(arguments[0]).sign()}); }
Value is_integer(Call&, Arguments arguments) {
  return Value::boolean(quantity_in(arguments[0]).as_integer().has_value());
}
Value as_integer(Call&, Arguments arguments) {
  std::optional<std::int64_t> integer = quantity_in(arguments[0]).as_integer();
  return integer ? Value::integer(*integer) : Value::error("cannot convert value to integer");
}
Value as_double(Call&, Arguments arguments) { return Value::number(quantity_in(arguments[0]).as_approximate_double()); }

std::strong_ordering order(Arguments arguments) { return quantity_in(arguments[0]) <=> quantity_in(arguments[1]); }
Value is_greater(Call&, Arguments arguments) { return Value::boolean(order(arguments) > 0); }
Value is_less(Call&, Arguments arguments) { return Value::boolean(order(arguments) < 0); }
Value compare_to(Call&, Arguments arguments) {
  std::strong_ordering found = order(arguments);
  return Value::integer(std::int64_t{found < 0 ? -1 : found > 0 ? 1 : 0});
}

Quantity operand(const Value& value) { return value.is_int() ? Quantity::of(value.as_int()) : quantity_in(value); }
Value add(Call& call, Arguments arguments) {
  return value_or_fault(call, quantity_in(arguments[0]).plus(operand(arguments[1])), true);
}
Value subtract(Call& call, Arguments arguments) {
  return value_or_fault(call, quantity_in(arguments[0]).minus(operand(arguments[1])), true);
}

const OpaqueClass QuantityValue::kClass = {"kubernetes.Quantity", are_equal};

}  // namespace

void add_quantity(Registry& registry) {
  Type type = quantity_type();
  registry.add("quantity", function("string_to_quantity", {string_type()}, type, to_quantity));
  registry.add("isQuantity", function("is_quantity_string", {string_type()}, bool_type(), is_quantity));
  registry.add("sign", function("quantity_sign", {type}, int_type(), sign));
  registry.add("isGreaterThan", method("quantity_is_greater_than", {type, type}, bool_type(), is_greater));
  registry.add("isLessThan", method("quantity_is_less_than", {type, type}, bool_type(), is_less));
  registry.add("compareTo", method("quantity_compare_to", {type, type}, int_type(), compare_to));
  registry.add("asApproximateFloat", method("quantity_get_float", {type}, double_type(), as_double));
  registry.add("asInteger", method("quantity_get_int", {type}, int_type(), as_integer));
  registry.add("isInteger", method("quantity_is_integer", {type}, bool_type(), is_integer));
  registry.add("add", method("quantity_add", {type, type}, type, add));
  registry.add("add", method("quantity_add_int", {type, int_type()}, type, add));
  registry.add("sub", method("quantity_sub", {type, type}, type, subtract));
  registry.add("sub", method("quantity_sub_int", {type, int_type()}, type, subtract));
  registry.set_cost("quantity", cost_of_walk);
  registry.set_cost("isQuantity", cost_of_walk);
  for (std::string_view name : {"sign", "isGreaterThan", "isLessThan", "compareTo", "asApproximateFloat", "asInteger",
                                "isInteger", "add", "sub"})
    registry.set_cost(name, cost_of_one);
}

}  // namespace pawl::cel::lib
