#include "core/cel/lib/declare.h"
#include "core/cel/lib/extensions.h"

namespace pawl::cel::lib {

namespace {

bool holds(const Value& list, const Value& item) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (equal(item, list.item(i))) return true;
  }
  return false;
}

bool holds_all(const Value& list, const Value& items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!holds(list, items.item(i))) return false;
  }
  return true;
}

bool are_too_many(Arguments arguments) { return are_too_many_comparisons(arguments[0].size(), arguments[1].size()); }

Value contains(Call&, Arguments arguments) {
  if (are_too_many(arguments)) return Value::error(kTooManyComparisons);
  return Value::boolean(holds_all(arguments[0], arguments[1]));
}
Value equivalent(Call&, Arguments arguments) {
  if (are_too_many(arguments)) return Value::error(kTooManyComparisons);
  return Value::boolean(holds_all(arguments[0], arguments[1]) && holds_all(arguments[1], arguments[0]));
}
Value intersects(Call&, Arguments arguments) {
  if (are_too_many(arguments)) return Value::error(kTooManyComparisons);
  for (std::size_t i = 0; i < arguments[0].size(); ++i) {
    if (holds(arguments[1], arguments[0].item(i))) return Value::boolean(true);
  }
  return Value::boolean(false);
}

template <std::uint64_t kTimes>
std::optional<std::uint64_t> cost(Arguments arguments, const Value&) {
  return 1 + cost_size(arguments[0]) * cost_size(arguments[1]) * kTimes;
}

}  // namespace

void add_sets(Registry& registry) {
  Type list = Type::list(Type::parameter("T"));
  auto add = [&](std::string_view name, std::string id, Implementation run, CostOf cost_of) {
    Overload overload = function(std::move(id), {list, list}, bool_type(), run);
    overload.cost = cost_of;
    registry.add(name, std::move(overload));
  };
  add("sets.contains", "list_sets_contains_list", contains, cost<1>);
  add("sets.equivalent", "list_sets_equivalent_list", equivalent, cost<2>);
  add("sets.intersects", "list_sets_intersects_list", intersects, cost<1>);
}

}  // namespace pawl::cel::lib
