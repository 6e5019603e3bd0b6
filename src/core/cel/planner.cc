#include "core/cel/planner.h"

#include <algorithm>
#include <array>

#include "core/cel/arithmetic.h"
#include "core/cel/steps.h"
#include "core/cel/text.h"

namespace pawl::cel {

namespace {

using RefKind = Reference::Kind;

constexpr std::uint32_t kListCost = 10;
constexpr std::uint32_t kMapCost = 30;

bool is_conversion(std::string_view function) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint"});
  return std::find(kNames.begin(), kNames.end(), function) != kNames.end();
}

class Planner {
 public:
  Planner(const Ast& ast, const Checked& checked, const Environment& environment, std::vector<Fault>& faults)
      : checked_(checked), environment_(environment), faults_(faults), plan_(std::make_unique<Plan>()) {
    plan_->slots = checked.slots;
    plan_->reads.resize(environment.variables().size());
    plan_->root = plan(*ast.root);
  }

  std::unique_ptr<Plan> take() { return std::move(plan_); }

 private:
  const Reference& reference(const Expr& expr) const { return checked_.references[expr.id]; }
  const Type& type_of(const Expr& expr) const { return checked_.types[expr.id]; }
  bool is_kubernetes() const { return environment_.dialect() == Dialect::kKubernetes; }

  Node* make(Node::Run run, std::vector<const Node*> parts = {}, std::uint32_t cost = 0) {
    Node& made = plan_->nodes.emplace_back();
    made.run = run;
    made.parts = std::move(parts);
    made.cost = cost;
    return &made;
  }

  Node* constant(const Value& value) {
    Node* made = make(steps::constant);
    made->value = kept(value);
    made->is_constant = true;
    return made;
  }

  // Literals' text moves into the plan: the tree goes when planning is done.
  Value kept(const Value& value) {
    switch (value.kind()) {
      case Value::Kind::kString:
        return Value::string(plan_->arena.copy(value.text()));
      case Value::Kind::kBytes:
        return Value::bytes(plan_->arena.copy(value.text()));
      case Value::Kind::kType:
        return Value::type(plan_->arena.copy(value.text()));
      case Value::Kind::kNull:
      case Value::Kind::kBool:
      case Value::Kind::kInt:
      case Value::Kind::kUint:
      case Value::Kind::kDouble:
      case Value::Kind::kDuration:
      case Value::Kind::kTimestamp:
      case Value::Kind::kList:
      case Value::Kind::kMap:
      case Value::Kind::kOptional:
      case Value::Kind::kOpaque:
      case Value::Kind::kError:
      case Value::Kind::kAbsent:
        return value;
    }
    return value;
  }

  // Evaluates a node that depends on no variable.
  Value computed(const Node& node, std::uint64_t& cost) {
    Frame frame{nullptr, nullptr, nullptr, plan_->arena, environment_.time_zones(), UINT64_MAX};
    Value value = node(frame);
    cost = frame.cost;
    return value;
  }

  // What is computed from constants is computed now. It stays what it costs, and is no literal.
  const Node* folded(Node* node) {
    bool all_known = std::all_of(node->parts.begin(), node->parts.end(),
                                 [](const Node* part) { return part->run == steps::constant; });
    if (!all_known || node->parts.empty()) return node;
    std::uint64_t cost = 0;
    Value value = computed(*node, cost);
    // A large result would outlive every evaluation.
    if (cost > UINT32_MAX || value.nodes() > 1000) return node;
    Node* made = make(steps::constant, {}, static_cast<std::uint32_t>(cost));
    made->value = value;
    return made;
  }

  const Node* plan(const Expr& expr) {
    switch (expr.kind) {
      case Expr::Kind::kLiteral:
        return constant(expr.literal);
      case Expr::Kind::kIdent:
        return named(expr);
      case Expr::Kind::kSelect:
        return select(expr);
      case Expr::Kind::kCall:
        return call(expr);
      case Expr::Kind::kList:
        return list(expr);
      case Expr::Kind::kMap:
        return map(expr);
      case Expr::Kind::kComprehension:
        return comprehension(expr);
      case Expr::Kind::kStruct:
        return failing("unknown type: " + expr.name);
      case Expr::Kind::kFaulty:
        break;
    }
    return failing("unsupported expression");
  }

