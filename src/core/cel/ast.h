#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/cel/arena.h"
#include "core/cel/source.h"
#include "core/cel/value.h"

namespace pawl::cel {

// One node of a parsed expression; it lives in an Ast.
struct Expr {
  enum class Kind : std::uint8_t {
    kLiteral,
    kIdent,          // name
    kSelect,         // operand().name, or has(operand().name) where test_only
    kCall,           // name(parts...), or parts[0].name(parts[1]...) where receiver
    kList,           // parts
    kMap,            // parts: key, value, key, value ...
    kStruct,         // name{fields[i]: parts[i]}
    kComprehension,  // parts: range, initial, condition, step, result
    kFaulty,         // what could not be parsed
  };
  Kind kind = Kind::kFaulty;
  bool test_only = false;
  bool receiver = false;
  std::uint32_t id = 0;  // counts from 0 in the Ast
  Offset at = kNowhere;
  std::uint32_t depth = 0;  // of the nested operators in the source, as the parser counts them
  Value literal;
  std::string name;
  std::vector<Expr*> parts;
  std::vector<std::string> fields;
  std::vector<bool> optional;  // of a list's items, a map's entries, a struct's fields; empty: none is
  // Of a comprehension; second is empty where it has one variable only.
  std::string variable;
  std::string second_variable;
  std::string accumulator;
  std::vector<Offset> entries_at;

  bool is_optional(std::size_t index) const { return index < optional.size() && optional[index]; }
  Expr* operand() const { return parts[0]; }
};

// Parts of a comprehension.
enum : std::size_t { kRange, kInitial, kCondition, kStep, kResult };

// The nodes of one expression and the text of its literals.
class Ast {
 public:
  Expr* root = nullptr;

  Expr* make(Expr::Kind kind, Offset at);
  Expr* literal(Offset at, Value value);
  Expr* ident(Offset at, std::string name);
  Expr* select(Offset at, Expr* operand, std::string field);
  Expr* call(Offset at, std::string function, std::vector<Expr*> arguments);
  Expr* member_call(Offset at, std::string function, Expr* receiver, std::vector<Expr*> arguments);
  Expr* list(Offset at, std::vector<Expr*> items);

  std::size_t size() const { return nodes_.size(); }
  Arena& text() { return text_; }

 private:
  std::deque<Expr> nodes_;
  Arena text_;
};

// The name that a chain of selections from an identifier spells ("a.b.c"), or "" where it is none.
std::string qualified_name(const Expr& expr);

// Operators and functions as cel-spec names them in a parsed expression.
namespace operators {
inline constexpr std::string_view kConditional = "_?_:_";
inline constexpr std::string_view kAnd = "_&&_";
inline constexpr std::string_view kOr = "_||_";
inline constexpr std::string_view kNot = "!_";
inline constexpr std::string_view kNotStrictlyFalse = "@not_strictly_false";
inline constexpr std::string_view kEquals = "_==_";
inline constexpr std::string_view kNotEquals = "_!=_";
inline constexpr std::string_view kLess = "_<_";
inline constexpr std::string_view kLessEquals = "_<=_";
inline constexpr std::string_view kGreater = "_>_";
inline constexpr std::string_view kGreaterEquals = "_>=_";
inline constexpr std::string_view kAdd = "_+_";
inline constexpr std::string_view kSubtract = "_-_";
inline constexpr std::string_view kMultiply = "_*_";
inline constexpr std::string_view kDivide = "_/_";
inline constexpr std::string_view kModulo = "_%_";
inline constexpr std::string_view kNegate = "-_";
inline constexpr std::string_view kIndex = "_[_]";
inline constexpr std::string_view kOptIndex = "_[?_]";
inline constexpr std::string_view kOptSelect = "_?._";
inline constexpr std::string_view kIn = "@in";
}  // namespace operators

inline constexpr std::string_view kAccumulatorName = "@result";

}  // namespace pawl::cel
