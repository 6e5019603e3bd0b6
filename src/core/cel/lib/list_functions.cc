#include <algorithm>

#include "core/cel/lib/declare.h"
#include "core/cel/lib/extensions.h"

namespace pawl::cel::lib {

namespace {

constexpr std::uint64_t kCallAndList = 1 + 10;

std::vector<Value> items_of(const Value& list) {
  std::vector<Value> out;
  out.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(list.item(i));
  return out;
}

Value slice(Call& call, Arguments arguments) {
  std::int64_t begin = arguments[1].as_int();
  std::int64_t end = arguments[2].as_int();
  auto refuse = [&](const std::string& why) {
    return fault(call, "cannot slice(" + std::to_string(begin) + ", " + std::to_string(end) + "), " + why);
  };
  if (begin < 0 || end < 0) return refuse("negative indexes not supported");
  if (begin > end) return refuse("start index must be less than or equal to end index");
  auto size = static_cast<std::int64_t>(arguments[0].size());
  if (size < end) return refuse("list is length " + std::to_string(size));
  std::vector<Value> items = items_of(arguments[0]);
  return list_of(call, std::vector<Value>(items.begin() + begin, items.begin() + end));
}

// False past the room that there is.
bool flatten_into(Call& call, std::vector<Value>& out, const Value& list, std::int64_t depth) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    Value item = list.item(i);
    if (item.is_list() && depth > 0) {
      if (!flatten_into(call, out, item, depth - 1)) return false;
    } else {
      out.push_back(item);
    }
    if (out.size() % 1024 == 0 && !call.arena.has_room(out.size() * sizeof(Value))) return false;
  }
  return true;
}

Value flatten(Call& call, Arguments arguments) {
  std::int64_t depth = arguments.size() > 1 ? arguments[1].as_int() : 1;
  if (depth < 0) return Value::error("level must be non-negative");
  std::vector<Value> out;
  if (!flatten_into(call, out, arguments[0], depth)) return Value::error(kTooMuchMemory);
  return list_of(call, out);
}

// The order of equal keys is Go's for up to twelve of them, which its sort inserts one by one.
template <class Less>
void sort_as_go(std::vector<std::size_t>& order, Less less) {
  constexpr std::size_t kInserted = 12;
  if (order.size() > kInserted) {
    std::stable_sort(order.begin(), order.end(), less);
    return;
  }
  for (std::size_t i = 1; i < order.size(); ++i) {
    for (std::size_t j = i; j > 0 && less(order[j], order[j - 1]); --j) std::swap(order[j], order[j - 1]);
  }
}

Value sort_by_keys(Call& call, Arguments arguments) {
  const Value& list = arguments[0];
  std::vector<Value> keys = items_of(arguments[arguments.size() - 1]);
  if (list.size() != keys.size())
    return fault(call,
                 "@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got " +
                     std::to_string(list.size()) + " and " + std::to_string(keys.size()) + " elements respectively");
  if (keys.empty()) return list;
  if (!is_ordered(keys[0], keys[0])) return Value::error("list elements must be comparable");
  bool alike = std::all_of(keys.begin(), keys.end(), [&](const Value& key) { return key.kind() == keys[0].kind(); });
  if (!alike) return Value::error("list elements must have the same type");
  std::vector<std::size_t> order(keys.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  sort_as_go(order, [&](std::size_t a, std::size_t b) { return compare(keys[a], keys[b]) == Order::kLess; });
  std::vector<Value> out;
  out.reserve(order.size());
  for (std::size_t i : order) out.push_back(list.item(i));
  return list_of(call, out);
}

Value range(Call& call, Arguments arguments) {
  std::int64_t count = std::max<std::int64_t>(arguments[0].as_int(), 0);
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  if (count > kMost || !call.arena.has_room(static_cast<std::size_t>(count) * sizeof(Value)))
    return Value::error(kTooMuchMemory);
  std::span<Value> items(call.arena.allocate_array<Value>(static_cast<std::size_t>(count)),
                         static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) items[static_cast<std::size_t>(i)] = Value::integer(i);
  return Value::list(items);
}

Value reverse(Call& call, Arguments arguments) {
  std::vector<Value> items = items_of(arguments[0]);
  std::reverse(items.begin(), items.end());
  return list_of(call, items);
}

Value distinct(Call& call, Arguments arguments) {
  if (are_too_many_comparisons(arguments[0].size(), arguments[0].size())) return Value::error(kTooManyComparisons);
  std::vector<Value> out;
  for (std::size_t i = 0; i < arguments[0].size(); ++i) {
    Value item = arguments[0].item(i);
    bool seen = std::any_of(out.begin(), out.end(), [&](const Value& other) { return equal(item, other); });
    if (!seen) out.push_back(item);
  }
  return list_of(call, out);
}

std::optional<std::uint64_t> cost_of_result(Arguments, const Value& result) { return cost_size(result) + kCallAndList; }

std::optional<std::uint64_t> cost_of_flatten(Arguments arguments, const Value&) {
  std::int64_t depth = arguments.size() > 1 && arguments[1].is_int() ? arguments[1].as_int() : 1;
  double walked = static_cast<double>(cost_size(arguments[0])) * static_cast<double>(depth);
  constexpr double kMost = 1e18;
  // A negative depth is refused; Go counts it all the same, modulo 2^64.
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(std::clamp(walked, -kMost, kMost))) + kCallAndList;
}

std::optional<std::uint64_t> cost_of_comparing(const Value& list) {
  std::uint64_t size = cost_size(list);
  bool text = list.is_list() && list.size() > 0 && (list.item(0).is_string() || list.item(0).is_bytes());
  return static_cast<std::uint64_t>(static_cast<double>(size * size) * (text ? 2.1 : 2.0)) + kCallAndList;
}
std::optional<std::uint64_t> cost_of_sort(Arguments arguments, const Value&) {
  return cost_of_comparing(arguments[arguments.size() - 1]);
}

void add_with_cost(Registry& registry, std::string_view name, Overload overload, CostOf cost) {
  overload.cost = cost;
  registry.add(name, std::move(overload));
}

void add_sorting(Registry& registry) {
  Type item = Type::parameter("T");
  for (const NamedType& key : comparable_types()) {
    // cel-go's ids hold the names that the types have at run time.
    std::string name(key.type.runtime_name());
    Type keys = Type::list(key.type);
    add_with_cost(registry, "sort", method("list_" + name + "_sort", {keys}, keys, sort_by_keys), cost_of_sort);
    add_with_cost(
        registry, "@sortByAssociatedKeys",
        method("list_" + name + "_sortByAssociatedKeys", {Type::list(item), keys}, Type::list(item), sort_by_keys),
        cost_of_sort);
  }
}

}  // namespace

void add_lists(Registry& registry) {
  Type list = Type::list(Type::parameter("T"));
  Type any = Type::list(Type::dyn());
  add_with_cost(registry, "slice", method("list_slice", {list, int_type(), int_type()}, list, slice), cost_of_result);
  add_with_cost(registry, "flatten", method("list_flatten", {Type::list(list)}, list, flatten), cost_of_flatten);
  add_with_cost(registry, "flatten", method("list_flatten_int", {any, int_type()}, any, flatten), cost_of_flatten);
  add_sorting(registry);
  add_with_cost(registry, "lists.range", function("lists_range", {int_type()}, Type::list(int_type()), range),
                cost_of_result);
  add_with_cost(registry, "reverse", method("list_reverse", {list}, list, reverse), cost_of_result);
  add_with_cost(registry, "distinct", method("list_distinct", {list}, list, distinct), cost_of_sort);
}

}  // namespace pawl::cel::lib
