#include "core/cel/parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "core/cel/lexer.h"
#include "core/cel/literal.h"
#include "core/cel/macro.h"

namespace pawl::cel {

namespace {

using Kind = Token::Kind;

constexpr auto kReserved = std::to_array<std::string_view>(
    {"as",  "break", "const",   "continue",  "else", "false",  "for",  "function", "if",   "import", "in",
     "let", "loop",  "package", "namespace", "null", "return", "true", "var",      "void", "while"});

constexpr std::string_view kOperandTokens =
    "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
constexpr std::string_view kArgumentTokens =
    "{'[', '{', '(', ')', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, "
    "IDENTIFIER}";
constexpr std::string_view kIndexTokens =
    "{'[', '{', '(', '.', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, "
    "IDENTIFIER}";

struct Binary {
  std::string_view text;
  std::string_view function;
};
constexpr auto kRelations = std::to_array<Binary>({{"<", operators::kLess},
                                                   {"<=", operators::kLessEquals},
                                                   {">=", operators::kGreaterEquals},
                                                   {">", operators::kGreater},
                                                   {"==", operators::kEquals},
                                                   {"!=", operators::kNotEquals},
                                                   {"in", operators::kIn}});
constexpr auto kSums = std::to_array<Binary>({{"+", operators::kAdd}, {"-", operators::kSubtract}});
constexpr auto kProducts =
    std::to_array<Binary>({{"*", operators::kMultiply}, {"/", operators::kDivide}, {"%", operators::kModulo}});

class Parser {
 public:
  Parser(const Source& source, Dialect dialect, std::vector<Fault>& faults)
      : dialect_(dialect), faults_(faults), ast_(std::make_unique<Ast>()) {
    tokens_ = split_tokens(source.text(), faults);
  }

  std::unique_ptr<Ast> run() {
    ast_->root = expression();
    if (!failed_ && peek().kind != Kind::kEnd)
      syntax_error((tokens_[at_ + 1].kind == Kind::kEnd ? "extraneous input '" : "mismatched input '") +
                   std::string(peek().text) + "' expecting " + "<EOF>");
    if (ast_->size() > kMostNodes) internal_error("expression is too large");
    return std::move(ast_);
  }

 private:
  const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  bool next_is(std::string_view op) const { return peek().is(op); }
  bool take(std::string_view op) {
    if (!next_is(op)) return false;
    ++at_;
    return true;
  }

  // The first fault of grammar ends the parse: what a generated parser reports behind it is guesswork.
  Expr* syntax_error(std::string message) {
    if (!failed_) faults_.push_back({peek().at, "Syntax error: " + std::move(message)});
    return fail();
  }
  Expr* internal_error(std::string message) {
    if (!failed_) faults_.push_back({kNowhere, std::move(message)});
    return fail();
  }
  Expr* fail() {
    failed_ = true;
    at_ = tokens_.size() - 1;
    return ast_->make(Expr::Kind::kFaulty, kNowhere);
  }
  Expr* mismatched(std::string_view expected) {
    return syntax_error("mismatched input '" + std::string(peek().text) + "' expecting " + std::string(expected));
  }
  std::string shown() const { return "'" + std::string(peek().text) + "'"; }

  bool begins_operand(const Token& token) const {
    switch (token.kind) {
      case Kind::kEnd:
      case Kind::kIn:
      case Kind::kEscapedIdentifier:
        return false;
      case Kind::kOperator:
        return token.is("[") || token.is("{") || token.is("(") || token.is(".") || token.is("-") || token.is("!");
      case Kind::kIdentifier:
      case Kind::kInt:
      case Kind::kUint:
      case Kind::kDouble:
      case Kind::kString:
      case Kind::kBytes:
      case Kind::kTrue:
      case Kind::kFalse:
      case Kind::kNull:
        return true;
    }
    return false;
  }

  // A token too many, behind which all is well: it is named and left out.
  void skip_extraneous(std::string_view expected) {
    if (++skipped_ > kMostSkipped) {
      mismatched(expected);
      return;
    }
    faults_.push_back({peek().at, "Syntax error: extraneous input " + shown() + " expecting " + std::string(expected)});
    ++at_;
  }

