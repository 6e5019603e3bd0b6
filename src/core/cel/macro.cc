#include "core/cel/macro.h"

#include <algorithm>
#include <array>

namespace pawl::cel {

namespace {

constexpr std::string_view kOldAccumulator = "__result__";
constexpr std::string_view kUnused = "#unused";

Expansion fault(const Expr* at, std::string message) { return {nullptr, Fault{at->at, std::move(message)}}; }

// Makes nodes that all stand where the macro stands.
class Maker {
 public:
  explicit Maker(const MacroCall& call) : ast_(call.ast), at_(call.at) {}

  Expr* boolean(bool value) { return ast_.literal(at_, Value::boolean(value)); }
  Expr* integer(std::int64_t value) { return ast_.literal(at_, Value::integer(value)); }
  Expr* ident(std::string_view name) { return ast_.ident(at_, std::string(name)); }
  Expr* accumulator() { return ident(kAccumulatorName); }
  Expr* list(std::vector<Expr*> items) { return ast_.list(at_, std::move(items)); }
  Expr* map() { return ast_.make(Expr::Kind::kMap, at_); }
  Expr* call(std::string_view function, std::vector<Expr*> arguments) {
    return ast_.call(at_, std::string(function), std::move(arguments));
  }
  Expr* member_call(std::string_view function, Expr* receiver, std::vector<Expr*> arguments = {}) {
    return ast_.member_call(at_, std::string(function), receiver, std::move(arguments));
  }

  struct Loop {
    Expr* range;
    std::string variable;
    std::string second;
    std::string_view accumulator = kAccumulatorName;
    Expr* initial;
    Expr* condition;
    Expr* step;
    Expr* result;
  };
  Expr* loop(Loop loop) {
    Expr* made = ast_.make(Expr::Kind::kComprehension, at_);
    made->variable = std::move(loop.variable);
    made->second_variable = std::move(loop.second);
    made->accumulator = loop.accumulator;
    made->parts = {loop.range, loop.initial, loop.condition, loop.step, loop.result};
    return made;
  }

  // `result` with `name` standing for `value`, which is computed when it is first read: a loop over nothing.
  Expr* bind(std::string_view name, Expr* value, Expr* result) {
    return loop({.range = list({}),
                 .variable = std::string(kUnused),
                 .second = {},
                 .accumulator = name,
                 .initial = value,
                 .condition = boolean(false),
                 .step = ident(name),
                 .result = result});
  }

  // A copy with nodes of its own; it stops growing at the bound, which the parser then reports.
  Expr* copy(const Expr* from) {
    Expr* made = ast_.make(from->kind, at_);
    std::uint32_t id = made->id;
    *made = *from;
    made->id = id;
    if (ast_.size() > kMostNodes) {
      made->kind = Expr::Kind::kFaulty;
      made->parts.clear();
    }
    for (Expr*& part : made->parts) part = copy(part);
    return made;
  }

