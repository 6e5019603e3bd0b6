#include <algorithm>
#include <array>

#include "core/cel/arithmetic.h"
#include "core/cel/steps.h"

// Calls of functions: which overload takes the arguments, and what the call costs.

namespace pawl::cel::steps {

namespace {

using Kind = Value::Kind;

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
    return takes_calls ? Value::error(kNoSuchOverload) : error(frame, "no such overload: ", detail.name);
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
  return detail.prepared != nullptr ? Value::error(kNoSuchOverload) : no_overload_for(detail, arguments, frame);
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

}  // namespace pawl::cel::steps