  const Node* failing(const std::string& message) {
    Node* made = make(steps::constant);
    made->value = Value::error(plan_->arena, message);
    return made;
  }

  const Node* named(const Expr& expr) {
    const Reference& to = reference(expr);
    Node* made = nullptr;
    switch (to.kind) {
      case RefKind::kVariable:
        made = make(steps::variable, {}, 1);
        made->value = Value::string(plan_->arena.copy(environment_.variables()[to.slot].name));
        plan_->reads[to.slot] = true;
        break;
      case RefKind::kLocal:
        made = make(steps::local, {}, 1);
        break;
      case RefKind::kAccumulated:
        made = make(steps::accumulator, {initial_[to.owner]}, 1);
        break;
      case RefKind::kBlockSlot:
        made = make(steps::accumulator, {block_slot(to)}, 1);
        break;
      case RefKind::kConstant:
        return constant(to.value);
      case RefKind::kFunction:
      case RefKind::kNone: {
        // Unchecked, and nothing has the name: an error of whoever reads it.
        Node* missing = make(steps::constant, {}, 1);
        std::string name = expr.name.starts_with('.') ? expr.name.substr(1) : expr.name;
        std::string names;
        for (const std::string& candidate : environment_.candidates(name))
          names += (names.empty() ? "" : ", ") + candidate;
        missing->value = Value::error(plan_->arena, "no such attribute(s): " + names);
        missing->is_attribute = true;
        return missing;
      }
    }
    made->slot = static_cast<std::uint32_t>(to.slot);
    made->is_attribute = true;
    return made;
  }

  // A later expression of a block may be read by an earlier one only as an error.
  const Node* block_slot(const Reference& to) {
    const std::vector<const Node*>& slots = blocks_[to.owner];
    return to.slot_index < slots.size() ? slots[to.slot_index] : failing("no such attribute(s): @index");
  }

  // Whether cel-go's planner treats the node as an attribute: a qualifier then extends it.
  static bool extends(const Node* node) { return node->is_attribute; }

  // `base` with one more step. A chain of steps is one node.
  Node* qualified(const Node* base, Qualifier step, bool tests_presence) {
    Attribute& attribute = plan_->attributes.emplace_back();
    std::uint32_t cost = 1;
    if (base->run == steps::attribute) {
      attribute = *static_cast<const Attribute*>(base->detail);
      cost = base->cost;
    } else if (base->is_attribute) {
      attribute.base = without_cost(base);
      cost = base->cost;
    } else {
      attribute.base = base;
    }
    attribute.path.push_back(std::move(step));
    attribute.tests_presence = tests_presence;
    Node* made = make(steps::attribute, {}, cost);
    made->detail = &attribute;
    made->option = is_kubernetes() ? 0 : 1;
    made->is_attribute = true;
    return made;
  }

  // The node as a branch of a conditional or as an index, where the attribute itself costs nothing.
  const Node* without_cost(const Node* node) {
    if (!node->is_attribute || node->cost == 0) return node;
    Node& copy = plan_->nodes.emplace_back(*node);
    copy.cost = 0;
    return &copy;
  }

  const Node* select(const Expr& expr) {
    if (reference(expr).kind != RefKind::kNone) return named(expr);
    Qualifier step;
    step.key = Value::string(plan_->arena.copy(expr.name));
    Node* made = qualified(plan(*expr.operand()), step, expr.test_only);
    // In Kubernetes a test of presence costs what its steps do.
    if (expr.test_only && is_kubernetes()) {
      made->slot = made->cost == 0 ? 1 : 0;
      made->cost = 0;
    }
    return made;
  }

