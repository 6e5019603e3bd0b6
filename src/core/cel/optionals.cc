#include "core/cel/optionals.h"

#include "core/cel/ast.h"
#include "core/cel/lib/declare.h"

namespace pawl::cel {

namespace {

using lib::Arguments;
using Kind = Value::Kind;

Value checked(Value value) { return value.nodes() > Value::kMostNodes ? Value::error(kTooMuchMemory) : value; }

Value of(Call& call, Arguments arguments) { return checked(Value::optional(call.arena, arguments[0])); }
Value none(Call&, Arguments) { return Value::none(); }

bool is_zero(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return !value.as_bool();
    case Kind::kInt:
    case Kind::kUint:
      return value.as_int() == 0;
    case Kind::kDouble:
      return value.as_double() == 0;
    case Kind::kString:
    case Kind::kBytes:
      return value.text().empty();
    case Kind::kDuration:
      return value.duration_nanos() == 0;
    case Kind::kTimestamp:
      return value.instant() == Instant{-62'135'596'800, 0, 0};
    case Kind::kList:
      return value.size() == 0;
    case Kind::kMap:
      return value.size() == 0 && !value.is_lazy();
    case Kind::kOptional:
      return !value.has_value();
    case Kind::kType:
    case Kind::kOpaque:
    case Kind::kError:
    case Kind::kAbsent:
      return false;
  }
  return false;
}

Value of_non_zero(Call& call, Arguments arguments) {
  return is_zero(arguments[0]) ? Value::none() : of(call, arguments);
}

Value value(Call&, Arguments arguments) {
  return arguments[0].has_value() ? arguments[0].optional_value() : Value::error("optional.none() dereference");
}

Value has_value(Call&, Arguments arguments) { return Value::boolean(arguments[0].has_value()); }

Value first(Call& call, Arguments arguments) {
  const Value& list = arguments[0];
  return list.size() == 0 ? Value::none() : Value::optional(call.arena, list.item(0));
}

Value last(Call& call, Arguments arguments) {
  const Value& list = arguments[0];
  return list.size() == 0 ? Value::none() : Value::optional(call.arena, list.item(list.size() - 1));
}

Value unwrap(Call& call, Arguments arguments) {
  const Value& list = arguments[0];
  if (!call.arena.has_room(list.size() * sizeof(Value))) return Value::error(kTooMuchMemory);
  Value* items = call.arena.allocate_array<Value>(list.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    Value item = list.item(i);
    if (!item.is(Kind::kOptional))
      return lib::fault(call, "value " + std::string(type_name(item)) + " is not an optional type");
    if (item.has_value()) items[count++] = item.optional_value();
  }
  return Value::list({items, count});
}

}  // namespace

void add_optionals(Registry& registry) {
  using lib::function;
  using lib::method;
  Type k = Type::parameter("K");
  Type v = Type::parameter("V");
  Type optional = Type::optional(v);
  Type list = Type::list(v);
  Type map = Type::map(k, v);
  Type integer = lib::int_type();
  registry.add("optional.of", function("optional_of", {v}, optional, of));
  registry.add("optional.ofNonZeroValue", function("optional_ofNonZeroValue", {v}, optional, of_non_zero));
  registry.add("optional.none", function("optional_none", {}, optional, none));
  registry.add("value", method("optional_value", {optional}, v, value));
  registry.add("hasValue", method("optional_hasValue", {optional}, lib::bool_type(), has_value));
  registry.add("or", method("optional_or_optional", {optional, optional}, optional, nullptr));
  registry.add("orValue", method("optional_orValue_value", {optional, v}, v, nullptr));
  registry.add(operators::kOptSelect,
               function("select_optional_field", {Type::dyn(), lib::string_type()}, optional, nullptr));
  registry.add(operators::kOptIndex, function("list_optindex_optional_int", {list, integer}, optional, nullptr));
  registry.add(operators::kOptIndex,
               function("optional_list_optindex_optional_int", {Type::optional(list), integer}, optional, nullptr));
  registry.add(operators::kOptIndex, function("map_optindex_optional_value", {map, k}, optional, nullptr));
  registry.add(operators::kOptIndex,
               function("optional_map_optindex_optional_value", {Type::optional(map), k}, optional, nullptr));
  registry.add(operators::kIndex,
               function("optional_list_index_int", {Type::optional(list), integer}, optional, nullptr));
  registry.add(operators::kIndex, function("optional_map_index_value", {Type::optional(map), k}, optional, nullptr));
  registry.add("last", method("list_last", {list}, optional, last));
  registry.add("first", method("list_first", {list}, optional, first));
  registry.add("optional.unwrap", function("optional_unwrap", {Type::list(optional)}, list, unwrap));
  registry.add("unwrapOpt", method("optional_unwrapOpt", {Type::list(optional)}, list, unwrap));
  registry.add_constant("optional_type", Type::type_of(Type::optional(Type::dyn())), Value::type("optional_type"));
}

}  // namespace pawl::cel
