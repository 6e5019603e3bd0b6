#include <cmath>
#include <limits>

#include "core/cel/lib/declare.h"
#include "core/cel/lib/extensions.h"

namespace pawl::cel::lib {

namespace {

Value identity(Call&, Arguments arguments) { return arguments[0]; }

// The better of two, the first where they are equal. An error names the function.
Value pick(Call& call, const Value& a, const Value& b, std::string_view name, Order worse) {
  if (!is_ordered(a, b)) return Value::error("no such overload");
  Order order = compare(a, b);
  if (order == Order::kNone) return fault(call, "NaN values cannot be ordered: " + std::string(name));
  return order == worse ? b : a;
}

Value pick_of(Call& call, const Value& list, std::string_view name, Order worse) {
  if (list.size() == 0) return fault(call, std::string(name) + "(list) argument must not be empty");
  Value best = list.item(0);
  for (std::size_t i = 1; i < list.size() && !best.is_error(); ++i) best = pick(call, best, list.item(i), name, worse);
  return best.is_number() ? best : fault(call, "no such overload: " + std::string(name));
}

Value max_pair(Call& call, Arguments arguments) {
  return pick(call, arguments[0], arguments[1], "math.@max", Order::kLess);
}
Value max_list(Call& call, Arguments arguments) { return pick_of(call, arguments[0], "math.@max", Order::kLess); }
Value min_pair(Call& call, Arguments arguments) {
  return pick(call, arguments[0], arguments[1], "math.@min", Order::kGreater);
}
Value min_list(Call& call, Arguments arguments) { return pick_of(call, arguments[0], "math.@min", Order::kGreater); }

template <double (*kRound)(double)>
Value rounded(Call&, Arguments arguments) {
  return Value::number(kRound(arguments[0].as_double()));
}
double ceiling(double x) { return std::ceil(x); }
double floor(double x) { return std::floor(x); }
double nearest(double x) { return std::round(x); }  // halves away from zero
double truncated(double x) { return std::trunc(x); }
double magnitude(double x) { return std::fabs(x); }

Value is_infinite(Call&, Arguments arguments) { return Value::boolean(std::isinf(arguments[0].as_double())); }
Value is_nan(Call&, Arguments arguments) { return Value::boolean(std::isnan(arguments[0].as_double())); }
Value is_finite(Call&, Arguments arguments) { return Value::boolean(std::isfinite(arguments[0].as_double())); }

Value magnitude_of_int(Call&, Arguments arguments) {
  std::int64_t value = arguments[0].as_int();
  if (value == std::numeric_limits<std::int64_t>::min()) return Value::error("integer overflow");
  return Value::integer(value < 0 ? -value : value);
}

Value sign_of_double(Call&, Arguments arguments) {
  double value = arguments[0].as_double();
  if (std::isnan(value)) return arguments[0];
  return Value::number(value > 0 ? 1 : value < 0 ? -1 : 0);
}
Value sign_of_int(Call&, Arguments arguments) {
  std::int64_t value = arguments[0].as_int();
  return Value::integer(std::int64_t{value > 0 ? 1 : value < 0 ? -1 : 0});
}
Value sign_of_uint(Call&, Arguments arguments) { return Value::uinteger(arguments[0].as_uint() == 0 ? 0 : 1); }

Value square_root(Call&, Arguments arguments) {
  const Value& x = arguments[0];
  double value = x.is_int()    ? static_cast<double>(x.as_int())
                 : x.is_uint() ? static_cast<double>(x.as_uint())
                               : x.as_double();
  return Value::number(std::sqrt(value));
}

// Bits are worked on without a sign; a result has the type of the first argument.
std::uint64_t bits_of(const Value& value) {
  return value.is_int() ? static_cast<std::uint64_t>(value.as_int()) : value.as_uint();
}
Value of_bits(const Value& like, std::uint64_t bits) {
  return like.is_int() ? Value::integer(static_cast<std::int64_t>(bits)) : Value::uinteger(bits);
}

Value bit_and(Call&, Arguments arguments) {
  return of_bits(arguments[0], bits_of(arguments[0]) & bits_of(arguments[1]));
}
Value bit_or(Call&, Arguments arguments) {
  return of_bits(arguments[0], bits_of(arguments[0]) | bits_of(arguments[1]));
}
Value bit_xor(Call&, Arguments arguments) {
  return of_bits(arguments[0], bits_of(arguments[0]) ^ bits_of(arguments[1]));
}
Value bit_not(Call&, Arguments arguments) { return of_bits(arguments[0], ~bits_of(arguments[0])); }

Value negative_offset(Call& call, std::string_view name, std::int64_t offset) {
  return fault(call, std::string(name) + "() negative offset: " + std::to_string(offset));
}
Value shift_left(Call& call, Arguments arguments) {
  std::int64_t offset = arguments[1].as_int();
  if (offset < 0) return negative_offset(call, "math.bitShiftLeft", offset);
  return of_bits(arguments[0], offset > 63 ? 0 : bits_of(arguments[0]) << offset);
}
Value shift_right(Call& call, Arguments arguments) {
  std::int64_t offset = arguments[1].as_int();
  if (offset < 0) return negative_offset(call, "math.bitShiftRight", offset);
  return of_bits(arguments[0], offset > 63 ? 0 : bits_of(arguments[0]) >> offset);
}

// "math.@min" and "math.@max", which the macros call.
void add_extreme(Registry& registry, const std::string& name, Implementation pair, Implementation list) {
  const std::vector<NamedType> numbers = {{"double", double_type()}, {"int", int_type()}, {"uint", uint_type()}};
  std::string id = "math_" + name.substr(5) + "_";
  auto id_of = [&](std::string_view a, std::string_view b) { return id + std::string(a) + "_" + std::string(b); };
  for (const NamedType& a : numbers) registry.add(name, function(id + std::string(a.name), {a.type}, a.type, identity));
  for (const NamedType& a : numbers)
    registry.add(name, function(id_of(a.name, a.name), {a.type, a.type}, a.type, pair));
  for (const NamedType& a : numbers) {
    for (const NamedType& b : numbers) {
      if (a.name != b.name) registry.add(name, function(id_of(a.name, b.name), {a.type, b.type}, Type::dyn(), pair));
    }
  }
  for (const NamedType& a : numbers)
    registry.add(name, function(id_of("list", a.name), {Type::list(a.type)}, a.type, list));
}

void add_rounding(Registry& registry) {
  auto add = [&](const std::string& name, const Type& result, Implementation run) {
    registry.add("math." + name, function("math_" + name + "_double", {double_type()}, result, run));
  };
  add("ceil", double_type(), rounded<ceiling>);
  add("floor", double_type(), rounded<floor>);
  add("round", double_type(), rounded<nearest>);
  add("trunc", double_type(), rounded<truncated>);
  add("isInf", bool_type(), is_infinite);
  add("isNaN", bool_type(), is_nan);
  add("isFinite", bool_type(), is_finite);
}

void add_signs(Registry& registry) {
  auto add = [&](const std::string& name, const NamedType& of, const Type& result, Implementation run) {
    registry.add("math." + name, function("math_" + name + "_" + std::string(of.name), {of.type}, result, run));
  };
  const NamedType number = {"double", double_type()};
  const NamedType integer = {"int", int_type()};
  const NamedType unsigned_integer = {"uint", uint_type()};
  add("abs", number, number.type, rounded<magnitude>);
  add("abs", integer, integer.type, magnitude_of_int);
  add("abs", unsigned_integer, unsigned_integer.type, identity);
  add("sign", number, number.type, sign_of_double);
  add("sign", integer, integer.type, sign_of_int);
  add("sign", unsigned_integer, unsigned_integer.type, sign_of_uint);
  for (const NamedType& of : {number, integer, unsigned_integer}) add("sqrt", of, double_type(), square_root);
}

void add_bits(Registry& registry) {
  for (const NamedType& of : {NamedType{"int", int_type()}, NamedType{"uint", uint_type()}}) {
    std::string name(of.name);
    auto add = [&](const std::string& operation, std::string_view second, const Type& second_type, Implementation run) {
      registry.add("math." + operation, function("math_" + operation + "_" + name + "_" + std::string(second),
                                                 {of.type, second_type}, of.type, run));
    };
    add("bitAnd", name, of.type, bit_and);
    add("bitOr", name, of.type, bit_or);
    add("bitXor", name, of.type, bit_xor);
    add("bitShiftLeft", "int", int_type(), shift_left);
    add("bitShiftRight", "int", int_type(), shift_right);
    registry.add("math.bitNot", function("math_bitNot_" + name + "_" + name, {of.type}, of.type, bit_not));
  }
}

}  // namespace

void add_math(Registry& registry) {
  add_extreme(registry, "math.@min", min_pair, min_list);
  add_extreme(registry, "math.@max", max_pair, max_list);
  add_rounding(registry);
  add_signs(registry);
  add_bits(registry);
}

}  // namespace pawl::cel::lib