  static bool may_be_key(const Value& value) { return value.is_string() || value.is_number() || value.is_bool(); }

  const Node* index(const Expr& expr, bool optional) {
    const Node* base = plan(*expr.parts[0]);
    const Node* key = plan(*expr.parts[1]);
    Qualifier step;
    step.optional = optional;
    if (key->is_constant && is_kubernetes() && !may_be_key(key->value))
      faults_.push_back({expr.at, "invalid qualifier type: " + go_type(key->value)});
    if (key->is_constant)
      step.key = key->value;
    else
      step.index = without_cost(key);
    return qualified(base, step, false);
  }

  const Node* call(const Expr& expr) {
    const Reference& to = reference(expr);
    if (to.kind != RefKind::kFunction) {
      if (expr.name == operators::kOptSelect) return index(expr, true);
      if (expr.name == "cel.@block") return block(expr);
      return failing("no such overload: " + expr.name);
    }
    std::string_view name = to.function->name;
    if (name == operators::kIndex) return index(expr, false);
    if (name == operators::kOptIndex || name == operators::kOptSelect) return index(expr, true);
    if (name == "cel.@block") return block(expr);
    std::vector<const Node*> parts;
    for (std::size_t i = to.drops_receiver ? 1 : 0; i < expr.parts.size(); ++i) parts.push_back(plan(*expr.parts[i]));
    if (const Node* made = special(expr, to, name, parts)) return made;
    return function(expr, to, std::move(parts));
  }

  const Node* special(const Expr& expr, const Reference& to, std::string_view name, std::vector<const Node*>& parts) {
    if (parts.size() == 3)
      return name == operators::kConditional ? conditional(parts) : special_of_three(expr, name, parts);
    if (parts.size() == 1) return unary(expr, name, parts);
    return parts.size() == 2 ? binary(expr, to, name, parts) : nullptr;
  }

  const Node* conditional(const std::vector<const Node*>& parts) {
    Node* made = make(steps::conditional, {parts[0], without_cost(parts[1]), without_cost(parts[2])});
    made->is_attribute = true;
    return made;
  }

  const Node* unary(const Expr& expr, std::string_view name, std::vector<const Node*>& parts) {
    Node::Run run = name == operators::kNot                ? steps::logical_not
                    : name == operators::kNotStrictlyFalse ? steps::not_strictly_false
                    : name == operators::kNegate           ? steps::negative
                    : name == "size"                       ? steps::size
                    : name == "type"                       ? steps::type
                    : name == "dyn"                        ? steps::same
                                                           : nullptr;
    if (run == nullptr) return nullptr;
    bool literal = parts[0]->is_constant && is_conversion(name);
    Node* made = make(run, parts, 1);
    return literal ? converted(expr, made) : folded(made);
  }

  // A conversion of a literal is a literal too; one that fails is a fault of the expression.
  const Node* converted(const Expr& expr, const Node* node) {
    std::uint64_t cost = 0;
    Value value = computed(*node, cost);
    if (!value.is_error()) {
      Node* made = make(steps::constant);
      made->value = value;
      made->is_constant = true;
      return made;
    }
    if (is_kubernetes()) faults_.push_back({expr.at, std::string(value.error_text())});
    return node;
  }

