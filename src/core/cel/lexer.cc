#include "core/cel/lexer.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace pawl::cel {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_octal(char c) { return c >= '0' && c <= '7'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<Fault>& faults) : text_(text), faults_(faults) {}

  std::vector<Token> run() {
    while (skip_blanks(), begin_ < text_.size()) next();
    tokens_.push_back({Token::Kind::kEnd, "<EOF>", offset_});
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  // Moves to `end`, counting code points.
  void advance_to(std::size_t end) {
    while (begin_ < end) {
      begin_ += decode_utf8(text_.substr(begin_)).size;
      ++offset_;
    }
  }

  void emit(Token::Kind kind, std::size_t end) {
    tokens_.push_back({kind, text_.substr(begin_, end - begin_), offset_});
    advance_to(end);
  }

  // `end`: past the character that could not be part of any token; everything up to it is skipped.
  void reject(std::size_t end) {
    std::string shown;
    for (char c : text_.substr(begin_, std::min(end, text_.size()) - begin_))
      shown += c == '\n' ? "\\n" : c == '\t' ? "\\t" : c == '\r' ? "\\r" : std::string(1, c);
    faults_.push_back({offset_, "Syntax error: token recognition error at: '" + shown + "'"});
    advance_to(std::min(end, text_.size()));
  }

  void skip_blanks() {
    std::size_t end = begin_;
    while (end < text_.size()) {
      char c = text_[end];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f')
        ++end;
      else if (c == '/' && peek(end + 1) == '/')
        end = std::min(text_.find('\n', end), text_.size());
      else
        break;
    }
    advance_to(end);
  }

  void next() {
    char c = text_[begin_];
    std::size_t quote = string_prefix();
    if (quote != std::string_view::npos) return string(quote);
    if (is_letter(c)) return identifier();
    if (is_digit(c) || (c == '.' && is_digit(peek(begin_ + 1)))) return number();
    if (c == '`') return escaped_identifier();
    symbol();
  }

  // Where the opening quote stands, if a string or bytes literal begins here.
  std::size_t string_prefix() const {
    std::size_t at = begin_;
    if (peek(at) == 'b' || peek(at) == 'B') ++at;
    if (peek(at) == 'r' || peek(at) == 'R') ++at;
    return peek(at) == '"' || peek(at) == '\'' ? at : std::string_view::npos;
  }

  // Returns the bytes that an escape sequence takes, or 0 where it is none.
  std::size_t escape_size(std::size_t at) const {
    char c = peek(at + 1);
    if (c != '\0' && std::string_view("abfnrtv\"'\\?`").find(c) != std::string_view::npos) return 2;
    auto all = [&](std::size_t count, bool (*fits)(char)) {
      for (std::size_t i = 0; i < count; ++i)
        if (!fits(peek(at + 2 + i))) return false;
      return true;
    };
    if ((c == 'x' || c == 'X') && all(2, is_hex)) return 4;
    if (c == 'u' && all(4, is_hex)) return 6;
    if (c == 'U' && all(8, is_hex)) return 10;
    if (c >= '0' && c <= '3' && all(2, is_octal)) return 4;
    return 0;
  }

  // The character at which an escape sequence breaks off.
  std::size_t broken_escape(std::size_t at) const {
    char c = peek(at + 1);
    bool octal = c >= '0' && c <= '3';
    if (!octal && c != 'x' && c != 'X' && c != 'u' && c != 'U') return at + 1;
    std::size_t end = at + 2;
    while (octal ? is_octal(peek(end)) : is_hex(peek(end))) ++end;
    return end;
  }

  void string(std::size_t quote) {
    char mark = text_[quote];
    bool bytes = text_[begin_] == 'b' || text_[begin_] == 'B';
    bool raw = quote > begin_ && (text_[quote - 1] == 'r' || text_[quote - 1] == 'R');
    bool triple = peek(quote + 1) == mark && peek(quote + 2) == mark;
    // An empty literal where no closing triple follows: "" and then the third quote opens another.
    std::size_t end = closing_quote(quote, mark, raw, triple);
    bool closed = end < text_.size() && text_[end] == mark && !broken_;
    if (!closed && triple) return emit(bytes ? Token::Kind::kBytes : Token::Kind::kString, quote + 2);
    if (!closed) return reject(end + 1);
    emit(bytes ? Token::Kind::kBytes : Token::Kind::kString, end + (triple ? 3 : 1));
  }

  // The first closing mark, or where the literal breaks off.
  std::size_t closing_quote(std::size_t quote, char mark, bool raw, bool triple) {
    broken_ = false;
    std::size_t at = quote + (triple ? 3 : 1);
    while (at < text_.size()) {
      char c = text_[at];
      if (c == mark && (!triple || (peek(at + 1) == mark && peek(at + 2) == mark))) return at;
      if (!triple && (c == '\n' || c == '\r')) return at;
      if (c != '\\' || raw) {
        ++at;
        continue;
      }
      std::size_t size = escape_size(at);
      if (size == 0) {
        broken_ = true;
        return broken_escape(at);
      }
      at += size;
    }
    return at;
  }

  void identifier() {
    std::size_t end = begin_;
    while (is_letter(peek(end)) || is_digit(peek(end))) ++end;
    std::string_view word = text_.substr(begin_, end - begin_);
    emit(word == "true"    ? Token::Kind::kTrue
         : word == "false" ? Token::Kind::kFalse
         : word == "null"  ? Token::Kind::kNull
         : word == "in"    ? Token::Kind::kIn
                           : Token::Kind::kIdentifier,
         end);
  }

  void escaped_identifier() {
    std::size_t end = begin_ + 1;
    auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '/' || c == ' '; };
    while (allowed(peek(end))) ++end;
    if (peek(end) != '`' || end == begin_ + 1) return reject(end + 1);
    emit(Token::Kind::kEscapedIdentifier, end + 1);
  }

  void number() {
    std::size_t end = begin_;
    if (text_[begin_] == '0' && peek(begin_ + 1) == 'x' && is_hex(peek(begin_ + 2))) {
      end += 2;
      while (is_hex(peek(end))) ++end;
      return integer(end);
    }
    while (is_digit(peek(end))) ++end;
    bool fraction = peek(end) == '.' && is_digit(peek(end + 1));
    if (fraction) {
      ++end;
      while (is_digit(peek(end))) ++end;
    }
    std::size_t exponent = exponent_end(end);
    if (fraction || exponent != end) return emit(Token::Kind::kDouble, exponent);
    integer(end);
  }

  void integer(std::size_t end) {
    bool is_unsigned = peek(end) == 'u' || peek(end) == 'U';
    emit(is_unsigned ? Token::Kind::kUint : Token::Kind::kInt, end + (is_unsigned ? 1 : 0));
  }

  std::size_t exponent_end(std::size_t at) const {
    if (peek(at) != 'e' && peek(at) != 'E') return at;
    std::size_t end = at + 1;
    if (peek(end) == '+' || peek(end) == '-') ++end;
    if (!is_digit(peek(end))) return at;
    while (is_digit(peek(end))) ++end;
    return end;
  }

  void symbol() {
    static constexpr std::array<std::string_view, 6> kPairs = {"==", "!=", "<=", ">=", "&&", "||"};
    std::string_view two = text_.substr(begin_, 2);
    if (std::find(kPairs.begin(), kPairs.end(), two) != kPairs.end()) return emit(Token::Kind::kOperator, begin_ + 2);
    char c = text_[begin_];
    if (std::string_view("<>[]{}().,-!?:+*/%").find(c) != std::string_view::npos)
      return emit(Token::Kind::kOperator, begin_ + 1);
    // Half of a pair takes the character behind it along, as a generated lexer does.
    std::size_t end = begin_ + decode_utf8(text_.substr(begin_)).size;
    bool half = c == '&' || c == '|' || c == '=';
    if (half && end < text_.size()) end += decode_utf8(text_.substr(end)).size;
    reject(end);
  }

  std::string_view text_;
  std::vector<Fault>& faults_;
  std::vector<Token> tokens_;
  std::size_t begin_ = 0;
  Offset offset_ = 0;
  bool broken_ = false;  // the last string, by an escape sequence that is none
};

}  // namespace

std::vector<Token> split_tokens(std::string_view text, std::vector<Fault>& faults) { return Lexer(text, faults).run(); }

}  // namespace pawl::cel
