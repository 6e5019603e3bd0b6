#include "core/render/helm_scan.h"

#include <algorithm>
#include <array>
#include <optional>

namespace pawl::render {

namespace {

// Functions of Go's text/template, Sprig and Helm whose result is not a function of chart and values. `date` and its
// kin read the time zone; bcrypt and its kin salt.
constexpr auto kFunctions = std::to_array<std::string_view>(
    {"now",         "date",           "dateInZone",       "date_in_zone",  "dateModify",
     "date_modify", "mustDateModify", "must_date_modify", "htmlDate",      "htmlDateInZone",
     "ago",         "toDate",         "mustToDate",       "durationRound", "uuidv4",
     "shuffle",     "htpasswd",       "bcrypt",           "encryptAES",    "lookup",
     "env",         "expandenv",      "getHostByName"});
constexpr auto kPrefixes = std::to_array<std::string_view>({"rand", "gen"});

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_undecided(std::string_view function) {
  return std::find(kFunctions.begin(), kFunctions.end(), function) != kFunctions.end() ||
         std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view p) { return function.starts_with(p); });
}

struct Token {
  enum class Kind : std::uint8_t { kFunction, kField, kString };
  Kind kind;
  std::string_view text;  // without the dot of a field; of a string what stands between its quotes
  Position at;
};

// Walks over a template and hands out the tokens of its actions.
class Lexer {
 public:
  explicit Lexer(std::string_view text, Position start = {1, 1}) : text_(text), at_(start) {}

  std::optional<Token> next() {
    while (!ended()) {
      if (!inside_) {
        enter_action();
        continue;
      }
      if (starts_with("}}")) {
        inside_ = false;
        advance(2);
      } else if (std::optional<Token> token = inner()) {
        return token;
      }
    }
    return std::nullopt;
  }

 private:
  bool ended() const { return index_ >= text_.size(); }
  bool starts_with(std::string_view what) const { return text_.substr(index_).starts_with(what); }

  void advance(std::size_t count) {
    for (; count > 0 && !ended(); --count) {
      bool line_ends = text_[index_++] == '\n';
      at_ = line_ends ? Position{at_.line + 1, 1} : Position{at_.line, at_.column + 1};
    }
  }
  void advance_to(std::size_t index) { advance(std::min(index, text_.size()) - index_); }

  // Over plain text, to behind the next "{{"; a comment is passed over whole.
  void enter_action() {
    advance_to(text_.find("{{", index_));
    if (ended()) return;
    advance(2);
    std::size_t inner = index_;
    if (starts_with("-") && inner + 1 < text_.size() && is_space(text_[inner + 1]))
      inner = std::min(text_.find_first_not_of(" \t\r\n", inner + 1), text_.size());
    if (!text_.substr(inner).starts_with("/*")) {
      inside_ = true;
      return;
    }
    std::size_t end = text_.find("*/", inner + 2);
    advance_to(end == std::string_view::npos ? text_.size() : end + 2);
    inside_ = true;
  }
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

  std::optional<Token> inner() {
    char c = text_[index_];
    if (c == '"' || c == '\'') return quoted(c);
    if (c == '`') return raw();
    if (c == '.' || c == '$') return field_or_variable(c);
    if (is_word(c)) return Token{Token::Kind::kFunction, word(), word_at_};
    advance(1);
    return std::nullopt;
  }

  std::string_view word() {
    word_at_ = at_;
    std::size_t start = index_;
    std::size_t end = start;
    while (end < text_.size() && is_word(text_[end])) ++end;
    advance_to(end);
    return text_.substr(start, end - start);
  }

  // `.name`, a dot alone, `$name` or `$`.
  std::optional<Token> field_or_variable(char sign) {
    advance(1);
    if (ended() || !is_word(text_[index_])) return std::nullopt;
    std::string_view name = word();
    if (sign == '$') return std::nullopt;
    return Token{Token::Kind::kField, name, word_at_};
  }

  Token quoted(char quote) {
    advance(1);
    std::size_t start = index_;
    Position at = at_;
    std::size_t end = start;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2u : 1u;
    end = std::min(end, text_.size());
    advance_to(end + 1);
    return {Token::Kind::kString, text_.substr(start, end - start), at};
  }

  Token raw() {
    advance(1);
    std::size_t start = index_;
    Position at = at_;
    std::size_t end = std::min(text_.find('`', start), text_.size());
    advance_to(end + 1);
    return {Token::Kind::kString, text_.substr(start, end - start), at};
  }

  std::string_view text_;
  std::size_t index_ = 0;
  Position at_;
  Position word_at_;
  bool inside_ = false;
};

// How deep strings with actions in strings with actions are looked into; `tpl` itself may go deeper, and then the
// comparison of two renderings is what is left.
constexpr int kMostNesting = 8;

void scan(std::string_view text, Position start, int depth, std::vector<TemplateUse>& out) {
  Lexer lexer(text, start);
  while (std::optional<Token> token = lexer.next()) {
    switch (token->kind) {
      case Token::Kind::kFunction:
        if (is_undecided(token->text)) out.push_back({std::string(token->text), token->at});
        break;
      case Token::Kind::kField:
        if (token->text == "Capabilities") out.push_back({".Capabilities", token->at});
        break;
      case Token::Kind::kString:
        if (depth < kMostNesting && token->text.find("{{") != std::string_view::npos)
          scan(token->text, token->at, depth + 1, out);
        // index . "Capabilities" reads the field too.
        if (token->text == "Capabilities") out.push_back({".Capabilities", token->at});
        break;
    }
  }
}

}  // namespace

std::vector<TemplateUse> scan_template(std::string_view text) {
  std::vector<TemplateUse> out;
  scan(text, {1, 1}, 0, out);
  return out;
}

TemplateTraits traits_of(std::string_view text) {
  TemplateTraits traits;
  Lexer lexer(text);
  while (std::optional<Token> token = lexer.next()) {
    bool function = token->kind == Token::Kind::kFunction;
    traits.tpl |= function && token->text == "tpl";
    traits.defines |= function && (token->text == "define" || token->text == "block");
    traits.files |= token->text == "Files";
  }
  return traits;
}

}  // namespace pawl::render