  struct Operator {
    std::string_view name;
    Node::Run run;
    std::uint8_t option;
  };
  static constexpr auto kBinary = std::to_array<Operator>({
      {operators::kAnd, steps::both, 0},
      {operators::kOr, steps::either, 0},
      {operators::kEquals, steps::equals, 0},
      {operators::kNotEquals, steps::equals, 1},
      {operators::kLess, steps::relation, static_cast<std::uint8_t>(Relation::kLess)},
      {operators::kLessEquals, steps::relation, static_cast<std::uint8_t>(Relation::kLessEquals)},
      {operators::kGreater, steps::relation, static_cast<std::uint8_t>(Relation::kGreater)},
      {operators::kGreaterEquals, steps::relation, static_cast<std::uint8_t>(Relation::kGreaterEquals)},
      {operators::kAdd, steps::arithmetic, static_cast<std::uint8_t>(Arithmetic::kAdd)},
      {operators::kSubtract, steps::arithmetic, static_cast<std::uint8_t>(Arithmetic::kSubtract)},
      {operators::kMultiply, steps::arithmetic, static_cast<std::uint8_t>(Arithmetic::kMultiply)},
      {operators::kDivide, steps::arithmetic, static_cast<std::uint8_t>(Arithmetic::kDivide)},
      {operators::kModulo, steps::arithmetic, static_cast<std::uint8_t>(Arithmetic::kModulo)},
      {operators::kIn, steps::membership, 0},
      {"startsWith", steps::text_test, static_cast<std::uint8_t>(steps::TextTest::kStartsWith)},
      {"endsWith", steps::text_test, static_cast<std::uint8_t>(steps::TextTest::kEndsWith)},
      {"contains", steps::text_test, static_cast<std::uint8_t>(steps::TextTest::kContains)},
      {"matches", steps::matches, 0},
      {"or", steps::optional_or, 0},
      {"orValue", steps::optional_or, 1},
  });

  const Node* binary(const Expr& expr, const Reference& to, std::string_view name, std::vector<const Node*>& parts) {
    auto found = std::find_if(kBinary.begin(), kBinary.end(), [&](const Operator& op) { return op.name == name; });
    if (found == kBinary.end()) {
      return name == "cel.@mapInsert" && grows(expr, parts[0]) ? insertion(expr, parts) : nullptr;
    }
    if (name == operators::kAdd && is_append(expr, parts)) return append(expr, parts);
    Node* made = make(found->run, parts);
    made->option = found->option;
    if (to.overloads.size() == 1) made->value = Value::boolean(costs_by_size(*to.overloads[0]));
    if (name == operators::kIn) return membership(to, made);
    if (name == "matches") return matches(to, made);
    return folded(made);
  }

  // Comparing or joining text costs by its size, where the checker knew that it is text.
  static bool costs_by_size(const Overload& overload) {
    return std::any_of(overload.arguments.begin(), overload.arguments.end(), [](const Type& type) {
      return type.kind() == Type::Kind::kString || type.kind() == Type::Kind::kBytes;
    });
  }

  const Node* membership(const Reference& to, Node* made) {
    bool is_list = to.overloads.size() == 1 && to.overloads[0]->id == "in_list";
    steps::ContainerCost cost = is_list ? steps::ContainerCost::kSize : steps::ContainerCost::kOne;
    // Nothing is in an empty list, whatever it be.
    if (is_list && made->parts[1]->is_constant && made->parts[1]->value.size() == 0)
      return constant(Value::boolean(false));
    // A list of literals is looked up, not searched.
    if (is_list && made->parts[1]->is_constant && is_set(made->parts[1]->value)) cost = steps::ContainerCost::kNothing;
    made->option = static_cast<std::uint8_t>(cost);
    return folded(made);
  }

  static bool is_set(const Value& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      Value item = list.item(i);
      if (!item.is_bool() && !item.is_number() && !item.is_string()) return false;
    }
    return true;
  }

  const Node* matches(const Reference& to, Node* made) {
    made->option = to.overloads.size() == 1 && to.overloads[0]->receiver ? 1 : 0;
    CallDetail& detail = plan_->calls.emplace_back();
    detail.function = to.function;
    made->detail = &detail;
    prepare(to.function->overloads[0], made->parts, detail);
    return folded(made);
  }

  static void prepare(const Overload& overload, const std::vector<const Node*>& parts, CallDetail& detail) {
    if (overload.prepare == nullptr || overload.prepared_argument >= parts.size()) return;
    const Node* argument = parts[overload.prepared_argument];
    if (!argument->is_constant) return;
    detail.prepared = overload.prepare(argument->value);
  }

