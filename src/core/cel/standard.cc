#include "core/cel/standard.h"

#include <array>

#include "core/cel/ast.h"
#include "core/cel/conversions.h"
#include "core/cel/getters.h"
#include "core/cel/lib/declare.h"
#include "core/cel/lib/go_regex.h"
#include "core/cel/optionals.h"

namespace pawl::cel {

namespace {

using Kind = Type::Kind;

Type simple(Kind kind) { return Type::simple(kind); }

struct Numeric {
  Kind kind;
  std::string_view name;
};
constexpr auto kNumbers =
    std::to_array<Numeric>({{Kind::kInt, "int64"}, {Kind::kUint, "uint64"}, {Kind::kDouble, "double"}});

void declare(Registry& registry, std::string_view function, std::string id, std::vector<Type> arguments, Type result) {
  registry.add(function, lib::function(std::move(id), std::move(arguments), std::move(result), nullptr));
}

void add_logic(Registry& registry) {
  Type boolean = simple(Kind::kBool);
  Type a = Type::parameter("A");
  declare(registry, operators::kConditional, "conditional", {boolean, a, a}, a);
  declare(registry, operators::kAnd, "logical_and", {boolean, boolean}, boolean);
  declare(registry, operators::kOr, "logical_or", {boolean, boolean}, boolean);
  declare(registry, operators::kNot, "logical_not", {boolean}, boolean);
  declare(registry, operators::kNotStrictlyFalse, "not_strictly_false", {boolean}, boolean);
  declare(registry, operators::kEquals, "equals", {a, a}, boolean);
  declare(registry, operators::kNotEquals, "not_equals", {a, a}, boolean);
}

// `kinds` of an operator that takes two of a kind and gives one.
void add_closed(Registry& registry, std::string_view function, const std::string& id,
                std::initializer_list<Kind> kinds) {
  for (Kind kind : kinds) {
    std::string_view name = kind == Kind::kString ? "string" : kind == Kind::kBytes ? "bytes" : "duration_duration";
    for (const Numeric& number : kNumbers)
      if (number.kind == kind) name = number.name;
    declare(registry, function, id + "_" + std::string(name), {simple(kind), simple(kind)}, simple(kind));
  }
}

void add_arithmetic(Registry& registry) {
  Type duration = simple(Kind::kDuration);
  Type timestamp = simple(Kind::kTimestamp);
  Type list = Type::list(Type::parameter("A"));
  add_closed(registry, operators::kAdd, "add", {Kind::kBytes, Kind::kDouble, Kind::kDuration});
  declare(registry, operators::kAdd, "add_duration_timestamp", {duration, timestamp}, timestamp);
  declare(registry, operators::kAdd, "add_timestamp_duration", {timestamp, duration}, timestamp);
  add_closed(registry, operators::kAdd, "add", {Kind::kInt});
  declare(registry, operators::kAdd, "add_list", {list, list}, list);
  add_closed(registry, operators::kAdd, "add", {Kind::kString, Kind::kUint});
  add_closed(registry, operators::kDivide, "divide", {Kind::kDouble, Kind::kInt, Kind::kUint});
  add_closed(registry, operators::kModulo, "modulo", {Kind::kInt, Kind::kUint});
  add_closed(registry, operators::kMultiply, "multiply", {Kind::kDouble, Kind::kInt, Kind::kUint});
  declare(registry, operators::kNegate, "negate_double", {simple(Kind::kDouble)}, simple(Kind::kDouble));
  declare(registry, operators::kNegate, "negate_int64", {simple(Kind::kInt)}, simple(Kind::kInt));
  add_closed(registry, operators::kSubtract, "subtract", {Kind::kDouble, Kind::kDuration, Kind::kInt});
  declare(registry, operators::kSubtract, "subtract_timestamp_duration", {timestamp, duration}, timestamp);
  declare(registry, operators::kSubtract, "subtract_timestamp_timestamp", {timestamp, timestamp}, duration);
  add_closed(registry, operators::kSubtract, "subtract", {Kind::kUint});
}

void add_relation(Registry& registry, std::string_view function, const std::string& id) {
  auto add = [&](std::string_view name, Kind a, Kind b) {
    declare(registry, function, id + "_" + std::string(name), {simple(a), simple(b)}, simple(Kind::kBool));
  };
  add("bool", Kind::kBool, Kind::kBool);
  for (const Numeric& a : kNumbers)
    for (const Numeric& b : kNumbers)
      add(a.kind == b.kind ? std::string(a.name) : std::string(a.name) + "_" + std::string(b.name), a.kind, b.kind);
  add("string", Kind::kString, Kind::kString);
  add("bytes", Kind::kBytes, Kind::kBytes);
  add("timestamp", Kind::kTimestamp, Kind::kTimestamp);
  add("duration", Kind::kDuration, Kind::kDuration);
}

void add_containers(Registry& registry) {
  Type a = Type::parameter("A");
  Type b = Type::parameter("B");
  Type list = Type::list(a);
  Type map = Type::map(a, b);
  Type boolean = simple(Kind::kBool);
  Type integer = simple(Kind::kInt);
  declare(registry, operators::kIndex, "index_list", {list, integer}, a);
  declare(registry, operators::kIndex, "index_map", {map, a}, b);
  declare(registry, operators::kIn, "in_list", {a, list}, boolean);
  declare(registry, operators::kIn, "in_map", {a, map}, boolean);
  auto add_size = [&](const std::string& name, const Type& type) {
    registry.add("size", lib::function("size_" + name, {type}, integer, nullptr));
    registry.add("size", lib::method(name + "_size", {type}, integer, nullptr));
  };
  add_size("bytes", simple(Kind::kBytes));
  add_size("list", list);
  add_size("map", map);
  add_size("string", simple(Kind::kString));
}

std::shared_ptr<const void> prepare_regex(const Value& pattern) {
  if (!pattern.is_string()) return nullptr;
  Result<lib::GoRegex> regex = lib::GoRegex::compile(pattern.text());
  return regex ? std::make_shared<const lib::GoRegex>(std::move(*regex)) : nullptr;
}

void add_text(Registry& registry) {
  Type string = simple(Kind::kString);
  Type boolean = simple(Kind::kBool);
  for (std::string name : {"contains", "endsWith", "startsWith"}) {
    std::string id = name == "contains"   ? "contains_string"
                     : name == "endsWith" ? "ends_with_string"
                                          : "starts_with_string";
    registry.add(name, lib::method(id, {string, string}, boolean, nullptr));
  }
  for (bool receiver : {false, true}) {
    Overload matches{.id = receiver ? "matches_string" : "matches", .receiver = receiver};
    matches.arguments = {string, string};
    matches.result = boolean;
    matches.prepared_argument = 1;
    matches.prepare = prepare_regex;
    registry.add("matches", std::move(matches));
  }
}

void add_types(Registry& registry) {
  Type a = Type::parameter("A");
  declare(registry, "dyn", "to_dyn", {a}, Type::dyn());
  declare(registry, "type", "type", {a}, Type::type_of(a));
  for (Kind kind : {Kind::kBool, Kind::kBytes, Kind::kDouble, Kind::kDuration, Kind::kInt, Kind::kNull, Kind::kString,
                    Kind::kTimestamp, Kind::kUint}) {
    Type type = simple(kind);
    registry.add_constant(type.runtime_name(), Type::type_of(type), Value::type(type.runtime_name()));
  }
  registry.add_constant("list", Type::type_of(Type::list(Type::dyn())), Value::type("list"));
  registry.add_constant("map", Type::type_of(Type::map(Type::dyn(), Type::dyn())), Value::type("map"));
  registry.add_constant("type", Type::type_of(simple(Kind::kType)), Value::type("type"));
}

void add_macro_helpers(Registry& registry) {
  Type k = Type::parameter("K");
  Type v = Type::parameter("V");
  Type map = Type::map(k, v);
  declare(registry, "cel.@mapInsert", "@mapInsert_map_key_value", {map, k, v}, map);
  declare(registry, "cel.@mapInsert", "@mapInsert_map_map", {map, map}, map);
  declare(registry, "cel.@block", "cel_block_list", {Type::list(Type::dyn()), v}, v);
}

}  // namespace

void add_standard_library(Registry& registry, Dialect /*dialect*/) {
  add_logic(registry);
  add_arithmetic(registry);
  add_relation(registry, operators::kLess, "less");
  add_relation(registry, operators::kLessEquals, "less_equals");
  add_relation(registry, operators::kGreater, "greater");
  add_relation(registry, operators::kGreaterEquals, "greater_equals");
  add_containers(registry);
  add_types(registry);
  add_conversions(registry);
  add_text(registry);
  add_getters(registry);
  add_optionals(registry);
  add_macro_helpers(registry);
}

}  // namespace pawl::cel