  // A fault that leaves the shape of the rest known.
  Expr* error_at(Offset at, std::string message) {
    if (!failed_) faults_.push_back({at, std::move(message)});
    return ast_->make(Expr::Kind::kFaulty, at);
  }

  // `follows`: whether what comes could stand behind the token that is missing.
  bool expect(std::string_view op, std::string_view expected, bool follows = false) {
    if (failed_) return false;
    if (take(op)) return true;
    if (peek(1).is(op)) {
      skip_extraneous(expected);
      return take(op);
    }
    if (!follows) {
      mismatched(expected);
      return false;
    }
    faults_.push_back({peek().at, "Syntax error: missing " + std::string(expected) + " at " + shown()});
    return true;
  }

  // Whether what comes could stand behind a whole operand.
  bool ends_operand() const { return peek().kind == Kind::kEnd || peek().is(")") || peek().is("]") || peek().is("}"); }

  // Behind an item of a list or map: takes a comma unless the end comes.
  void separator(std::string_view closing, std::string_view expected) {
    if (failed_ || next_is(closing) || take(",")) return;
    if (peek(1).is(closing) || peek(1).is(",")) {
      skip_extraneous(expected);
      take(",");
      return;
    }
    mismatched(expected);
  }

  // The depth of a node is that of its deepest part, and one more for an operator: cel-go's parser counts so.
  // A long chain is deep too, and refused before anything walks down it.
  Expr* deepened(Expr* node, bool is_operator) {
    std::uint32_t deepest = 0;
    for (const Expr* part : node->parts) deepest = std::max(deepest, part->depth);
    node->depth = deepest + (is_operator ? 1 : 0);
    return node->depth > kDeepestNesting ? internal_error("max recursion depth exceeded") : node;
  }

  Expr* call_or_macro(Offset at, std::string_view function, Expr* receiver, std::vector<Expr*> arguments,
                      bool is_operator) {
    std::uint32_t deepest = receiver == nullptr ? 0 : receiver->depth;
    for (const Expr* argument : arguments) deepest = std::max(deepest, argument->depth);
    std::uint32_t depth = deepest + (is_operator ? 1 : 0);
    if (depth > kDeepestNesting) return internal_error("max recursion depth exceeded");
    Expr* made = nullptr;
    if (ast_->size() <= kMostNodes) {
      Expansion expansion = expand_macro({*ast_, at, function, receiver, arguments}, dialect_);
      if (expansion.fault) made = error_at(expansion.fault->at, expansion.fault->message);
      if (expansion.expr != nullptr) made = expansion.expr;
    }
    if (made == nullptr && receiver != nullptr)
      made = ast_->member_call(at, std::string(function), receiver, std::move(arguments));
    else if (made == nullptr)
      made = ast_->call(at, std::string(function), std::move(arguments));
    made->depth = depth;
    return made;
  }

  Expr* expression() {
    if (++nesting_ > kDeepestNesting)
      return internal_error("expression recursion limit exceeded: " + std::to_string(kDeepestNesting));
    Expr* made = logic(true);
    if (!failed_ && next_is("?")) {
      Offset at = peek().at;
      ++at_;
      Expr* yes = logic(true);
      if (expect(":", "':'")) {
        Expr* no = expression();
        made = call_or_macro(at, operators::kConditional, nullptr, {made, yes, no}, true);
      }
    }
    --nesting_;
    return made;
  }

  // A chain of || over chains of &&. Long chains become balanced trees, so that they stay flat.
  Expr* logic(bool is_or) {
    auto term = [&] { return is_or ? logic(false) : relation(); };
    std::vector<Expr*> terms = {term()};
    std::vector<Offset> places;
    while (!failed_ && next_is(is_or ? "||" : "&&")) {
      places.push_back(peek().at);
      ++at_;
      terms.push_back(term());
    }
    if (places.empty()) return terms[0];
    return balanced(is_or ? operators::kOr : operators::kAnd, terms, places, 0, places.size() - 1);
  }