  const Node* function(const Expr& expr, const Reference& to, std::vector<const Node*> parts) {
    CallDetail& detail = plan_->calls.emplace_back();
    detail.function = to.function;
    detail.name = to.function->name;
    detail.is_resolved = to.overloads.size() == 1;
    if (detail.is_resolved) {
      detail.candidates = to.overloads;
      detail.is_checked = arguments_are_known(expr, to);
    } else {
      for (const Overload& overload : to.function->overloads) detail.candidates.push_back(&overload);
    }
    for (const Overload* overload : detail.candidates) {
      if (detail.prepared == nullptr && overload->arguments.size() == parts.size()) prepare(*overload, parts, detail);
    }
    bool literal = parts.size() == 1 && parts[0]->is_constant && is_conversion(detail.name);
    // One overload is called with whatever its arguments are; several, or one that was prepared, only if none erred.
    bool strict = (detail.is_resolved || to.function->is_single) && parts.size() <= 2 && detail.prepared == nullptr;
    Node* made = make(strict ? steps::strict_call : steps::call, std::move(parts), 1);
    made->detail = &detail;
    return literal ? converted(expr, made) : folded(made);
  }

  bool arguments_are_known(const Expr& expr, const Reference& to) const {
    for (std::size_t i = to.drops_receiver ? 1 : 0; i < expr.parts.size(); ++i)
      if (!is_known(type_of(*expr.parts[i]))) return false;
    return true;
  }

  // Data keeps to no declared type, so only what the language itself makes is sure: literals' and functions' types.
  static bool is_known(const Type&) { return false; }

  const Node* list(const Expr& expr) {
    std::vector<const Node*> parts;
    for (const Expr* part : expr.parts) parts.push_back(plan(*part));
    bool literal = std::all_of(parts.begin(), parts.end(), [](const Node* part) { return part->is_constant; });
    Node* made = make(expr.optional.empty() ? steps::list : steps::optional_list, std::move(parts), kListCost);
    if (!expr.optional.empty()) made->detail = &plan_->flags.emplace_back(expr.optional);
    return literal ? literal_of(made) : made;
  }

  const Node* map(const Expr& expr) {
    std::vector<const Node*> parts;
    for (const Expr* part : expr.parts) parts.push_back(plan(*part));
    bool literal = std::all_of(parts.begin(), parts.end(), [](const Node* part) { return part->is_constant; });
    Node* made = make(steps::map, std::move(parts), kMapCost);
    made->detail = &plan_->flags.emplace_back(expr.optional);
    made->option = static_cast<std::uint8_t>(is_kubernetes() ? steps::MapRules::kLenient : steps::MapRules::kStrict);
    return literal ? literal_of(made) : made;
  }

  const Node* literal_of(const Node* node) {
    std::uint64_t cost = 0;
    Value value = computed(*node, cost);
    Node* made = make(steps::constant);
    made->value = value;
    made->is_constant = !value.is_error();
    return made;
  }

  // Whether a node reads the accumulator of the innermost loop, which began empty.
  bool grows(const Expr& expr, const Node* accumulator) const {
    const Expr* first = expr.parts[reference(expr).drops_receiver ? 1 : 0];
    const Reference& to = reference(*first);
    if (accumulator->run != steps::accumulator || to.kind != RefKind::kAccumulated) return false;
    const Expr& initial = *to.owner->parts[kInitial];
    return to.owner == loop_ && initial.parts.empty() &&
           (initial.kind == Expr::Kind::kList || initial.kind == Expr::Kind::kMap);
  }

  bool is_append(const Expr& expr, const std::vector<const Node*>& parts) const {
    const Expr& items = *expr.parts[1];
    return grows(expr, parts[0]) && items.kind == Expr::Kind::kList && items.parts.size() == 1 &&
           items.optional.empty() && (parts[1]->run == steps::list || parts[1]->is_constant);
  }

