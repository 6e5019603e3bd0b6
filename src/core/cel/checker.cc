#include "core/cel/checker.h"

#include <algorithm>
#include <charconv>

#include "core/cel/unification.h"

namespace pawl::cel {

namespace {

using Kind = Type::Kind;

constexpr double kLargestType = 2000;
constexpr std::string_view kBlock = "cel.@block";

bool is_dyn(const Type& type) { return type.kind() == Kind::kDyn; }
Type error_type() { return Type::simple(Kind::kError); }
Type bool_type() { return Type::simple(Kind::kBool); }

// A local variable of a comprehension, or a numbered expression of a block.
struct Local {
  std::string name;
  Type type;
  Reference reference;
};

Type type_of_literal(const Value& literal) {
  switch (literal.kind()) {
    case Value::Kind::kBool:
      return bool_type();
    case Value::Kind::kInt:
      return Type::simple(Kind::kInt);
    case Value::Kind::kUint:
      return Type::simple(Kind::kUint);
    case Value::Kind::kDouble:
      return Type::simple(Kind::kDouble);
    case Value::Kind::kString:
      return Type::simple(Kind::kString);
    case Value::Kind::kBytes:
      return Type::simple(Kind::kBytes);
    case Value::Kind::kNull:
      return Type::simple(Kind::kNull);
    case Value::Kind::kDuration:
    case Value::Kind::kTimestamp:
    case Value::Kind::kList:
    case Value::Kind::kMap:
    case Value::Kind::kType:
    case Value::Kind::kOptional:
    case Value::Kind::kOpaque:
    case Value::Kind::kError:
    case Value::Kind::kAbsent:
      return Type::dyn();
  }
  return Type::dyn();
}

std::string signature(const std::vector<Type>& arguments, bool receiver) {
  std::string out = receiver ? arguments[0].text() + ".(" : "(";
  std::size_t first = receiver ? 1 : 0;
  for (std::size_t i = first; i < arguments.size(); ++i) out += (i == first ? "" : ", ") + arguments[i].text();
  return out + ")";
}

// Overloads whose signatures cel-go's standard checker knows but does not use: comparisons across number types.
bool compares_across_numbers(const Overload& overload) {
  if (!overload.id.starts_with("less_") && !overload.id.starts_with("greater_")) return false;
  return overload.arguments.size() == 2 && !(overload.arguments[0] == overload.arguments[1]);
}

class Checker {
 public:
  Checker(const Ast& ast, const Environment& environment, std::vector<Fault>* faults)
      : environment_(environment), faults_(faults) {
    checked_.types.resize(ast.size());
    checked_.references.resize(ast.size());
  }

  Checked run(Expr* root) {
    check(*root);
    for (Type& type : checked_.types) type = unification_.substitute(type, true);
    return std::move(checked_);
  }

 private:
  bool checks_types() const { return faults_ != nullptr; }
  void report(const Expr& at, std::string message) { report(at.at, std::move(message)); }
  void report(Offset at, std::string message) {
    if (faults_ != nullptr) faults_->push_back({at, std::move(message)});
  }

  const Type& type_of(const Expr& expr) const { return checked_.types[expr.id]; }
  Reference& reference(const Expr& expr) { return checked_.references[expr.id]; }
  void set_type(const Expr& expr, Type type) {
    if (!checks_types()) return;
    if (type.size() > kLargestType) {
      report(expr, "the type of this expression is too large");
      type = error_type();
    }
    checked_.types[expr.id] = std::move(type);
  }

  void check(const Expr& expr) {
    switch (expr.kind) {
      case Expr::Kind::kLiteral:
        return set_type(expr, type_of_literal(expr.literal));
      case Expr::Kind::kIdent:
        return check_ident(expr);
      case Expr::Kind::kSelect:
        return check_select(expr);
      case Expr::Kind::kCall:
        return check_call(expr);
      case Expr::Kind::kList:
        return check_list(expr);
      case Expr::Kind::kMap:
        return check_map(expr);
      case Expr::Kind::kStruct:
        return check_struct(expr);
      case Expr::Kind::kComprehension:
        return check_comprehension(expr);
      case Expr::Kind::kFaulty:
        return set_type(expr, error_type());
    }
  }

