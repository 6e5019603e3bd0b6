#include "core/cel/arithmetic.h"
#include "core/cel/steps.h"
#include "core/cel/text.h"

namespace pawl::cel::steps {

namespace {

Value not_iterable(const Value& range, bool two, Frame& frame) {
  std::string type = go_type(range);
  return Value::error(frame.arena, two ? "unsupported comprehension range type: " + type
                                       : "got '" + type + "', expected iterable type");
}

// Sets the variables of a loop to what stands at `index` of its range.
void set_variables(const Value& range, std::size_t index, bool two, Value* variables) {
  if (range.is_list()) {
    variables[0] = two ? Value::integer(static_cast<std::int64_t>(index)) : range.item(index);
    if (two) variables[1] = range.item(index);
    return;
  }
  variables[0] = range.key(index);
  if (two) variables[1] = range.entry(index);
}

bool is_iterable(const Value& range) { return range.is_list() || (range.is_map() && !range.is_lazy()); }

}  // namespace

Value fold(const Node& node, Frame& frame) {
  const auto& loop = *static_cast<const Fold*>(node.detail);
  Value range = (*loop.range)(frame);
  if (range.is_error()) return range;
  if (!is_iterable(range)) return not_iterable(range, loop.two_variables, frame);
  Value* accumulated = &frame.locals[node.slot];
  *accumulated = Value::absent();
  frame.builders[node.slot] = nullptr;
  for (std::size_t i = 0; i < range.size(); ++i) {
    set_variables(range, i, loop.two_variables, accumulated + 1);
    Value condition = (*loop.condition)(frame);
    if (condition.is_false()) break;
    Value next = (*loop.step)(frame);
    *accumulated = next;
    ++frame.steps;
    if (frame.is_stopped()) return Value::error(kInterrupted);
  }
  return (*loop.result)(frame);
}

namespace {

// all() and exists(): as the general loop that the macro stands for, without walking through its fixed parts. What
// those would have cost is in `before` (the condition and the accumulator in each step) and counts the same.
Value quantified(const Node& node, Frame& frame, bool deciding) {
  const auto& loop = *static_cast<const Fold*>(node.detail);
  Value range = (*loop.range)(frame);
  if (range.is_error()) return range;
  if (!is_iterable(range)) return not_iterable(range, loop.two_variables, frame);
  const Node& predicate = *node.parts[0];
  Value* variables = &frame.locals[node.slot] + 1;
  std::uint64_t condition_cost = deciding ? 3 : 2;
  Value answer = Value::boolean(!deciding);
  for (std::size_t i = 0; i < range.size(); ++i) {
    frame.cost += condition_cost;
    if (answer.is_bool() && answer.as_bool() == deciding) break;
    frame.cost += 1;
    set_variables(range, i, loop.two_variables, variables);
    Value next = predicate(frame);
    if (next.is_bool()) {
      if (next.as_bool() == deciding) answer = next;
    } else if (answer.is_bool()) {
      answer = next.is_error() ? next : Value::error(kNoSuchOverload);
    }
    ++frame.steps;
    if (frame.is_stopped()) return Value::error(kInterrupted);
  }
  frame.cost += node.cost;
  return answer;
}

}  // namespace

Value all(const Node& node, Frame& frame) { return quantified(node, frame, false); }
Value exists(const Node& node, Frame& frame) { return quantified(node, frame, true); }

}  // namespace pawl::cel::steps