  Expr* balanced(std::string_view function, const std::vector<Expr*>& terms, const std::vector<Offset>& places,
                 std::size_t low, std::size_t high) {
    std::size_t middle = (low + high + 1) / 2;
    Expr* left = middle == low ? terms[middle] : balanced(function, terms, places, low, middle - 1);
    Expr* right = middle == high ? terms[middle + 1] : balanced(function, terms, places, middle + 1, high);
    return deepened(ast_->call(places[middle], std::string(function), {left, right}), false);
  }

  template <std::size_t N>
  const Binary* next_operator(const std::array<Binary, N>& known) const {
    if (peek().kind != Kind::kOperator && peek().kind != Kind::kIn) return nullptr;
    auto found = std::find_if(known.begin(), known.end(), [&](const Binary& op) { return op.text == peek().text; });
    return found == known.end() ? nullptr : found;
  }

  template <std::size_t N, class Operand>
  Expr* left_to_right(const std::array<Binary, N>& known, Operand operand) {
    Expr* left = operand();
    while (!failed_) {
      const Binary* op = next_operator(known);
      if (op == nullptr) break;
      Offset at = peek().at;
      ++at_;
      Expr* right = operand();
      left = deepened(ast_->call(at, std::string(op->function), {left, right}), true);
    }
    return left;
  }

  Expr* relation() {
    return left_to_right(kRelations, [this] { return sum(); });
  }
  Expr* sum() {
    return left_to_right(kSums, [this] { return product(); });
  }
  Expr* product() {
    return left_to_right(kProducts, [this] { return unary(); });
  }

  Expr* unary() {
    bool is_not = next_is("!");
    if (!is_not && (!next_is("-") || begins_negative_number())) return member(false);
    Offset at = peek().at;
    std::string_view sign = is_not ? "!" : "-";
    std::size_t count = 0;
    // The last minus before a number belongs to it only where it is the only one.
    while (take(sign)) ++count;
    Expr* operand = member(true);
    if (count % 2 == 0) return operand;
    return deepened(ast_->call(at, std::string(is_not ? operators::kNot : operators::kNegate), {operand}), false);
  }

  bool begins_negative_number() const {
    return next_is("-") && (peek(1).kind == Kind::kInt || peek(1).kind == Kind::kDouble);
  }

  Expr* member(bool after_sign) {
    Expr* made = primary(after_sign);
    while (!failed_) {
      Offset at = peek().at;
      if (take("."))
        made = selection(made, at);
      else if (take("["))
        made = index(made, at);
      else
        break;
    }
    return made;
  }

  Expr* selection(Expr* operand, Offset at) {
    bool optional = take("?");
    const Token& field = peek();
    bool escaped = field.kind == Kind::kEscapedIdentifier;
    if (field.kind != Kind::kIdentifier && !escaped) return bad_field(optional);
    if (escaped && dialect_ == Dialect::kKubernetes) {
      ++at_;
      return error_at(field.at, "unsupported syntax: '`'");
    }
    ++at_;
    std::string name(escaped ? field.text.substr(1, field.text.size() - 2) : field.text);
    if (!escaped && !optional && next_is("(")) {
      Offset open = peek().at;
      ++at_;
      return call_or_macro(open, name, operand, arguments(), true);
    }
    if (optional) {
      Expr* literal = ast_->literal(field.at, Value::string(ast_->text(), name));
      Expr* made = ast_->call(at, std::string(operators::kOptSelect), {operand, literal});
      return deepened(made, true);
    }
    return deepened(ast_->select(at, operand, std::move(name)), true);
  }

  Expr* bad_field(bool optional) {
    Offset at = peek().at;
    std::string text(peek().kind == Kind::kEnd ? "" : peek().text);
    if (!optional) return syntax_error("no viable alternative at input '." + text + "'");
    if (!failed_) faults_.push_back({at, "unsupported ident kind"});
    faults_.insert(faults_.end() - 1,
                   {at, "Syntax error: mismatched input " + shown() + " expecting {IDENTIFIER, ESC_IDENTIFIER}"});
    return fail();
  }

  Expr* index(Expr* operand, Offset at) {
    bool optional = take("?");
    if (!optional && !begins_operand(peek())) unexpected(kIndexTokens);
    Expr* key = expression();
    if (!expect("]", "']'", ends_operand())) return operand;
    return call_or_macro(at, optional ? operators::kOptIndex : operators::kIndex, nullptr, {operand, key}, true);
  }

