#include "core/cel/lib/go_regex.h"

#include <re2/re2.h>

#include <algorithm>

namespace pawl::cel::lib {

struct GoRegex::Compiled {
  RE2 expression;
};

namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

RE2::Options options() {
  constexpr std::int64_t kMemory = 64 << 20;  // Go has no such bound; a policy's pattern is far below it
  RE2::Options out;
  out.set_log_errors(false);
  out.set_max_mem(kMemory);
  return out;
}

// Go's word for what RE2 found; empty where Go would not mind.
std::string_view go_fault(RE2::ErrorCode code) {
  switch (code) {
    case RE2::ErrorBadEscape:
      return "invalid escape sequence";
    case RE2::ErrorBadCharClass:
      return "invalid character class";
    case RE2::ErrorBadCharRange:
      return "invalid character class range";
    case RE2::ErrorMissingBracket:
      return "missing closing ]";
    case RE2::ErrorMissingParen:
      return "missing closing )";
    case RE2::ErrorUnexpectedParen:
      return "unexpected )";
    case RE2::ErrorTrailingBackslash:
      return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument:
      return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize:
      return "invalid repeat count";
    case RE2::ErrorRepeatOp:
      return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp:
      return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8:
      return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture:
      return "invalid named capture";
    case RE2::ErrorPatternTooLarge:
      return "expression too large";
    case RE2::NoError:
    case RE2::ErrorInternal:
      break;
  }
  return "regexp/syntax: internal error";
}

Error bad(std::string_view fault, std::string_view argument) {
  return Error(ErrorCode::kInvalid,
               "error parsing regexp: " + std::string(fault) + ": `" + std::string(argument) + "`");
}

// The part of the pattern that is at fault, as Go quotes it.
std::string_view go_argument(const RE2& expression, std::string_view pattern, std::string_view translated) {
  std::string_view argument = expression.error_arg();
  bool parentheses =
      expression.error_code() == RE2::ErrorMissingParen || expression.error_code() == RE2::ErrorUnexpectedParen;
  if (parentheses && argument == translated) return pattern;
  bool lazy = expression.error_code() == RE2::ErrorRepeatSize && argument.ends_with("}?");
  return lazy ? argument.substr(0, argument.size() - 1) : argument;
}

// Walks over a pattern and writes it down as RE2 takes it: named groups without their names.
struct Translator {
  std::string_view pattern;
  std::size_t at = 0;
  std::string out;

  void take(std::size_t length) {
    length = std::min(length, pattern.size() - at);
    out += pattern.substr(at, length);
    at += length;
  }

  void take_quoted() {  // \Q...\E
    std::size_t end = pattern.find("\\E", at);
    take(end == std::string_view::npos ? pattern.size() : end + 2 - at);
  }

  void take_class() {
    take(1);
    if (at < pattern.size() && pattern[at] == '^') take(1);
    if (at < pattern.size() && pattern[at] == ']') take(1);
    while (at < pattern.size() && pattern[at] != ']') {
      bool named = pattern.substr(at).starts_with("[:") && pattern.find(":]", at + 2) != std::string_view::npos;
      if (named)
        take(pattern.find(":]", at + 2) + 2 - at);
      else
        take(pattern[at] == '\\' ? 2 : 1);
    }
    take(1);
  }

  static bool is_name(std::string_view name) {
    auto word = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), word);
  }

  Status take_named_group(std::size_t name_at) {
    if (pattern.size() - at <= name_at)
      return bad("invalid or unsupported Perl syntax", pattern.substr(at, name_at - 1));
    std::size_t end = pattern.find('>', at);
    if (end == std::string_view::npos) return bad("invalid named capture", pattern.substr(at));
    if (!is_name(pattern.substr(at + name_at, end - at - name_at)))
      return bad("invalid named capture", pattern.substr(at, end + 1 - at));
    out += "(?:";  // not "(": what follows must not read as one with it
    at = end + 1;
    return {};
  }

  Status take_next() {
    std::string_view rest = pattern.substr(at);
    if (rest.starts_with("\\C")) return bad("invalid escape sequence", "\\C");
    if (rest.starts_with("\\Q")) {
      take_quoted();
    } else if (rest.starts_with("(?P<")) {
      return take_named_group(4);
    } else if (rest.starts_with("(?<")) {
      return take_named_group(3);
    } else if (rest[0] == '[') {
      take_class();
    } else {
      take(rest[0] == '\\' ? 2 : 1);
    }
    return {};
  }
};

}  // namespace

Result<GoRegex> GoRegex::compile(std::string_view pattern) {
  Translator translator{pattern, 0, {}};
  Status translated;
  while (translated.ok() && translator.at < pattern.size()) translated = translator.take_next();
  auto compiled = std::shared_ptr<const Compiled>(new Compiled{RE2(piece(translator.out), options())});
  const RE2& expression = compiled->expression;
  // What is wrong further to the left comes first; that parentheses are open at a fault is no other one.
  bool open = expression.error_code() == RE2::ErrorMissingParen && expression.error_arg() == translator.out;
  if (!translated.ok() && (expression.ok() || open)) return translated.error();
  if (expression.ok()) return GoRegex(std::move(compiled));
  return bad(go_fault(expression.error_code()), go_argument(expression, pattern, translator.out));
}

std::optional<GoRegex::Match> GoRegex::find(std::string_view text, std::size_t from) const {
  auto within_character = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80;
  };
  re2::StringPiece found;
  while (from <= text.size()) {
    if (!compiled_->expression.Match(piece(text), from, text.size(), RE2::UNANCHORED, &found, 1)) return std::nullopt;
    auto begin = static_cast<std::size_t>(found.data() - text.data());
    if (!within_character(begin)) return Match{begin, begin + found.size()};
    from = begin;  // RE2 sees \B between the bytes of a character, Go does not
    while (within_character(from)) ++from;
  }
  return std::nullopt;
}

}  // namespace pawl::cel::lib