  // Finds what a name stands for; false where nothing has that name.
  bool resolve(const Expr& expr, const std::string& name) {
    for (const std::string& candidate : environment_.candidates(name)) {
      auto local = std::find_if(locals_.rbegin(), locals_.rend(), [&](const Local& l) { return l.name == candidate; });
      if (local != locals_.rend()) {
        reference(expr) = local->reference;
        set_type(expr, local->type);
        return true;
      }
      if (std::optional<std::size_t> index = environment_.index_of(candidate)) {
        reference(expr).kind = Reference::Kind::kVariable;
        reference(expr).slot = *index;
        set_type(expr, environment_.variables()[*index].type);
        return true;
      }
      if (const Registry::Constant* constant = environment_.registry()->find_constant(candidate)) {
        reference(expr).kind = Reference::Kind::kConstant;
        reference(expr).value = constant->value;
        set_type(expr, constant->type);
        return true;
      }
    }
    return false;
  }

  void report_undeclared(const Expr& expr, const std::string& name) {
    report(expr, "undeclared reference to '" + name + "' (in container '" + environment_.container() + "')");
    set_type(expr, error_type());
  }

  void check_ident(const Expr& expr) {
    if (!resolve(expr, expr.name)) report_undeclared(expr, expr.name);
  }

  void check_select(const Expr& expr) {
    std::string name = qualified_name(expr);
    if (!name.empty() && resolve(expr, name)) return;
    Type type = field_type(expr, *expr.operand(), expr.name, false);
    set_type(expr, expr.test_only ? bool_type() : unification_.substitute(type, false));
  }

  Type field_type(const Expr& expr, const Expr& operand, const std::string& field, bool optional) {
    check(operand);
    Type target = unification_.substitute(type_of(operand), false);
    bool unwrapped = target.kind() == Kind::kOptional;
    if (unwrapped) target = Type(target.parameters()[0]);
    Type result = Type::dyn();
    switch (target.kind()) {
      case Kind::kMap:
        result = target.parameters()[1];
        break;
      case Kind::kRecord:
        result = record_field(expr, target, field);
        break;
      case Kind::kParameter:
        unification_.assign(Type::dyn(), target);
        break;
      case Kind::kOpaque:
        // Some types of Kubernetes' libraries are structures there, whose fields nobody declared.
        if (target.name().starts_with("kubernetes.")) {
          report(expr, "unexpected failed resolution of '" + target.name() + "'");
          result = error_type();
        } else {
          report(expr, "type '" + target.text() + "' does not support field selection");
        }
        break;
      case Kind::kDyn:
      case Kind::kError:
        break;
      case Kind::kNull:
      case Kind::kBool:
      case Kind::kInt:
      case Kind::kUint:
      case Kind::kDouble:
      case Kind::kString:
      case Kind::kBytes:
      case Kind::kDuration:
      case Kind::kTimestamp:
      case Kind::kList:
      case Kind::kType:
      case Kind::kOptional:
        report(expr, "type '" + target.text() + "' does not support field selection");
        break;
    }
    return unwrapped || optional ? Type::optional(result) : result;
  }

  Type record_field(const Expr& expr, const Type& record, const std::string& name) {
    for (const RecordType::Field& field : record.record().fields)
      if (field.name == name) return field.type;
    report(expr, "undefined field '" + name + "'");
    return error_type();
  }

  const FunctionEntry* find_function(const std::string& name) const {
    for (const std::string& candidate : environment_.candidates(name))
      if (const FunctionEntry* entry = environment_.registry()->find(candidate)) return entry;
    return nullptr;
  }

  void check_call(const Expr& expr) {
    if (expr.name == operators::kOptSelect) return check_optional_select(expr);
    if (expr.name == kBlock && !expr.receiver && expr.parts.size() == 2) return check_block(expr);
    std::size_t first = expr.receiver ? 1 : 0;
    for (std::size_t i = first; i < expr.parts.size(); ++i) check(*expr.parts[i]);
    if (expr.receiver) {
      std::string prefix = qualified_name(*expr.parts[0]);
      if (const FunctionEntry* entry = prefix.empty() ? nullptr : find_function(prefix + "." + expr.name)) {
        reference(expr).drops_receiver = true;
        return resolve_overload(expr, *entry, false);
      }
      check(*expr.parts[0]);
    }
    const FunctionEntry* entry = find_function(expr.name);
    if (entry == nullptr) return report_undeclared(expr, expr.name);
    resolve_overload(expr, *entry, expr.receiver);
  }