  // Behind "(", through ")".
  std::vector<Expr*> arguments() {
    std::vector<Expr*> made;
    if (take(")")) return made;
    if (!begins_operand(peek())) {
      unexpected(kArgumentTokens);
      if (take(")")) return made;
    }
    do made.push_back(expression());
    while (!failed_ && take(","));
    expect(")", "')'", ends_operand());
    return made;
  }

  Expr* primary(bool after_sign) {
    const Token& token = peek();
    switch (token.kind) {
      case Kind::kIdentifier:
        return named(false);
      case Kind::kInt:
      case Kind::kUint:
      case Kind::kDouble:
        return number(token.at, false);
      case Kind::kString:
      case Kind::kBytes:
        return text();
      case Kind::kTrue:
      case Kind::kFalse:
        ++at_;
        return ast_->literal(token.at, Value::boolean(token.kind == Kind::kTrue));
      case Kind::kNull:
        ++at_;
        return ast_->literal(token.at, Value::null());
      case Kind::kOperator:
        if (token.text == "." && peek(1).kind == Kind::kIdentifier) {
          ++at_;
          return named(true);
        }
        if (token.text == "(") return nested();
        if (token.text == "[") return list();
        if (token.text == "{") return map();
        if (begins_negative_number()) {
          ++at_;
          return number(token.at, true);
        }
        break;
      case Kind::kEnd:
      case Kind::kEscapedIdentifier:
      case Kind::kIn:
        break;
    }
    if (after_sign && !failed_) return after_sign_error();
    if (begins_operand(peek(1)) && !failed_) {
      skip_extraneous(kOperandTokens);
      return primary(false);
    }
    return mismatched(kOperandTokens);
  }

  // Where an operand or `expected` should stand and does not.
  void unexpected(std::string_view expected) {
    if (failed_) return;
    bool goes_on = begins_operand(peek(1)) || (expected == kArgumentTokens && peek(1).is(")"));
    if (goes_on)
      skip_extraneous(expected);
    else
      mismatched(expected);
  }

  Expr* after_sign_error() {
    bool is_not = at_ > 0 && tokens_[at_ - 1].is("!");
    if (is_not) return syntax_error("extraneous input " + shown() + " expecting " + std::string(kOperandTokens));
    std::string text(peek().kind == Kind::kEnd ? "" : peek().text);
    faults_.push_back({peek().at, "Syntax error: no viable alternative at input '-" + text + "'"});
    return mismatched(kOperandTokens);
  }

  Expr* nested() {
    ++at_;
    Expr* made = expression();
    expect(")", "')'", ends_operand());
    return made;
  }

  // Whether "a.b.c {" comes: a message, not selections.
  bool begins_message() const {
    std::size_t ahead = 1;
    while (peek(ahead).is(".") && peek(ahead + 1).kind == Kind::kIdentifier) ahead += 2;
    return peek(ahead).is("{");
  }

  Expr* named(bool leading_dot) {
    if (begins_message()) return message(leading_dot);
    const Token& token = peek();
    ++at_;
    std::string name = (leading_dot ? "." : "") + std::string(token.text);
    Offset at = leading_dot ? token.at - 1 : token.at;
    bool is_call = next_is("(");
    Offset open = peek().at;
    std::vector<Expr*> given;
    if (is_call) {
      ++at_;
      given = arguments();
    }
    if (is_reserved(token.text)) return error_at(at, "reserved identifier: " + std::string(token.text));
    if (is_call) return call_or_macro(open, name, nullptr, std::move(given), false);
    return ast_->ident(token.at, std::move(name));
  }

  Expr* message(bool leading_dot) {
    std::string name = leading_dot ? "." : "";
    while (!next_is("{")) {
      name += peek().text;
      ++at_;
    }
    Expr* made = ast_->make(Expr::Kind::kStruct, peek().at);
    ++at_;
    made->name = std::move(name);
    while (!failed_ && !take("}")) {
      made->optional.push_back(take("?"));
      const Token& field = peek();
      bool escaped = field.kind == Kind::kEscapedIdentifier;
      if (field.kind != Kind::kIdentifier && !escaped) return mismatched("{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}");
      ++at_;
      made->entries_at.push_back(peek().at);
      if (!expect(":", "':'")) break;
      made->fields.emplace_back(escaped ? field.text.substr(1, field.text.size() - 2) : field.text);
      made->parts.push_back(expression());
      separator("}", "{'}', ','}");
    }
    return deepened(made, false);
  }