  const Node* append(const Expr& expr, const std::vector<const Node*>& parts) {
    bool literal = parts[1]->is_constant;
    const Node* item = literal ? constant(parts[1]->value.item(0)) : parts[1]->parts[0];
    Node* made = make(steps::append, {parts[0], item}, 1 + (literal ? 0 : kListCost));
    made->slot = static_cast<std::uint32_t>(reference(*expr.parts[0]).slot);
    return made;
  }

  const Node* special_of_three(const Expr& expr, std::string_view name, const std::vector<const Node*>& parts) {
    return name == "cel.@mapInsert" && grows(expr, parts[0]) ? insertion(expr, parts) : nullptr;
  }

  const Node* insertion(const Expr& expr, const std::vector<const Node*>& parts) {
    Node* made = make(steps::insert, parts, 1);
    made->slot = parts[0]->slot;
    static_cast<void>(expr);
    return made;
  }

  const Node* comprehension(const Expr& expr) {
    initial_[&expr] = plan(*expr.parts[kInitial]);
    const Expr* outer = loop_;
    const Node* range = plan(*expr.parts[kRange]);
    loop_ = &expr;
    Fold& fold = plan_->folds.emplace_back();
    fold.range = range;
    fold.two_variables = !expr.second_variable.empty();
    if (const Node* quick = quantifier(expr, fold)) {
      loop_ = outer;
      return quick;
    }
    fold.condition = plan(*expr.parts[kCondition]);
    fold.step = plan(*expr.parts[kStep]);
    fold.result = plan(*expr.parts[kResult]);
    loop_ = outer;
    Node* made = make(steps::fold);
    made->detail = &fold;
    made->slot = static_cast<std::uint32_t>(reference(expr).slot);
    return made;
  }

  bool reads_accumulator(const Expr& part, const Expr& loop) const {
    return reference(part).kind == RefKind::kAccumulated && reference(part).owner == &loop;
  }

  // all() and exists(), known by the shape that their macros make, have loops of their own.
  const Node* quantifier(const Expr& expr, Fold& fold) {
    const Expr& initial = *expr.parts[kInitial];
    const Expr& condition = *expr.parts[kCondition];
    const Expr& step = *expr.parts[kStep];
    bool shaped = initial.kind == Expr::Kind::kLiteral && initial.literal.is_bool() &&
                  reads_accumulator(*expr.parts[kResult], expr) && condition.kind == Expr::Kind::kCall &&
                  condition.name == operators::kNotStrictlyFalse && step.kind == Expr::Kind::kCall &&
                  step.parts.size() == 2 && reads_accumulator(*step.parts[0], expr);
    if (!shaped) return nullptr;
    bool is_all = initial.literal.is_true() && step.name == operators::kAnd;
    bool is_exists = initial.literal.is_false() && step.name == operators::kOr;
    if (!is_all && !is_exists) return nullptr;
    Node* made = make(is_all ? steps::all : steps::exists, {plan(*step.parts[1])}, 1);
    made->detail = &fold;
    made->slot = static_cast<std::uint32_t>(reference(expr).slot);
    return made;
  }

  const Node* block(const Expr& expr) {
    std::vector<const Node*>& slots = blocks_[&expr];
    for (const Expr* part : expr.parts[0]->parts) slots.push_back(plan(*part));
    if (slots.empty()) return plan(*expr.parts[1]);
    Node* made = make(steps::block, {plan(*expr.parts[1])}, static_cast<std::uint32_t>(slots.size()));
    made->slot = static_cast<std::uint32_t>(reference(expr).slot);
    return made;
  }

  const Checked& checked_;
  const Environment& environment_;
  std::vector<Fault>& faults_;
  std::unique_ptr<Plan> plan_;
  std::map<const Expr*, const Node*> initial_;
  std::map<const Expr*, std::vector<const Node*>> blocks_;
  const Expr* loop_ = nullptr;
};

}  // namespace

std::unique_ptr<Plan> plan_expression(const Ast& ast, const Checked& checked, const Environment& environment,
                                      std::vector<Fault>& faults) {
  return Planner(ast, checked, environment, faults).take();
}

}  // namespace pawl::cel