  void resolve_overload(const Expr& expr, const FunctionEntry& entry, bool receiver) {
    Reference& found = reference(expr);
    found.kind = Reference::Kind::kFunction;
    found.function = &entry;
    if (!checks_types()) return;
    std::vector<Type> arguments;
    for (std::size_t i = found.drops_receiver ? 1 : 0; i < expr.parts.size(); ++i)
      arguments.push_back(type_of(*expr.parts[i]));
    if (entry.name == operators::kAnd || entry.name == operators::kOr) return check_logic(expr, entry);
    std::optional<Type> result;
    for (const Overload& overload : entry.overloads) {
      if (overload.receiver != receiver) continue;
      if (environment_.dialect() == Dialect::kStandard && locals_.empty() && compares_across_numbers(overload))
        continue;
      std::vector<Type> signature_types = overload.arguments;
      signature_types.push_back(overload.result);
      signature_types = unification_.instantiate(signature_types);
      Type overload_result = signature_types.back();
      signature_types.pop_back();
      if (!unification_.assign(arguments, signature_types)) continue;
      found.overloads.push_back(&overload);
      overload_result = unification_.substitute(overload_result, false);
      if (!result)
        result = overload_result;
      else if (!is_dyn(*result) && !(overload_result == *result))
        result = Type::dyn();
    }
    if (result) return set_type(expr, *result);
    for (Type& argument : arguments) argument = unification_.substitute(argument, true);
    report(expr,
           "found no matching overload for '" + entry.name + "' applied to '" + signature(arguments, receiver) + "'");
    set_type(expr, error_type());
  }

  void check_logic(const Expr& expr, const FunctionEntry& entry) {
    bool fits = true;
    for (const Expr* part : expr.parts) {
      Type type = type_of(*part);
      if (unification_.assign(type, bool_type())) continue;
      report(*part, "expected type 'bool' but found '" + type.text() + "'");
      fits = false;
    }
    reference(expr).overloads.push_back(&entry.overloads[0]);
    set_type(expr, fits ? bool_type() : error_type());
  }

  void check_optional_select(const Expr& expr) {
    const Expr& field = *expr.parts[1];
    if (field.kind != Expr::Kind::kLiteral || !field.literal.is_string()) return set_type(expr, error_type());
    Type type = field_type(expr, *expr.parts[0], std::string(field.literal.text()), true);
    set_type(expr, unification_.substitute(type, false));
    set_type(field, Type::simple(Kind::kString));
    reference(expr).kind = Reference::Kind::kFunction;
    reference(expr).function = environment_.registry()->find(operators::kOptSelect);
  }

  // Each expression may name those before it: "@index0", "@index1" ...
  void check_block(const Expr& expr) {
    const Expr& list = *expr.parts[0];
    std::size_t first = slots_;
    slots_ += list.parts.size();
    checked_.slots = std::max(checked_.slots, slots_);
    reference(expr).slot = first;
    std::size_t locals = locals_.size();
    for (std::size_t i = 0; i < list.parts.size(); ++i) {
      Reference to{.kind = Reference::Kind::kBlockSlot};
      to.slot = first + i;
      to.slot_index = i;
      to.owner = &expr;
      locals_.push_back({"@index" + std::to_string(i), Type::dyn(), std::move(to)});
    }
    for (const Expr* part : list.parts) check(*part);
    set_type(list, Type::list(Type::dyn()));
    check(*expr.parts[1]);
    set_type(expr, type_of(*expr.parts[1]));
    locals_.resize(locals);
    slots_ = first;
  }

  // What an item counts as: an optional one is what it may hold.
  Type item_type(const Expr& item, bool optional) {
    Type type = type_of(item);
    if (!optional) return type;
    if (type.kind() == Kind::kOptional) return type.parameters()[0];
    if (!is_dyn(type))
      report(item, "expected type '" + Type::optional(type).text() + "' but found '" + type.text() + "'");
    return type;
  }

  void join(std::optional<Type>& joined, const Type& type) {
    if (!joined) {
      joined = type;
    } else if (unification_.assign(*joined, type)) {
      joined = more_general(*joined, type);
    } else {
      joined = Type::dyn();
    }
  }

  void check_list(const Expr& expr) {
    std::optional<Type> joined;
    for (std::size_t i = 0; i < expr.parts.size(); ++i) {
      check(*expr.parts[i]);
      join(joined, item_type(*expr.parts[i], expr.is_optional(i)));
    }
    set_type(expr, Type::list(joined ? *joined : unification_.fresh()));
  }