  Expr* list() {
    Expr* made = ast_->make(Expr::Kind::kList, peek().at);
    ++at_;
    bool any_optional = false;
    while (!failed_ && !take("]")) {
      if (made->parts.empty() && take(",")) {
        expect("]", "']'", ends_operand());
        break;
      }
      made->optional.push_back(take("?"));
      any_optional = any_optional || made->optional.back();
      made->parts.push_back(expression());
      separator("]", "{']', ','}");
    }
    if (!any_optional) made->optional.clear();
    return deepened(made, false);
  }

  Expr* map() {
    Expr* made = ast_->make(Expr::Kind::kMap, peek().at);
    ++at_;
    bool any_optional = false;
    while (!failed_ && !take("}")) {
      if (made->parts.empty() && take(",")) {
        expect("}", "'}'", ends_operand());
        break;
      }
      made->optional.push_back(take("?"));
      any_optional = any_optional || made->optional.back();
      made->parts.push_back(expression());
      made->entries_at.push_back(peek().at);
      if (!expect(":", "':'", begins_operand(peek()))) {
        made->parts.pop_back();
        break;
      }
      made->parts.push_back(expression());
      separator("}", "{'}', ','}");
    }
    if (!any_optional) made->optional.clear();
    return deepened(made, false);
  }

  Expr* number(Offset at, bool negative) {
    const Token& token = peek();
    ++at_;
    if (token.kind == Kind::kDouble) return real(at, token.text, negative);
    std::string_view digits = token.text;
    if (token.kind == Kind::kUint) digits.remove_suffix(1);
    bool hex = digits.starts_with("0x");
    if (hex) digits.remove_prefix(2);
    std::uint64_t magnitude = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, hex ? 16 : 10);
    bool fits = error == std::errc() && end == digits.data() + digits.size();
    if (token.kind == Kind::kUint)
      return fits ? ast_->literal(at, Value::uinteger(magnitude)) : error_at(at, "invalid uint literal");
    std::uint64_t most = std::uint64_t{1} << 63;
    if (!fits || magnitude > most - (negative ? 0 : 1)) return error_at(at, "invalid int literal");
    return ast_->literal(at, Value::integer(static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude)));
  }

  Expr* real(Offset at, std::string_view text, bool negative) {
    double value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    // Too small is zero; too large is no double.
    if (error == std::errc::result_out_of_range) value = std::strtod(std::string(text).c_str(), nullptr);
    if (value > 1.7976931348623157e308) return error_at(at, "invalid double literal");
    return ast_->literal(at, Value::number(negative ? -value : value));
  }

  Expr* text() {
    const Token& token = peek();
    ++at_;
    bool bytes = token.kind == Kind::kBytes;
    Result<std::string> held = unescape(bytes ? token.text.substr(1) : token.text, bytes);
    if (!held) return error_at(token.at, held.error().message);
    std::string_view kept = ast_->text().copy(*held);
    return ast_->literal(token.at, bytes ? Value::bytes(kept) : Value::string(kept));
  }

  Dialect dialect_;
  std::vector<Fault>& faults_;
  std::unique_ptr<Ast> ast_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::uint32_t nesting_ = 0;
  bool failed_ = false;
  std::size_t skipped_ = 0;
  static constexpr std::size_t kMostSkipped = 30;
};

}  // namespace

bool is_reserved(std::string_view name) {
  return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

std::unique_ptr<Ast> parse_expression(const Source& source, Dialect dialect, std::vector<Fault>& faults) {
  if (source.code_points() > kMostCodePoints) {
    faults.push_back(
        {kNowhere, "expression code point size exceeds limit: size: " + std::to_string(source.code_points()) +
                       ", limit " + std::to_string(kMostCodePoints)});
    return std::make_unique<Ast>();
  }
  return Parser(source, dialect, faults).run();
}

}  // namespace pawl::cel
