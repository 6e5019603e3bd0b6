#include "core/cel/validator.h"

#include <algorithm>

#include "core/cel/arithmetic.h"
#include "core/cel/format_check.h"
#include "core/cel/lib/go_regex.h"
#include "core/cel/time.h"

namespace pawl::cel {

namespace {

class Validator {
 public:
  Validator(const Checked& checked, std::vector<Fault>& faults) : checked_(checked), faults_(faults) {}

  // `in_format`: within a call of format, whose arguments may be of any types.
  void walk(const Expr& expr, bool in_format) {
    if (expr.kind == Expr::Kind::kCall) {
      check_call(expr);
      in_format = in_format || expr.name == "format";
    }
    if (expr.kind == Expr::Kind::kList && !in_format) check_list(expr);
    if (expr.kind == Expr::Kind::kMap && !in_format) check_map(expr);
    for (const Expr* part : expr.parts) walk(*part, in_format);
  }

 private:
  const Type& type_of(const Expr& expr) const { return checked_.types[expr.id]; }
  void report(const Expr& at, std::string message) { faults_.push_back({at.at, std::move(message)}); }

  void check_call(const Expr& expr) {
    std::size_t first = expr.receiver && !checked_.references[expr.id].drops_receiver ? 1 : 0;
    if (expr.parts.size() > first && expr.parts[first]->kind == Expr::Kind::kLiteral)
      check_literal(expr.name, *expr.parts[first]);
    check_format(expr, checked_, faults_);
  }

  void check_literal(const std::string& function, const Expr& argument) {
    const Value& literal = argument.literal;
    bool fits = true;
    if (function == "duration") fits = literal.is_string() && parse_duration(literal.text()).has_value();
    if (function == "timestamp") fits = is_timestamp(literal);
    if (function == "matches") fits = lib::GoRegex::compile(literal.text()).ok();
    if (!fits) report(argument, "invalid " + function + " argument");
  }

  static bool is_timestamp(const Value& literal) {
    std::int64_t seconds = 0;
    if (literal.is_int()) {
      seconds = literal.as_int();
    } else {
      std::optional<Instant> at = literal.is_string() ? parse_timestamp(literal.text()) : std::nullopt;
      if (!at) return false;
      seconds = at->seconds;
    }
    return seconds >= kFirstSecond && seconds <= kLastSecond;
  }

  Type entry_type(const Expr& entry, bool optional) const {
    const Type& type = type_of(entry);
    return optional && type.kind() == Type::Kind::kOptional ? type.parameters()[0] : type;
  }

  bool matches(const Type& wanted, const Expr& entry, const Type& type) {
    if (wanted == type) return true;
    report(entry, "expected type '" + wanted.text() + "' but found '" + type.text() + "'");
    return false;
  }

  void check_list(const Expr& list) {
    for (std::size_t i = 1; i < list.parts.size(); ++i) {
      Type wanted = entry_type(*list.parts[0], list.is_optional(0));
      if (!matches(wanted, *list.parts[i], entry_type(*list.parts[i], list.is_optional(i)))) return;
    }
  }

  void check_map(const Expr& map) {
    for (std::size_t i = 2; i < map.parts.size(); i += 2) {
      matches(type_of(*map.parts[0]), *map.parts[i], type_of(*map.parts[i]));
      Type wanted = entry_type(*map.parts[1], map.is_optional(0));
      matches(wanted, *map.parts[i + 1], entry_type(*map.parts[i + 1], map.is_optional(i / 2)));
    }
  }

  const Checked& checked_;
  std::vector<Fault>& faults_;
};

}  // namespace

void validate_literals(const Ast& ast, const Checked& checked, std::vector<Fault>& faults) {
  Validator(checked, faults).walk(*ast.root, false);
}

}  // namespace pawl::cel