  void check_map(const Expr& expr) {
    std::optional<Type> keys;
    std::optional<Type> values;
    for (std::size_t i = 0; i < expr.parts.size(); i += 2) {
      const Expr& key = *expr.parts[i];
      const Expr& value = *expr.parts[i + 1];
      check(key);
      join(keys, type_of(key));
      check(value);
      join(values, item_type(value, expr.is_optional(i / 2)));
    }
    if (!keys) keys = unification_.fresh();
    if (!values) values = unification_.fresh();
    set_type(expr, Type::map(*keys, *values));
  }

  // There are no messages to construct; their names are undeclared, unless a type has that name.
  void check_struct(const Expr& expr) {
    for (const Expr* part : expr.parts) check(*part);
    for (const std::string& candidate : environment_.candidates(expr.name)) {
      if (environment_.registry()->find_constant(candidate) == nullptr && !environment_.index_of(candidate)) continue;
      report(expr, "'" + candidate + "' is not a message type");
      return set_type(expr, error_type());
    }
    report_undeclared(expr, expr.name);
  }

  void declare(std::string name, Type type, Reference::Kind kind, std::size_t slot, const Expr* owner) {
    Reference to{.kind = kind};
    to.slot = slot;
    to.owner = owner;
    locals_.push_back({std::move(name), std::move(type), std::move(to)});
  }

  void check_comprehension(const Expr& expr) {
    check(*expr.parts[kRange]);
    check(*expr.parts[kInitial]);
    bool two = !expr.second_variable.empty();
    Type range = unification_.substitute(type_of(*expr.parts[kRange]), false);
    Type accumulated = type_of(*expr.parts[kInitial]);
    std::size_t first = slots_;
    slots_ += 3;
    checked_.slots = std::max(checked_.slots, slots_);
    reference(expr).slot = first;
    std::size_t locals = locals_.size();
    declare(expr.accumulator, accumulated, Reference::Kind::kAccumulated, first, &expr);
    auto [key, value] = iteration_types(expr, range, two);
    declare(expr.variable, key, Reference::Kind::kLocal, first + 1, nullptr);
    if (two) declare(expr.second_variable, value, Reference::Kind::kLocal, first + 2, nullptr);
    check(*expr.parts[kCondition]);
    expect(*expr.parts[kCondition], bool_type());
    check(*expr.parts[kStep]);
    expect(*expr.parts[kStep], accumulated);
    locals_.resize(locals + 1);
    check(*expr.parts[kResult]);
    locals_.resize(locals);
    slots_ = first;
    set_type(expr, unification_.substitute(type_of(*expr.parts[kResult]), false));
  }

  std::pair<Type, Type> iteration_types(const Expr& expr, const Type& range, bool two) {
    switch (range.kind()) {
      case Kind::kList:
        return two ? std::pair(Type::simple(Kind::kInt), range.parameters()[0])
                   : std::pair(range.parameters()[0], Type::dyn());
      case Kind::kMap:
        return {range.parameters()[0], range.parameters()[1]};
      case Kind::kDyn:
      case Kind::kError:
      case Kind::kParameter:
        unification_.assign(Type::dyn(), range);
        return {Type::dyn(), Type::dyn()};
      case Kind::kNull:
      case Kind::kBool:
      case Kind::kInt:
      case Kind::kUint:
      case Kind::kDouble:
      case Kind::kString:
      case Kind::kBytes:
      case Kind::kDuration:
      case Kind::kTimestamp:
      case Kind::kType:
      case Kind::kOptional:
      case Kind::kOpaque:
      case Kind::kRecord:
        break;
    }
    report(*expr.parts[kRange], "expression of type '" + range.text() +
                                    "' cannot be range of a comprehension (must be list, map, or dynamic)");
    return {error_type(), error_type()};
  }

  void expect(const Expr& expr, const Type& wanted) {
    if (!checks_types() || unification_.assign(wanted, type_of(expr))) return;
    report(expr, "expected type '" + wanted.text() + "' but found '" + type_of(expr).text() + "'");
  }

  const Environment& environment_;
  std::vector<Fault>* faults_;
  Checked checked_;
  Unification unification_;
  std::vector<Local> locals_;
  std::size_t slots_ = 0;
};

}  // namespace

Checked check_expression(const Ast& ast, const Environment& environment, std::vector<Fault>& faults) {
  return Checker(ast, environment, &faults).run(ast.root);
}

Checked resolve_expression(const Ast& ast, const Environment& environment) {
  return Checker(ast, environment, nullptr).run(ast.root);
}

}  // namespace pawl::cel
