#include "core/cel/steps.h"

#include <algorithm>
#include <cmath>

#include "core/cel/arithmetic.h"
#include "core/cel/lib/go_regex.h"

namespace pawl::cel::steps {

namespace {

using Kind = Value::Kind;

Value no_such_overload() { return Value::error(kNoSuchOverload); }

constexpr double kTraversal = 0.1;

}  // namespace

Value error(Frame& frame, std::string_view a, std::string_view b, std::string_view c) {
  std::string message(a);
  message.append(b).append(c);
  return Value::error(frame.arena, message);
}

std::uint64_t scan_cost(std::uint64_t size) {
  // In floating point, as the original: 30 * 0.1 is a little more than 3.
  return static_cast<std::uint64_t>(std::ceil(static_cast<double>(size) * kTraversal));
}

Value constant(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  return node.value;
}

Value variable(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  const Value& value = frame.variables[node.slot];
  if (value.is_absent()) return error(frame, "no such attribute(s): ", node.value.text());
  return value;
}

Value local(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  return frame.locals[node.slot];
}

Value accumulator(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value& value = frame.locals[node.slot];
  if (value.is_absent()) value = (*node.parts[0])(frame);
  return value;
}

Value block(const Node& node, Frame& frame) {
  std::fill_n(&frame.locals[node.slot], node.cost, Value::absent());
  return (*node.parts[0])(frame);
}

Value conditional(const Node& node, Frame& frame) {
  Value condition = (*node.parts[0])(frame);
  if (condition.is_bool()) return (*node.parts[condition.as_bool() ? 1 : 2])(frame);
  return condition.is_error() ? condition : no_such_overload();
}

namespace {

// The first error of two operands of which none decides.
Value undecided(const Value& a, const Value& b, bool neutral) {
  if (!a.is_bool()) return a.is_error() ? a : no_such_overload();
  if (!b.is_bool()) return b.is_error() ? b : no_such_overload();
  return Value::boolean(neutral);
}

Value logic(const Node& node, Frame& frame, bool deciding) {
  Value a = (*node.parts[0])(frame);
  if (a.is_bool() && a.as_bool() == deciding) return a;
  Value b = (*node.parts[1])(frame);
  if (b.is_bool() && b.as_bool() == deciding) return b;
  return undecided(a, b, !deciding);
}

}  // namespace

Value both(const Node& node, Frame& frame) { return logic(node, frame, false); }
Value either(const Node& node, Frame& frame) { return logic(node, frame, true); }

Value logical_not(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value value = (*node.parts[0])(frame);
  if (value.is_bool()) return Value::boolean(!value.as_bool());
  return value.is_error() ? value : no_such_overload();
}

Value not_strictly_false(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value value = (*node.parts[0])(frame);
  return value.is_bool() ? value : Value::boolean(true);
}

Value equals(const Node& node, Frame& frame) {
  Value a = (*node.parts[0])(frame);
  Value b = (*node.parts[1])(frame);
  // Kubernetes' estimator takes its own types for small, but knows `==` only.
  bool is_small = node.option == 0 && a.is(Kind::kOpaque);
  frame.cost += is_small ? 1 : scan_cost(std::min(cost_size(a), cost_size(b)));
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  return Value::boolean(equal(a, b) != (node.option == 1));
}

Value relation(const Node& node, Frame& frame) {
  Value a = (*node.parts[0])(frame);
  Value b = (*node.parts[1])(frame);
  frame.cost += node.value.is_true() ? scan_cost(std::min(cost_size(a), cost_size(b))) : 1;
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  return relate(static_cast<Relation>(node.option), a, b);
}

Value arithmetic(const Node& node, Frame& frame) {
  Value a = (*node.parts[0])(frame);
  Value b = (*node.parts[1])(frame);
  frame.cost += node.value.is_true() ? scan_cost(cost_size(a) + cost_size(b)) : 1;
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  return calculate(static_cast<Arithmetic>(node.option), a, b, frame.arena);
}

Value negative(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value value = (*node.parts[0])(frame);
  return value.is_error() ? value : negate(value);
}

Value membership(const Node& node, Frame& frame) {
  Value a = (*node.parts[0])(frame);
  Value b = (*node.parts[1])(frame);
  switch (static_cast<ContainerCost>(node.option)) {
    case ContainerCost::kOne:
      frame.cost += 1;
      break;
    case ContainerCost::kSize:
      frame.cost += cost_size(b);
      break;
    case ContainerCost::kNothing:
      break;
  }
  if (a.is_error()) return a;
  if (b.is_error()) return b;
  if (b.is_map() && !b.is_lazy()) return Value::boolean(!frame.find(b, a).is_absent());
  frame.steps += b.is_list() ? b.size() : 0;
  return is_in(a, b);
}

Value size(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value value = (*node.parts[0])(frame);
  return value.is_error() ? value : size_of(value);
}

Value type(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  Value value = (*node.parts[0])(frame);
  return value.is_error() ? value : Value::type(type_name(value));
}

Value same(const Node& node, Frame& frame) {
  frame.cost += node.cost;
  return (*node.parts[0])(frame);
}

namespace {

bool text_fits(TextTest test, std::string_view text, std::string_view part) {
  switch (test) {
    case TextTest::kStartsWith:
      return text.starts_with(part);
    case TextTest::kEndsWith:
      return text.ends_with(part);
    case TextTest::kContains:
      return text.find(part) != std::string_view::npos;
  }
  return false;
}

}  // namespace

Value text_test(const Node& node, Frame& frame) {
  Value text = (*node.parts[0])(frame);
  Value part = (*node.parts[1])(frame);
  auto test = static_cast<TextTest>(node.option);
  std::uint64_t cost = scan_cost(cost_size(text));
  frame.cost += test == TextTest::kContains ? cost * scan_cost(cost_size(part)) : cost;
  if (text.is_error()) return text;
  if (part.is_error()) return part;
  if (!text.is_string() || !part.is_string()) return no_such_overload();
  return Value::boolean(text_fits(test, text.text(), part.text()));
}

Value matches(const Node& node, Frame& frame) {
  const auto& detail = *static_cast<const CallDetail*>(node.detail);
  Value text = (*node.parts[0])(frame);
  // With a pattern that was compiled before, an error leaves the call uncounted.
  if (text.is_error() && detail.prepared != nullptr) return text;
  Value pattern = (*node.parts[1])(frame);
  if (node.option == 1)
    frame.cost += static_cast<std::uint64_t>(std::ceil((1.0 + static_cast<double>(cost_size(text))) * kTraversal)) *
                  static_cast<std::uint64_t>(std::ceil(static_cast<double>(cost_size(pattern)) * 0.25));
  else
    frame.cost += 1;
  if (text.is_error()) return text;
  if (pattern.is_error()) return pattern;
  if (!text.is_string()) {
    bool takes_calls = detail.prepared != nullptr || text.is(Kind::kDuration) || text.is(Kind::kTimestamp);
    return Value::error(takes_calls ? kNoSuchOverload : "no such overload: matches");
  }
  if (!pattern.is_string()) return no_such_overload();
  if (const auto* regex = static_cast<const lib::GoRegex*>(detail.prepared.get()))
    return Value::boolean(regex->matches(text.text()));
  Result<lib::GoRegex> regex = lib::GoRegex::compile(pattern.text());
  if (!regex) return Value::error(frame.arena, regex.error().message);
  return Value::boolean(regex->matches(text.text()));
}

Value optional_or(const Node& node, Frame& frame) {
  Value value = (*node.parts[0])(frame);
  if (!value.is(Kind::kOptional)) return value;
  if (value.has_value()) return node.option == 1 ? value.optional_value() : value;
  return (*node.parts[1])(frame);
}

}  // namespace pawl::cel::steps
