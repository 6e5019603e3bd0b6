#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cel/function.h"
#include "core/cel/type.h"
#include "core/cel/value.h"

namespace pawl::cel::lib {

// What every library writes its declarations and implementations with.

using Arguments = std::span<const Value>;

inline Type bool_type() { return Type::simple(Type::Kind::kBool); }
inline Type int_type() { return Type::simple(Type::Kind::kInt); }
inline Type uint_type() { return Type::simple(Type::Kind::kUint); }
inline Type double_type() { return Type::simple(Type::Kind::kDouble); }
inline Type string_type() { return Type::simple(Type::Kind::kString); }
inline Type bytes_type() { return Type::simple(Type::Kind::kBytes); }

// Each returns the overload, for what is set by hand.
Overload function(std::string id, std::vector<Type> arguments, Type result, Implementation run);
Overload method(std::string id, std::vector<Type> arguments, Type result, Implementation run);

// The types between which there is an order, with the names that ids have for them.
struct NamedType {
  std::string_view name;
  Type type;
};
std::vector<NamedType> comparable_types();

// Results that live in the call's arena.
Value text_of(Call& call, std::string_view text);
Value fault(Call& call, std::string_view message);
Value list_of(Call& call, const std::vector<Value>& items);
Value list_of(Call& call, const std::vector<std::string>& items);
inline Value no_such_overload() { return Value::error("no such overload"); }

// Whether comparing every one of `a` items with every one of `b` would take too long. It costs as much, and so far more
// than anybody allows; functions err then with kTooManyComparisons before they begin.
constexpr bool are_too_many_comparisons(std::size_t a, std::size_t b) {
  constexpr std::size_t kMost = 20'000'000;
  return b != 0 && a > kMost / b;
}
inline constexpr std::string_view kTooManyComparisons = "operation cancelled: actual cost limit exceeded";

// The cost of walking through `size` characters `times` times: a tenth each, rounded up.
std::uint64_t walk_cost(std::uint64_t size, double times = 1);
inline std::optional<std::uint64_t> cost_of_one(Arguments, const Value&) { return 1; }
// The first argument is walked through once.
std::optional<std::uint64_t> cost_of_walk(Arguments arguments, const Value& result);

}  // namespace pawl::cel::lib