 private:
  Ast& ast_;
  Offset at_;
};

bool is_accumulator(std::string_view name) { return name == kAccumulatorName || name == kOldAccumulator; }

enum class Quantifier : std::uint8_t { kAll, kExists, kExistsOne };

struct Variables {
  std::string first;
  std::string second;
  std::optional<Fault> fault;
};

Variables one_variable(const MacroCall& call, std::string_view not_a_name) {
  const Expr* argument = call.arguments[0];
  if (argument->kind != Expr::Kind::kIdent) return {{}, {}, Fault{argument->at, std::string(not_a_name)}};
  if (is_accumulator(argument->name))
    return {{}, {}, Fault{argument->at, "iteration variable overwrites accumulator variable"}};
  return {argument->name, {}, {}};
}

Variables two_variables(const MacroCall& call) {
  const Expr* first = call.arguments[0];
  const Expr* second = call.arguments[1];
  for (const Expr* argument : {first, second})
    if (argument->kind != Expr::Kind::kIdent) return {{}, {}, Fault{argument->at, "argument must be a simple name"}};
  if (first->name == second->name) return {{}, {}, Fault{second->at, "duplicate variable name: " + first->name}};
  for (const Expr* argument : {first, second})
    if (is_accumulator(argument->name))
      return {{}, {}, Fault{argument->at, "iteration variable overwrites accumulator variable"}};
  return {first->name, second->name, {}};
}

Expansion quantifier(const MacroCall& call, Quantifier kind) {
  bool two = call.arguments.size() == 3;
  Variables variables = two ? two_variables(call) : one_variable(call, "argument must be a simple name");
  if (variables.fault) return {nullptr, std::move(variables.fault)};
  Expr* predicate = call.arguments.back();
  Maker make(call);
  Maker::Loop loop{.range = call.receiver,
                   .variable = variables.first,
                   .second = variables.second,
                   .initial = nullptr,
                   .condition = nullptr,
                   .step = nullptr,
                   .result = nullptr};
  switch (kind) {
    case Quantifier::kAll:
      loop.initial = make.boolean(true);
      loop.condition = make.call(operators::kNotStrictlyFalse, {make.accumulator()});
      loop.step = make.call(operators::kAnd, {make.accumulator(), predicate});
      loop.result = make.accumulator();
      break;
    case Quantifier::kExists:
      loop.initial = make.boolean(false);
      loop.condition = make.call(operators::kNotStrictlyFalse, {make.call(operators::kNot, {make.accumulator()})});
      loop.step = make.call(operators::kOr, {make.accumulator(), predicate});
      loop.result = make.accumulator();
      break;
    case Quantifier::kExistsOne:
      loop.initial = make.integer(0);
      loop.condition = make.boolean(true);
      loop.step =
          make.call(operators::kConditional,
                    {predicate, make.call(operators::kAdd, {make.accumulator(), make.integer(1)}), make.accumulator()});
      loop.result = make.call(operators::kEquals, {make.accumulator(), make.integer(1)});
      break;
  }
  return {make.loop(std::move(loop)), {}};
}

Expansion all(const MacroCall& call) { return quantifier(call, Quantifier::kAll); }
Expansion exists(const MacroCall& call) { return quantifier(call, Quantifier::kExists); }
Expansion exists_one(const MacroCall& call) { return quantifier(call, Quantifier::kExistsOne); }

// A loop that begins with something empty and grows it by `step` wherever `filter` (which may be null) holds.
Expansion growing(const MacroCall& call, Variables variables, Expr* initial, Expr* filter, Expr* step) {
  Maker make(call);
  if (filter != nullptr) step = make.call(operators::kConditional, {filter, step, make.accumulator()});
  return {make.loop({.range = call.receiver,
                     .variable = std::move(variables.first),
                     .second = std::move(variables.second),
                     .initial = initial,
                     .condition = make.boolean(true),
                     .step = step,
                     .result = make.accumulator()}),
          {}};
}

Expansion map_onto(const MacroCall& call, Expr* range) {
  Variables variables = one_variable(call, "argument is not an identifier");
  if (variables.fault) return {nullptr, std::move(variables.fault)};
  Maker make(call);
  Expr* filter = call.arguments.size() == 3 ? call.arguments[1] : nullptr;
  Expr* initial = make.list({});
  Expr* step = make.call(operators::kAdd, {make.accumulator(), make.list({call.arguments.back()})});
  MacroCall over = call;
  over.receiver = range;
  return growing(over, std::move(variables), initial, filter, step);
}

Expansion map(const MacroCall& call) { return map_onto(call, call.receiver); }

Expansion filter(const MacroCall& call) {
  Variables variables = one_variable(call, "argument is not an identifier");
  if (variables.fault) return {nullptr, std::move(variables.fault)};
  Maker make(call);
  Expr* initial = make.list({});
  Expr* step = make.call(operators::kAdd, {make.accumulator(), make.list({call.arguments[0]})});
  return growing(call, std::move(variables), initial, call.arguments[1], step);
}

Expansion has(const MacroCall& call) {
  Expr* argument = call.arguments[0];
  if (argument->kind != Expr::Kind::kSelect) return fault(argument, "invalid argument to has() macro");
  Expr* made = call.ast.select(call.at, argument->operand(), argument->name);
  made->test_only = true;
  return {made, {}};
}

enum class Transform : std::uint8_t { kList, kMap, kEntry };

Expansion transform(const MacroCall& call, Transform kind) {
  Variables variables = two_variables(call);
  if (variables.fault) return {nullptr, std::move(variables.fault)};
  Maker make(call);
  Expr* filter = call.arguments.size() == 4 ? call.arguments[2] : nullptr;
  Expr* body = call.arguments.back();
  Expr* step = nullptr;
  switch (kind) {
    case Transform::kList:
      step = make.call(operators::kAdd, {make.accumulator(), make.list({body})});
      break;
    case Transform::kMap:
      step = make.call("cel.@mapInsert", {make.accumulator(), make.ident(variables.first), body});
      break;
    case Transform::kEntry:
      step = make.call("cel.@mapInsert", {make.accumulator(), body});
      break;
  }
  Expr* initial = kind == Transform::kList ? make.list({}) : make.map();
  return growing(call, std::move(variables), initial, filter, step);
}

Expansion transform_list(const MacroCall& call) { return transform(call, Transform::kList); }
Expansion transform_map(const MacroCall& call) { return transform(call, Transform::kMap); }
Expansion transform_entry(const MacroCall& call) { return transform(call, Transform::kEntry); }

Expansion optional_map(const MacroCall& call, bool flat) {
  const Expr* variable = call.arguments[0];
  if (variable->kind != Expr::Kind::kIdent)
    return fault(variable,
                 std::string(flat ? "optFlatMap" : "optMap") + "() variable name must be a simple identifier");
  Maker make(call);
  Expr* present = make.member_call("hasValue", call.receiver);
  Expr* value = make.member_call("value", make.copy(call.receiver));
  Expr* mapped = make.bind(variable->name, value, call.arguments[1]);
  if (!flat) mapped = make.call("optional.of", {mapped});
  return {make.call(operators::kConditional, {present, mapped, make.call("optional.none", {})}), {}};
}

Expansion opt_map(const MacroCall& call) { return optional_map(call, false); }
Expansion opt_flat_map(const MacroCall& call) { return optional_map(call, true); }

bool is_namespace(const Expr* receiver, std::string_view name) {
  return receiver->kind == Expr::Kind::kIdent && receiver->name == name;
}

Expansion bind(const MacroCall& call) {
  if (!is_namespace(call.receiver, "cel")) return {};
  const Expr* variable = call.arguments[0];
  if (variable->kind != Expr::Kind::kIdent)
    return fault(variable, "cel.bind() variable names must be simple identifiers");
  return {Maker(call).bind(variable->name, call.arguments[1], call.arguments[2]), {}};
}

// The four below stand for what an optimizer of cel-go makes; its conformance suite writes them by hand.
Expansion block(const MacroCall& call) {
  if (!is_namespace(call.receiver, "cel")) return {};
  if (call.arguments[0]->kind != Expr::Kind::kList)
    return fault(call.arguments[0], "cel.block requires the first arg to be a list literal");
  return {Maker(call).call("cel.@block", call.arguments), {}};
}

Expansion numbered(const MacroCall& call, std::string name) {
  if (!is_namespace(call.receiver, "cel")) return {};
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Expr* argument = call.arguments[i];
    bool is_index =
        argument->kind == Expr::Kind::kLiteral && argument->literal.is_int() && argument->literal.as_int() >= 0;
    if (!is_index) return fault(argument, "a non-negative int literal is expected");
    name += (i == 0 ? "" : ":") + std::to_string(argument->literal.as_int());
  }
  return {Maker(call).ident(name), {}};
}

Expansion block_index(const MacroCall& call) { return numbered(call, "@index"); }
Expansion block_variable(const MacroCall& call) { return numbered(call, "@it:"); }
Expansion block_accumulator(const MacroCall& call) { return numbered(call, "@ac:"); }

bool may_be_number(const Expr* argument) {
  switch (argument->kind) {
    case Expr::Kind::kLiteral:
      return argument->literal.is_number();
    case Expr::Kind::kList:
    case Expr::Kind::kMap:
    case Expr::Kind::kStruct:
      return false;
    case Expr::Kind::kIdent:
    case Expr::Kind::kSelect:
    case Expr::Kind::kCall:
    case Expr::Kind::kComprehension:
    case Expr::Kind::kFaulty:
      return true;
  }
  return true;
}

bool is_list_of_numbers(const Expr* argument) {
  return argument->kind == Expr::Kind::kList && !argument->parts.empty() &&
         std::all_of(argument->parts.begin(), argument->parts.end(), may_be_number);
}

Expansion extreme(const MacroCall& call, std::string_view name, std::string_view function) {
  if (!is_namespace(call.receiver, "math")) return {};
  const std::vector<Expr*>& arguments = call.arguments;
  std::string shown = "math." + std::string(name) + "()";
  if (arguments.empty()) return fault(call.receiver, shown + " requires at least one argument");
  Maker make(call);
  if (arguments.size() == 1) {
    if (!is_list_of_numbers(arguments[0]) && !may_be_number(arguments[0]))
      return fault(arguments[0], shown + " invalid single argument value");
    return {make.call(function, arguments), {}};
  }
  for (const Expr* argument : arguments)
    if (!may_be_number(argument)) return fault(argument, shown + " simple literal arguments must be numeric");
  if (arguments.size() == 2) return {make.call(function, arguments), {}};
  return {make.call(function, {make.list(arguments)}), {}};
}

Expansion greatest(const MacroCall& call) { return extreme(call, "greatest", "math.@max"); }
Expansion least(const MacroCall& call) { return extreme(call, "least", "math.@min"); }

Expansion sort_by(const MacroCall& call) {
  static constexpr std::string_view kInput = "@__sortBy_input__";
  const Expr* receiver = call.receiver;
  if (receiver->kind == Expr::Kind::kLiteral || receiver->kind == Expr::Kind::kMap ||
      receiver->kind == Expr::Kind::kStruct)
    return fault(receiver,
                 "sortBy can only be applied to a list, identifier, comprehension, call or select expression");
  Maker make(call);
  Expansion keys = map_onto(call, make.ident(kInput));
  if (keys.expr == nullptr) return keys;
  Expr* sorted = make.member_call("@sortByAssociatedKeys", make.ident(kInput), {keys.expr});
  return {make.bind(kInput, call.receiver, sorted), {}};
}

struct Macro {
  std::string_view function;
  int arguments;  // -1: any number
  bool receiver;
  Expansion (*expand)(const MacroCall&);
  bool standard_only = false;
};

constexpr auto kMacros = std::to_array<Macro>({
    {"has", 1, false, has},
    {"all", 2, true, all},
    {"exists", 2, true, exists},
    {"exists_one", 2, true, exists_one},
    {"existsOne", 2, true, exists_one, true},
    {"map", 2, true, map},
    {"map", 3, true, map},
    {"filter", 2, true, filter},
    {"all", 3, true, all},
    {"exists", 3, true, exists},
    {"exists_one", 3, true, exists_one},
    {"existsOne", 3, true, exists_one},
    {"transformList", 3, true, transform_list},
    {"transformList", 4, true, transform_list},
    {"transformMap", 3, true, transform_map},
    {"transformMap", 4, true, transform_map},
    {"transformMapEntry", 3, true, transform_entry},
    {"transformMapEntry", 4, true, transform_entry},
    {"optMap", 2, true, opt_map},
    {"optFlatMap", 2, true, opt_flat_map},
    {"bind", 3, true, bind},
    {"greatest", -1, true, greatest},
    {"least", -1, true, least},
    {"sortBy", 2, true, sort_by},
    {"block", 2, true, block, true},
    {"index", 1, true, block_index, true},
    {"iterVar", 2, true, block_variable, true},
    {"accuVar", 2, true, block_accumulator, true},
});

}  // namespace

Expansion expand_macro(const MacroCall& call, Dialect dialect) {
  for (const Macro& macro : kMacros) {
    bool fits = macro.function == call.function && macro.receiver == (call.receiver != nullptr) &&
                (macro.arguments < 0 || macro.arguments == static_cast<int>(call.arguments.size())) &&
                (!macro.standard_only || dialect == Dialect::kStandard);
    if (fits) return macro.expand(call);
  }
  return {};
}

}  // namespace pawl::cel
