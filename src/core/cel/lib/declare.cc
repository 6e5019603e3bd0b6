#include "core/cel/lib/declare.h"

#include <cmath>

namespace pawl::cel::lib {

Overload function(std::string id, std::vector<Type> arguments, Type result, Implementation run) {
  Overload out;
  out.id = std::move(id);
  out.arguments = std::move(arguments);
  out.result = std::move(result);
  out.run = run;
  return out;
}

Overload method(std::string id, std::vector<Type> arguments, Type result, Implementation run) {
  Overload out = function(std::move(id), std::move(arguments), std::move(result), run);
  out.receiver = true;
  return out;
}

std::vector<NamedType> comparable_types() {
  return {{"int", int_type()},
          {"uint", uint_type()},
          {"double", double_type()},
          {"bool", bool_type()},
          {"duration", Type::simple(Type::Kind::kDuration)},
          {"timestamp", Type::simple(Type::Kind::kTimestamp)},
          {"string", string_type()},
          {"bytes", bytes_type()}};
}

Value text_of(Call& call, std::string_view text) {
  if (!call.arena.has_room(text.size())) return Value::error(kTooMuchMemory);
  return Value::string(call.arena, text);
}

Value fault(Call& call, std::string_view message) { return Value::error(call.arena, message); }

Value list_of(Call& call, const std::vector<Value>& items) {
  if (!call.arena.has_room(items.size() * sizeof(Value))) return Value::error(kTooMuchMemory);
  return Value::list(call.arena.copy(std::span<const Value>(items)));
}

Value list_of(Call& call, const std::vector<std::string>& items) {
  std::size_t bytes = 0;
  for (const std::string& item : items) bytes += item.size() + sizeof(Value);
  if (!call.arena.has_room(bytes)) return Value::error(kTooMuchMemory);
  std::vector<Value> values;
  values.reserve(items.size());
  for (const std::string& item : items) values.push_back(Value::string(call.arena, item));
  return list_of(call, values);
}

std::uint64_t walk_cost(std::uint64_t size, double times) {
  constexpr double kPerCharacter = 0.1;
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(size) * times * kPerCharacter));
}

std::optional<std::uint64_t> cost_of_walk(Arguments arguments, const Value&) {
  return walk_cost(cost_size(arguments[0]));
}

}  // namespace pawl::cel::lib
